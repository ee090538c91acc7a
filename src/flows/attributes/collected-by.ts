import { type EntityOf, type EntityType, entities, restore } from '../../model/index.ts';
import type { Row, StoreReader } from '../../store/index.ts';
import { type Collection, collect } from './collect.ts';

/** More assignments than a flow can have. */
const limit = 999;

const entityIn = <E extends EntityType>(type: E, { id, values }: Row): EntityOf<E> =>
  ({ id, ...restore(type, values) }) as EntityOf<E>;

/** What a stored flow asks a new user for, as a rule sees it. */
export async function collectedBy(flow: Row, reader: StoreReader): Promise<Collection> {
  const { identityUserFlow, identityUserFlowAttribute, identityUserFlowAttributeAssignment } = entities;
  const parent = { type: identityUserFlow, id: flow.id };
  const within = [{ parent, navigation: 'userAttributeAssignments' }];
  const assignments = await reader.find({ type: identityUserFlowAttributeAssignment, within, limit });
  const values = assignments.items.map(({ id }) => id);
  if (values.length === 0) return collect([], []);
  const filter = { op: 'in', path: ['id'], values } as const;
  const attributes = await reader.find({ type: identityUserFlowAttribute, filter, limit });
  return collect(
    assignments.items.map((row) => entityIn(identityUserFlowAttributeAssignment, row)),
    attributes.items.map((row) => entityIn(identityUserFlowAttribute, row)),
  );
}
