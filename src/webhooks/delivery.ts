import { type EpochSeconds, isoDateTime } from '../kernel/index.ts';
import type { Draft, EntityOf, entities } from '../model/index.ts';
import type { IdentityEvent } from './events.ts';

export type Delivery = EntityOf<typeof entities.webhookDelivery>;
export type Webhook = EntityOf<typeof entities.webhook>;

/** What waits for one receiver, in the order of the time it is due. Samples have a lane of their own, so that they wait for nothing else. */
export const laneOf = ({ webhookId, event }: Pick<Delivery, 'webhookId' | 'event'>): string =>
  event === 'test' ? `${webhookId}.test` : webhookId;

export const webhookIdOf = (lane: string): string => lane.slice(0, 36);

export const isTestLane = (lane: string): boolean => lane.length > 36;

/** Comes after every entry of the lane and before the next lane. */
export const endOf = (lane: string): string => `${lane}0`;

export const laneIn = (queue: string): string => queue.slice(0, queue.indexOf('/'));

/** The properties of a delivery that waits until then. */
export function waiting(
  delivery: Pick<Delivery, 'webhookId' | 'event'>,
  at: EpochSeconds,
): Pick<Delivery, 'state' | 'nextAttemptDateTime' | 'queue'> {
  const nextAttemptDateTime = isoDateTime(at);
  return { state: 'pending', nextAttemptDateTime, queue: `${laneOf(delivery)}/${nextAttemptDateTime}` };
}

interface Happening {
  readonly tenantId: string;
  readonly now: EpochSeconds;
  readonly correlationId: string | null;
}

/** One event as it goes to one receiver, due at once. */
export function deliveryOf(
  webhookId: string,
  { event, data }: IdentityEvent,
  { tenantId, now, correlationId }: Happening,
): Draft<typeof entities.webhookDelivery> {
  const timestamp = isoDateTime(now);
  const payload = JSON.stringify({ type: event, timestamp, tenantId, correlationId, data });
  return { createdDateTime: timestamp, webhookId, event, payload, ...waiting({ webhookId, event }, now) };
}
