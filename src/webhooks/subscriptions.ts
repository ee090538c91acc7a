import { type ChangeCache, createChangeCache, type Directory, type LogEntry } from '../directory/index.ts';
import { entities } from '../model/index.ts';
import { maximumWebhooks } from './behaviours.ts';
import { deliveryOf, type Webhook } from './delivery.ts';
import type { IdentityEvent } from './events.ts';

/** The enabled webhooks of a tenant. */
export type Subscriptions = readonly Pick<Webhook, 'id' | 'events'>[];

/** Read again only when a webhook has changed, since every write asks. */
export function createSubscriptions(
  directory: () => Pick<Directory, 'find' | 'onChange'>,
): () => Promise<Subscriptions> {
  let cache: ChangeCache<Subscriptions> | undefined;

  async function load(): Promise<Subscriptions> {
    const { items } = await directory().find({ type: entities.webhook, limit: maximumWebhooks });
    return items.flatMap(({ entity: { id, events, isEnabled } }) => (isEnabled ? [{ id, events }] : []));
  }

  return async () => {
    cache ??= createChangeCache<Subscriptions>(directory(), { types: [entities.webhook], capacity: 1, load });
    return (await cache.get('all')) ?? [];
  };
}

/** A delivery of the event for everybody who wants to know. */
export const entriesFor = (
  webhooks: Subscriptions,
  event: IdentityEvent,
  happening: Parameters<typeof deliveryOf>[2],
): readonly LogEntry[] =>
  webhooks
    .filter(({ events }) => events.includes(event.event))
    .map(({ id }) => ({ type: entities.webhookDelivery, values: deliveryOf(id, event, happening) }));
