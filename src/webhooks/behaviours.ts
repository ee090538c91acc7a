import { type Behaviour, behaviour, type OperationCall, type PrepareContext } from '../directory/index.ts';
import { flawOfOutsideUrl, isFault, isoDateTime } from '../kernel/index.ts';
import { type Draft, entities, everyPage, type Filter } from '../model/index.ts';
import { type Delivery, deliveryOf, waiting } from './delivery.ts';
import { faults } from './faults.ts';
import { secretBytes } from './signature.ts';

const { webhook, webhookDelivery } = entities;

/** Of one tenant. Each is a row in the commit of what it is told of. */
export const maximumWebhooks = 10;
/** Deliveries that one call sends again. */
const mostReplayed = 1000;

type WebhookDraft = Draft<typeof webhook>;

function checkDraft({ targetUrl, signingSecret, events }: WebhookDraft): void {
  const flaw = targetUrl === undefined ? undefined : flawOfOutsideUrl(targetUrl);
  if (flaw !== undefined) throw faults.badTargetUrl({ target: 'targetUrl', flaw });
  if (typeof signingSecret === 'string' && !secretBytes(signingSecret)) {
    throw faults.badSecret({ target: 'signingSecret' });
  }
  if (events?.length === 0) throw faults.noEvents({ target: 'events' });
  if (events?.includes('test')) throw faults.sampleOnly({ target: 'events' });
}

/** The way to send a delivery again, from the beginning of the schedule. Throws `store.stale` when it was tried meanwhile. */
async function waitAgain(
  { directory, trusted, clock }: Pick<OperationCall, 'directory' | 'trusted' | 'clock'>,
  delivery: Delivery,
  etag: string,
) {
  const draft = { ...waiting(delivery, clock.now()), attempts: 0 };
  return directory.update(trusted, { type: webhookDelivery, id: delivery.id }, draft, etag);
}

function spanOf({ target, parameters }: OperationCall<typeof webhook>): Filter {
  const { since, until, state } = parameters as { since: string; until?: string | null; state?: string | null };
  const time = ['createdDateTime'];
  return {
    op: 'and',
    terms: [
      { op: 'eq', path: ['webhookId'], value: target?.entity.id ?? '' },
      { op: 'ge', path: time, value: since },
      ...(until ? [{ op: 'le', path: time, value: until } as const] : []),
      ...(state ? [{ op: 'eq', path: ['state'], value: state } as const] : []),
    ],
  };
}

async function replayAll(call: OperationCall<typeof webhook>): Promise<number> {
  const { directory } = call;
  const order = [{ path: ['createdDateTime'], descending: false }];
  const query = { type: webhookDelivery, filter: spanOf(call), order };
  const found: { readonly etag: string; readonly entity: Delivery }[] = [];
  for await (const page of everyPage(
    (one: Parameters<typeof directory.find<typeof webhookDelivery>>[0]) => directory.find(one),
    query,
  )) {
    found.push(...page.filter(({ entity }) => entity.state !== 'pending'));
    if (found.length > mostReplayed) throw faults.tooManyToReplay({ maximum: mostReplayed });
  }
  let replayed = 0;
  for (const { entity, etag } of found) {
    try {
      await waitAgain(call, entity, etag);
      replayed += 1;
    } catch (error) {
      // Somebody else has sent it again, or it is too old by now.
      if (!isFault(error, 'store.stale') && !isFault(error, 'directory.notFound')) throw error;
    }
  }
  return replayed;
}

/** The rules of webhooks. `due`: something waits to be delivered. */
export function webhookBehaviours(due: () => void): readonly Behaviour[] {
  return [
    behaviour({
      type: webhook,
      atMost: { maximum: maximumWebhooks, full: faults.tooManyWebhooks },
      async prepare(draft: WebhookDraft, { verb, clock }: PrepareContext<typeof webhook>): Promise<WebhookDraft> {
        checkDraft(draft);
        const events = draft.events ? { events: [...new Set(draft.events)] } : {};
        if (verb === 'create') return { ...draft, ...events, createdDateTime: isoDateTime(clock.now()) };
        const anew = draft.isEnabled ? { disabledReason: null, failingSinceDateTime: null } : {};
        return { ...draft, ...events, ...anew };
      },
      operations: {
        async test({ target, directory, trusted, tenant, clock }: OperationCall<typeof webhook>) {
          const id = target?.entity.id ?? '';
          const event = { event: 'test', data: { webhookId: id } } as const;
          const draft = deliveryOf(id, event, { tenantId: tenant.id, now: clock.now(), correlationId: null });
          const delivery = await directory.create(trusted, webhookDelivery, draft);
          due();
          return delivery;
        },
        async replay(call: OperationCall<typeof webhook>) {
          const replayed = await replayAll(call);
          due();
          return replayed;
        },
      },
    }),
    behaviour({
      type: webhookDelivery,
      operations: {
        async replay(call: OperationCall<typeof webhookDelivery>) {
          const { target } = call;
          try {
            const waits = target && (await waitAgain(call, target.entity, target.etag));
            due();
            return waits;
          } catch (error) {
            if (isFault(error, 'store.stale')) throw faults.replayMissed({}, error);
            throw error;
          }
        },
      },
    }),
  ];
}
