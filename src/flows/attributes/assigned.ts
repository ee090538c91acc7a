import type { Directory, Versioned } from '../../directory/index.ts';
import { entities } from '../../model/index.ts';
import type { Assignment, Attribute } from './collect.ts';

const { identityUserFlow, identityUserFlowAttribute, identityUserFlowAttributeAssignment } = entities;

type Reader = Pick<Directory, 'find'>;

/** What was assigned to a flow, in its order; more than a flow can have are not read. */
export async function assignmentsOf(
  directory: Reader,
  { type, entity }: Versioned<typeof identityUserFlow>,
): Promise<readonly Assignment[]> {
  const navigation = 'userAttributeAssignments';
  if (!(navigation in type.navigations)) return [];
  const { items } = await directory.find({
    type: identityUserFlowAttributeAssignment,
    within: [{ parent: { type, id: entity.id }, navigation }],
    limit: 999,
  });
  return items.map((item) => item.entity);
}

/** The attributes that assignments name, as far as there are such. */
export async function attributesOf(
  directory: Reader,
  assignments: readonly Pick<Assignment, 'id'>[],
): Promise<readonly Attribute[]> {
  if (assignments.length === 0) return [];
  const values = assignments.map(({ id }) => id);
  const filter = { op: 'in', path: ['id'], values } as const;
  const { items } = await directory.find({ type: identityUserFlowAttribute, filter, limit: values.length });
  return items.map(({ entity }) => entity);
}
