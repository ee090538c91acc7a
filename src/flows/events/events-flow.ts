import { behaviour, type CheckContext, type PrepareContext } from '../../directory/index.ts';
import { type Draft, type EntityOf, entities, type Filter, fold } from '../../model/index.ts';
import { appIdsOf, plainConditions } from './conditions.ts';
import { faults } from './faults.ts';
import { attributesKept, demandPage, demandProvider } from './handlers.ts';

const type = entities.authenticationEventsFlow;
type Flow = EntityOf<typeof type>;
type FlowDraft = Draft<typeof type>;

const signUpType = entities.externalUsersSelfServiceSignUpEventsFlow;
type SignUpDraft = Draft<typeof signUpType>;
type SignUpContext = PrepareContext<typeof signUpType>;

/** A bound of ours: none is documented. */
const maxFlows = 250;

/** An application belongs to one flow at most (Graph contract c.7). Throws `flows.applicationTaken`. */
async function demandFree({ id, applications }: Flow, { reader }: CheckContext): Promise<void> {
  if (applications.length === 0) return;
  const appIds = applications.map(({ appId }) => appId);
  const where: Filter = { op: 'in', path: ['appId'], values: appIds };
  const { items } = await reader.find({ type, filter: { op: 'any', path: ['applications'], where }, limit: 2 });
  const other = items.find((flow) => fold(flow.id) !== fold(id));
  if (!other) return;
  const theirs = new Set((other.values as Partial<Flow>).applications?.map(({ appId }) => fold(appId)));
  const appId = appIds.find((one) => theirs.has(fold(one)));
  throw faults.applicationTaken({ appId, flow: other.id, target: 'conditions' });
}

/** What every events flow keeps to. */
export const eventsFlowRules = behaviour({
  type,
  async prepare(draft: FlowDraft): Promise<FlowDraft> {
    const conditions = plainConditions(draft.conditions);
    if (conditions === undefined) return draft;
    const appIds = appIdsOf(conditions);
    return { ...draft, conditions, ...(appIds ? { applications: appIds.map((appId) => ({ appId })) } : {}) };
  },
  atMost: { maximum: maxFlows, full: faults.tooManyEventsFlows },
  check: demandFree,
});

const collection = 'onAttributeCollection';

/**
 * Attributes are collected from the beginning, or from when the first is added as a reference (Graph contract c.8). Throws
 * `flows.lateHandler`, `flows.fixedHandler`.
 */
function demandSameCollection({ onAttributeCollection: given }: SignUpDraft, { current }: SignUpContext): void {
  if (given === undefined || !current) return;
  const before = current.onAttributeCollection;
  if (given && !before) throw faults.lateHandler({ handler: collection, target: collection });
  if (!given && before) throw faults.fixedHandler({ handler: collection, target: collection });
}

/** What else the declaration of a sign-up flow cannot express (Graph contract a.8, b.12). */
export const signUpEventsFlowRules = behaviour({
  type: signUpType,
  async prepare(draft: SignUpDraft, context: SignUpContext): Promise<SignUpDraft> {
    demandSameCollection(draft, context);
    await demandProvider(draft.onAuthenticationMethodLoadStart, 'onAuthenticationMethodLoadStart', context);
    await demandPage(draft.onAttributeCollection, collection, context);
    return draft;
  },
  relink: async ({ onAttributeCollection }: SignUpDraft) => attributesKept(onAttributeCollection, collection),
});
