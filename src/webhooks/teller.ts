import type { Directory } from '../directory/index.ts';
import type { Clock, Observe } from '../kernel/index.ts';
import { type Draft, entities } from '../model/index.ts';
import type { IdentityEvent } from './events.ts';
import { createSubscriptions, entriesFor } from './subscriptions.ts';

/** Tells of what no write of the directory tells of. Never waits and never fails; a process that is killed within moments loses it. */
export type Tell = (event: IdentityEvent) => void;

export function createTeller(services: {
  readonly directory: Directory;
  readonly clock: Clock;
  readonly observe: Observe;
  /** Something waits to be delivered. */
  readonly due: () => void;
}): Tell {
  const { directory, clock, observe, due } = services;
  const subscriptions = createSubscriptions(() => directory);

  async function write(event: IdentityEvent): Promise<void> {
    const happening = { tenantId: directory.tenant.id, now: clock.now(), correlationId: null };
    const entries = entriesFor(await subscriptions(), event, happening);
    if (entries.length === 0) return;
    const drafts: readonly Draft<typeof entities.webhookDelivery>[] = entries.map(({ values }) => values);
    await directory.append(entities.webhookDelivery, drafts);
    due();
  }

  return (event) => {
    write(event).catch((error: unknown) =>
      observe({ kind: 'warning', message: `The event ${event.event} was not written down for webhooks.`, error }),
    );
  };
}
