import type { Versioned } from '../directory/index.ts';
import { isFault, isoDateTime, system } from '../kernel/index.ts';
import { type Draft, entities } from '../model/index.ts';
import type { CallServices } from './call.ts';
import { isTestLane, laneOf, type Webhook, waiting } from './delivery.ts';

const { webhook: webhookType, webhookDelivery: deliveryType } = entities;

/**
 * So long a delivery belongs to the process that tries it, in seconds: longer than the call by more than the clocks of two machines
 * may differ. Whoever dies meanwhile leaves it to the others then.
 */
const leaseSeconds = 60;

type Found = Versioned<typeof deliveryType>;
type Services = Pick<CallServices, 'directory' | 'clock'>;

/** A delivery that is ours to try, with the try counted. */
export interface Claim extends Found {
  /** Undefined: it was deleted. */
  readonly webhook: Webhook | undefined;
}

/** A delivery that waits no more. */
export const over = (state: 'succeeded' | 'failed') => ({ state, nextAttemptDateTime: null, queue: null });

/** Writes only where nobody else has written since. Undefined: somebody has, or it is gone. */
export async function swap(
  { directory }: Pick<Services, 'directory'>,
  { entity, etag }: Pick<Found, 'entity' | 'etag'>,
  change: Draft<typeof deliveryType>,
): Promise<Found | undefined> {
  try {
    return await directory.update(system('webhook delivery'), { type: deliveryType, id: entity.id }, change, etag);
  } catch (error) {
    if (isFault(error, 'store.stale') || isFault(error, 'directory.notFound')) return undefined;
    throw error;
  }
}

/**
 * Counts a try and takes the delivery, by a write that only one of any number of processes succeeds with. Undefined: it is over or not due, its
 * webhook is disabled, or somebody else has it.
 */
export async function claim(services: Services, id: string): Promise<Claim | undefined> {
  const { directory, clock } = services;
  const found = await directory.get({ type: deliveryType, id });
  if (found?.entity.state !== 'pending') return undefined;
  if (Date.parse(found.entity.nextAttemptDateTime ?? '') / 1000 > clock.now()) return undefined;
  const webhook = (await directory.get({ type: webhookType, id: found.entity.webhookId }))?.entity;
  if (webhook?.isEnabled === false && !isTestLane(laneOf(found.entity))) return undefined;
  const now = clock.now();
  const ours = await swap(services, found, {
    attempts: found.entity.attempts + 1,
    lastAttemptDateTime: isoDateTime(now),
    ...waiting(found.entity, now + leaseSeconds),
  });
  // A process that was held up must not call when the claim may pass to another meanwhile.
  const isFresh = clock.now() - now <= leaseSeconds / 2;
  return ours && isFresh ? { ...ours, webhook } : undefined;
}
