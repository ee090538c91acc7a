import { setTimeout as wait } from 'node:timers/promises';
import { type Draft, entities } from '../model/index.ts';
import type { CallServices } from './call.ts';
import type { IdentityEvent } from './events.ts';
import { createSubscriptions, entriesFor } from './subscriptions.ts';
import type { Tasks } from './tasks.ts';

/** Tells of what no write of the directory tells of. Never waits and never fails; a process that is killed meanwhile loses it. */
export type Tell = (event: IdentityEvent) => void;

/** Until an event is written down: whoever caused it must not learn from the time of the answer that somebody is told. */
const delayMilliseconds = 500;

type Services = Pick<CallServices, 'directory' | 'clock' | 'observe' | 'stopping'>;

/** `due`: something waits to be delivered. */
export function createTeller({ directory, clock, observe, stopping }: Services, tasks: Tasks, due: () => void): Tell {
  const subscriptions = createSubscriptions(() => directory);

  async function write(event: IdentityEvent, now: number): Promise<void> {
    // A server that stops writes at once; that is all that can go wrong with waiting.
    await wait(delayMilliseconds, undefined, { signal: stopping }).catch(() => undefined);
    const happening = { tenantId: directory.tenant.id, now, correlationId: null };
    const entries = entriesFor(await subscriptions(), event, happening);
    if (entries.length === 0) return;
    const drafts: readonly Draft<typeof entities.webhookDelivery>[] = entries.map(({ values }) => values);
    await directory.append(entities.webhookDelivery, drafts);
    due();
  }

  return (event) => {
    const written = write(event, clock.now()).catch((error: unknown) =>
      observe({ kind: 'warning', message: `The event ${event.event} was not written down for webhooks.`, error }),
    );
    tasks.watch(written);
  };
}
