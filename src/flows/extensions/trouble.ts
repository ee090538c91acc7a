import {
  blockPage,
  failurePage,
  mostRetries,
  quoted,
  retryAction,
  troubleFailure,
  troubleWord,
  troubleWordsWith,
} from '../callouts/trouble-page.ts';
import type { Message, Text } from '../screen.ts';
import type { Input, Outcome, StepContext } from '../step.ts';
import type { Block } from './attribute-answers.ts';
import type { CallFailure } from './failure.ts';

/** Message ids of steps that call extensions. */
export const extensionWords: readonly string[] = troubleWordsWith('extension_failed', 'extension_blocked');

/** Kept while the page of a failure is shown. Absent: the person was blocked, for good. */
interface Memo {
  readonly tries: number;
}

/** The code is for the people who run the application. */
export function failureOutcome({ journey: { memo, correlationId } }: StepContext, { code }: CallFailure): Outcome {
  const { tries = 0 } = (memo ?? {}) as Partial<Memo>;
  const message = troubleFailure('extension_failed', { code: String(code), correlationId });
  return { kind: 'show', screen: failurePage(message), memo: { tries: tries + 1 } satisfies Memo };
}

/** The answer to a page of this file; `undefined`: the extension is to be asked once more. */
export function leftOff({ journey }: StepContext, { action }: Input): Outcome | undefined {
  const memo = journey.memo as Memo | undefined;
  if (!memo || action !== retryAction) return { kind: 'refuse', refusal: 'cancelled' };
  return memo.tries < mostRetries ? undefined : { kind: 'refuse', refusal: 'tooManyAttempts' };
}

/** An extension finds fault with what was filled in: on the page that asked, or on one of its own where there is none. */
export const complaintOutcome = (messages: readonly Message[]): Outcome => ({
  kind: 'back',
  messages,
  screen: blockPage(messages),
});

/** What ends or holds up the way, whatever event it was. */
export const troubleOutcome = (
  context: StepContext,
  came: ({ readonly kind: 'block' } & Block) | ({ readonly kind: 'failed' } & CallFailure),
): Outcome => (came.kind === 'block' ? blockOutcome(came) : failureOutcome(context, came));

/** An extension has said that the person cannot go on, in the words of the administrator where it has some. */
function blockOutcome({ title, message }: Block): Outcome {
  const heading: Text = title === undefined ? troubleWord('connector_blocked_heading') : { literal: title };
  const why: Message = message === undefined ? troubleFailure('extension_blocked') : quoted(message);
  return { kind: 'show', screen: blockPage([why], heading) };
}
