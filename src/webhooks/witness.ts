import type { Directory, Witness, Written } from '../directory/index.ts';
import type { Caller, Clock } from '../kernel/index.ts';
import { eventsOf } from './events.ts';
import { createSubscriptions, entriesFor } from './subscriptions.ts';

export interface WebhookWitnessServices {
  /** The one that is attended; asked for when it is open. */
  readonly directory: () => Directory;
  readonly clock: Clock;
  /** Something waits to be delivered. */
  readonly due: () => void;
}

function correlationOf(caller: Caller, { row: { values } }: Written): string | null {
  const asking = caller.kind === 'system' ? caller.onBehalfOf : caller;
  if (asking && asking.kind !== 'system') return asking.correlationId ?? null;
  const { correlationId } = values;
  return typeof correlationId === 'string' ? correlationId : null;
}

/** Writes a delivery for each webhook that wants to know of a write into the commit of the write. */
export function createWebhookWitness({ directory, clock, due }: WebhookWitnessServices): Witness {
  const subscriptions = createSubscriptions(directory);

  return {
    async attend() {
      const webhooks = await subscriptions();
      if (webhooks.length === 0) return undefined;
      let isTold = false;
      return {
        entriesOf(written, caller) {
          const happening = {
            tenantId: directory().tenant.id,
            now: clock.now(),
            correlationId: correlationOf(caller, written),
          };
          const entries = eventsOf(written, caller).flatMap((event) => entriesFor(webhooks, event, happening));
          isTold ||= entries.length > 0;
          return entries;
        },
        committed() {
          if (isTold) due();
        },
      };
    },
  };
}
