import { type ChangeCache, createChangeCache, type Directory, type Witness, type Written } from '../directory/index.ts';
import type { Caller, Clock } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { maximumWebhooks } from './behaviours.ts';
import { entryOf, type Webhook } from './delivery.ts';
import { eventsOf } from './events.ts';

export interface WebhookWitnessServices {
  /** The one that is attended; asked for when it is open. */
  readonly directory: () => Directory;
  readonly clock: Clock;
  /** Something waits to be delivered. */
  readonly due: () => void;
}

type Subscriptions = readonly Pick<Webhook, 'id' | 'events'>[];

function correlationOf(caller: Caller, { row: { values } }: Written): string | null {
  const asking = caller.kind === 'system' ? caller.onBehalfOf : caller;
  if (asking && asking.kind !== 'system') return asking.correlationId ?? null;
  const { correlationId } = values;
  return typeof correlationId === 'string' ? correlationId : null;
}

/** Writes a delivery for each webhook that wants to know of a write into the commit of the write. */
export function createWebhookWitness({ directory, clock, due }: WebhookWitnessServices): Witness {
  let cache: ChangeCache<Subscriptions> | undefined;

  const load = async (): Promise<Subscriptions> => {
    const { items } = await directory().find({ type: entities.webhook, limit: maximumWebhooks });
    return items.flatMap(({ entity }) => (entity.isEnabled ? [{ id: entity.id, events: entity.events }] : []));
  };

  async function subscriptions(): Promise<Subscriptions> {
    cache ??= createChangeCache<Subscriptions>(directory(), { types: [entities.webhook], capacity: 1, load });
    return (await cache.get('all')) ?? [];
  }

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
          const entries = eventsOf(written, caller).flatMap((event) =>
            webhooks
              .filter(({ events }) => events.includes(event.event))
              .map(({ id }) => entryOf(id, event, happening)),
          );
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
