import { wordsOf } from '../page-words.ts';
import type { Message, Screen, Text } from '../screen.ts';
import type { Outcome, StepContext } from '../step.ts';
import type { Block } from './attribute-answers.ts';
import type { CallFailure } from './failure.ts';

const page = 'selfasserted';
const { word, failure, cancel } = wordsOf(page);

/** Message ids of these screens. */
export const troubleWords: readonly string[] = [
  'connector_failed_heading',
  'extension_failed',
  'connector_retry',
  'connector_blocked_heading',
  'extension_blocked',
  'button_cancel',
].map((name) => `${page}.${name}`);

/** One page without fields: what is wrong, and whether the same can be tried again. */
const screenOf = (heading: Text, messages: readonly Message[], mayRetry: boolean): Screen => ({
  id: page,
  heading,
  messages,
  fields: [],
  actions: [
    ...(mayRetry ? [{ name: 'continue', label: word('connector_retry'), style: 'primary' } as const] : []),
    cancel,
  ],
});

/** A call failed: nothing is lost, and the same call can be made again. The code is for the people who run the application. */
export function failureOutcome({ journey: { correlationId } }: StepContext, { code }: CallFailure): Outcome {
  const message = failure('extension_failed', { code: String(code), correlationId });
  return { kind: 'show', screen: screenOf(word('connector_failed_heading'), [message], true) };
}

/** An API finds fault with what was filled in, and no page is left on which it could be set right. */
export const complaintScreen = (messages: readonly Message[]): Screen =>
  screenOf(word('connector_blocked_heading'), messages, false);

/** An API has said that the person cannot go on, in the words of the administrator where it has some. */
export function blockOutcome({ title, message }: Block): Outcome {
  const heading: Text = title === undefined ? word('connector_blocked_heading') : { literal: title };
  const text: Text = message === undefined ? word('extension_blocked') : { literal: message };
  return { kind: 'show', screen: screenOf(heading, [{ tone: 'error', text }], false) };
}
