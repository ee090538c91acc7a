import { behaviour, type PrepareContext } from '../../directory/index.ts';
import { type Draft, type EntityOf, entities } from '../../model/index.ts';
import { plainConditions } from './conditions.ts';
import { faults } from './faults.ts';
import { attributesKept, demandPage, demandProvider } from './handlers.ts';

const type = entities.authenticationEventListener;
type ListenerDraft = Draft<typeof type>;

/** Graph contract c.7. */
const maxListeners = 250;

/** Throws `flows.unknownEventsFlow`. */
async function demandFlow({ authenticationEventsFlowId: id }: ListenerDraft, context: PrepareContext<typeof type>) {
  if (!id || (await context.reader.get({ type: entities.authenticationEventsFlow, id }))) return;
  throw faults.unknownEventsFlow({ id, target: 'authenticationEventsFlowId' });
}

/** What every listener of the second generation keeps to (Graph contract a.8, b.12). */
const everyListener = behaviour({
  type,
  async prepare(draft: ListenerDraft, context: PrepareContext<typeof type>): Promise<ListenerDraft> {
    await demandFlow(draft, context);
    const conditions = plainConditions(draft.conditions);
    return conditions === undefined ? draft : { ...draft, conditions };
  },
  atMost: { maximum: maxListeners, full: faults.tooManyListeners },
});

/** The published page of the conditions asks for it. */
const tokenIssuanceListener = behaviour({
  type: entities.onTokenIssuanceStartListener,
  async check({ conditions }: EntityOf<typeof entities.onTokenIssuanceStartListener>): Promise<void> {
    if (conditions?.applications?.includeAllApplications !== true) return;
    throw faults.allApplications({ target: 'conditions/applications/includeAllApplications' });
  },
});

type MethodDraft = Draft<typeof entities.onAuthenticationMethodLoadStartListener>;

const methodListener = behaviour({
  type: entities.onAuthenticationMethodLoadStartListener,
  async prepare(
    draft: MethodDraft,
    context: PrepareContext<typeof entities.onAuthenticationMethodLoadStartListener>,
  ): Promise<MethodDraft> {
    await demandProvider(draft.handler, 'handler', context);
    return draft;
  },
});

type CollectionDraft = Draft<typeof entities.onAttributeCollectionListener>;

const collectionListener = behaviour({
  type: entities.onAttributeCollectionListener,
  async prepare(
    draft: CollectionDraft,
    context: PrepareContext<typeof entities.onAttributeCollectionListener>,
  ): Promise<CollectionDraft> {
    await demandPage(draft.handler, 'handler', context);
    return draft;
  },
  relink: async ({ handler }: CollectionDraft) => attributesKept(handler, 'handler'),
});

export const eventListenerRules = [everyListener, tokenIssuanceListener, methodListener, collectionListener];
