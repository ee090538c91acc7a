import type { StepContext } from '../step.ts';
import type { Action } from './answer.ts';
import type { ExtensionEvent } from './event.ts';
import type { CallFailure } from './failure.ts';
import { type Circumstances, requestBody } from './request.ts';
import type { Subscription } from './subscriptions.ts';

/** Who is called on an event of this journey; undefined: nobody listens. */
export const listening = (
  { extensions, journey: { client, flowId } }: StepContext,
  event: ExtensionEvent,
): Promise<Subscription | undefined> => extensions.at(event, { appId: client.appId, flowId });

/** Says in the record of the journey what a call came to, and why it failed in words for whoever writes the API. */
export function noteCall(
  context: StepContext,
  { event, listenerId, extension }: Subscription,
  came: { readonly kind: 'done'; readonly action: string } | CallFailure,
): void {
  const whom = { listener: listenerId, extension: extension?.id ?? '' };
  context.note(
    came.kind === 'failed'
      ? { what: event, came: 'failed', because: { ...whom, code: came.code, reason: came.sentence } }
      : { what: event, came: came.action, because: whom },
  );
}

/**
 * Asks the extension and reads what its action means. `read` refuses what it cannot take; either way the record is told, without a value of
 * the request or the answer.
 */
export async function askExtension<R extends { readonly kind: string }>(
  context: StepContext,
  subscription: Subscription,
  {
    own = {},
    circumstances = {},
    read,
  }: {
    /** What only this event sends. */
    readonly own?: Readonly<Record<string, unknown>>;
    readonly circumstances?: Circumstances;
    readonly read: (action: Action) => R | CallFailure;
  },
): Promise<R | CallFailure> {
  const body = await requestBody(context, subscription, own, circumstances);
  const called = await context.extensions.call(subscription, body, context.journey.sender);
  const came = called.kind === 'failed' ? called : read(called);
  const isFailed = (one: R | CallFailure): one is CallFailure => one.kind === 'failed' && 'code' in one;
  noteCall(
    context,
    subscription,
    isFailed(came) ? came : { kind: 'done', action: called.kind === 'action' ? called.name : '' },
  );
  return came;
}
