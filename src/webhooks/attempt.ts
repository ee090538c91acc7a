import { isFault, isoDateTime, system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { type Called, type CallServices, call, isTaken } from './call.ts';
import { claim, over, swap } from './claim.ts';
import { type Delivery, type Webhook, waiting } from './delivery.ts';
import { nextTry, patienceSeconds } from './schedule.ts';

/** A delivery that was tried. `dropped`: nobody was called, since the webhook is gone. */
export interface Tried extends Pick<Delivery, 'webhookId' | 'event' | 'attempts'> {
  readonly outcome: 'taken' | 'refused' | 'givenUp' | 'dropped';
}

/** What the webhook says of its receiver from now on; undefined: the same as before. */
function healthAfter({ failingSinceDateTime: since }: Webhook, called: Called, now: number) {
  if (isTaken(called)) return since === null ? undefined : { failingSinceDateTime: null };
  const isTired = since !== null && Date.parse(since) / 1000 + patienceSeconds <= now;
  const disabledReason = called.lastStatusCode === 410 ? 'gone' : isTired ? 'failing' : undefined;
  const failing = { failingSinceDateTime: since ?? isoDateTime(now) };
  if (disabledReason) return { ...failing, isEnabled: false, disabledReason };
  return since === null ? failing : undefined;
}

/** Says in the webhook whether its receiver answers, and gives up one that has been silent for too long or wants no more. */
async function noteHealth({ directory, clock, observe }: CallServices, webhook: Webhook, called: Called) {
  const patch = healthAfter(webhook, called, clock.now());
  if (!patch) return;
  try {
    await directory.update(system('webhook health'), { type: entities.webhook, id: webhook.id }, patch);
  } catch (error) {
    if (!isFault(error, 'directory.notFound')) {
      observe({ kind: 'warning', message: 'What a webhook came to was not noted.', error });
    }
  }
}

/**
 * One try of one delivery: claimed, made, and what it came to written down if the claim still stands. Undefined: it was not for us to make, or
 * the server stops.
 */
export async function attempt(services: CallServices, id: string): Promise<Tried | undefined> {
  const { clock, stopping } = services;
  const claimed = await claim(services, id);
  if (!claimed) return undefined;
  const { entity: delivery, webhook } = claimed;
  const { attempts, webhookId, event } = delivery;
  if (!webhook) {
    await swap(services, claimed, { ...over('failed'), lastFailure: 'webhookRemoved' });
    return { webhookId, event, attempts, outcome: 'dropped' };
  }
  const called = await call(services, delivery, webhook);
  const taken = isTaken(called);
  if (stopping.aborted && !taken) {
    // Nobody's fault: whoever comes next makes the call at once.
    await swap(services, claimed, { ...waiting(delivery, clock.now()), attempts: attempts - 1 });
    return undefined;
  }
  const again = taken ? undefined : nextTry(attempts, clock.now());
  const next = again === undefined ? over(taken ? 'succeeded' : 'failed') : waiting(delivery, again);
  await swap(services, claimed, { ...called, ...next });
  await noteHealth(services, webhook, called);
  return { webhookId, event, attempts, outcome: taken ? 'taken' : again === undefined ? 'givenUp' : 'refused' };
}
