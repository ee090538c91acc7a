import { behaviour, type PrepareContext } from '../../directory/index.ts';
import { type Draft, type EntityOf, entities, fold } from '../../model/index.ts';
import type { Row } from '../../store/index.ts';
import { faults } from '../faults.ts';

type FlowDraft = Draft<typeof entities.identityUserFlow>;
type Flow = EntityOf<typeof entities.identityUserFlow>;

/** The type of a stored flow. */
export const typeOfFlow = ({ values }: Row): Flow['userFlowType'] => values['userFlowType'] as Flow['userFlowType'];

/** What the id of each kind of flow begins with (Graph contract c.1, e rows 15, 16). */
const prefixes: ReadonlyMap<string, string> = new Map([
  ['b2cIdentityUserFlow', 'B2C_1_'],
  ['b2xIdentityUserFlow', 'B2X_1_'],
]);

/** Characters of a flow's name without its prefix (Graph contract e row 100). */
const nameMaxLength = 64;
/** User flows of a tenant (b2c contract k). */
const maximumFlows = 200;

const beginsWith = (id: string, prefix: string): boolean => fold(id).startsWith(fold(prefix));

/** Sent without the prefix or with it, in any case; stored with it once. The prefix of another kind is a mistake. */
function prefixed(id: string, prefix: string): string {
  const name = beginsWith(id, prefix) ? id.slice(prefix.length) : id;
  const foreign = [...prefixes.values()].find((other) => other !== prefix && beginsWith(name, other));
  if (foreign !== undefined) throw faults.otherPrefix({ id, prefix: foreign, target: 'id' });
  if (!/^[a-z0-9_]+$/i.test(name) || name.length > nameMaxLength) {
    throw faults.badFlowId({ id, maximum: nameMaxLength, target: 'id' });
  }
  return `${prefix}${name}`;
}

/** Ids and number of user flows of every kind. */
export const userFlowRules = behaviour({
  type: entities.identityUserFlow,
  async prepare(
    draft: FlowDraft,
    { verb, type }: PrepareContext<typeof entities.identityUserFlow>,
  ): Promise<FlowDraft> {
    const prefix = prefixes.get(type.name);
    if (verb !== 'create' || draft.id === undefined || prefix === undefined) return draft;
    return { ...draft, id: prefixed(draft.id, prefix) };
  },
  atMost: { maximum: maximumFlows, full: faults.tooManyFlows },
});
