import {
  type BuiltIn,
  type BuiltInContext,
  behaviour,
  type CheckContext,
  type OperationCall,
  type PrepareContext,
} from '../../directory/index.ts';
import { emailAttribute } from '../../identity/index.ts';
import { type Draft, entities, fold } from '../../model/index.ts';
import type { StoreReader } from '../../store/index.ts';
import type { Assignment, Attribute } from '../attributes/collect.ts';
import type { InputType } from '../attributes/collected-attribute.ts';
import { booleanOf, inputsOf, integerOf, selectInputs } from '../attributes/fit.ts';
import { faults } from '../faults.ts';

const assignmentType = entities.identityUserFlowAttributeAssignment;

type AssignmentDraft = Draft<typeof assignmentType>;
type Context = PrepareContext<typeof assignmentType>;

/** With the address and two passwords still fewer fields than one form may have. */
const maximumAssignments = 90;

async function attributeOf(reader: StoreReader, id: string): Promise<Pick<Attribute, 'id' | 'dataType'>> {
  const row = await reader.get({ type: entities.identityUserFlowAttribute, id });
  if (!row) throw faults.unknownAttribute({ id, target: 'userAttribute' });
  return { id: row.id, dataType: row.values['dataType'] as Attribute['dataType'] };
}

/** Throws `flows.badInputType`. */
function checkInput({ id, dataType }: Pick<Attribute, 'id' | 'dataType'>, userInputType: InputType): void {
  const known = dataType === 'unknownFutureValue' ? 'string' : dataType;
  const allowed: readonly InputType[] = fold(id) === emailAttribute ? ['emailBox', 'textBox'] : inputsOf[known];
  if (allowed.includes(userInputType)) return;
  throw faults.badInputType({ userInputType, dataType, allowed: allowed.join(', '), target: 'userInputType' });
}

/** What is wrong with the values to choose from; `undefined` when they can be offered (Graph contract a.3). */
function flawOf(
  { userInputType, userAttributeValues }: Assignment,
  dataType: Attribute['dataType'],
): string | undefined {
  if (userAttributeValues.length === 0) return undefined;
  if (!selectInputs.includes(userInputType)) return `they can be given for ${selectInputs.join(', ')} only`;
  const stored = userAttributeValues.map(({ name, value }) => value ?? name ?? '');
  if (stored.some((value) => value.trim() === '')) return 'each needs a value';
  if (stored.some((value) => value !== value.trim())) return 'a value begins or ends with a space';
  if (new Set(stored).size < stored.length) return 'two of them have the same value';
  const several = userInputType === 'checkboxMultiSelect';
  if (!several && userAttributeValues.filter(({ isDefault }) => isDefault).length > 1)
    return 'only one can be the default';
  // Several ticked values are stored as one text, separated by commas.
  if (several && stored.some((value) => value.includes(','))) return 'a value for checkboxMultiSelect has a comma';
  return stored.every((value) => fits(value, dataType)) ? undefined : `a value is not of type ${dataType}`;
}

function fits(value: string, dataType: Attribute['dataType']): boolean {
  if (dataType === 'boolean') return booleanOf(value) !== undefined;
  return dataType !== 'int64' || Number.isSafeInteger(integerOf(value));
}

/**
 * Nothing is built in here: what is stored is told in the order of `setOrder`, which is the flow's, and what that does not name follows
 * as it was assigned.
 */
async function inOrder({ within, reader }: BuiltInContext): Promise<readonly BuiltIn[]> {
  if (!within) return [];
  const order = (await reader.get(within.parent))?.values['assignmentOrder'];
  if (!Array.isArray(order) || order.length === 0) return [];
  const { items } = await reader.find({ type: assignmentType, within: [within], limit: 999 });
  const stored = new Map(items.map((row) => [fold(row.id), row]));
  return order.flatMap((named) => {
    const row = stored.get(fold(String(named)));
    return row ? { id: row.id, values: row.values } : [];
  });
}

/** Ids of the assignments of a flow, the first to be asked for first. */
async function orderAt({ directory, within }: OperationCall): Promise<readonly string[]> {
  const { items } = await directory.find({ type: assignmentType, ...(within ? { within: [within] } : {}), limit: 999 });
  return items.map(({ entity }) => entity.id);
}

/** The order is kept by the flow, so that it changes at once. Throws `flows.badOrder` unless each assignment is named once. */
async function setOrder(call: OperationCall): Promise<void> {
  const { order } = call.parameters['newAssignmentOrder'] as { readonly order: readonly string[] };
  const assigned = new Map((await orderAt(call)).map((id) => [fold(id), id]));
  const named = new Set(order.map(fold));
  const whole = order.length === assigned.size && named.size === assigned.size;
  if (!call.within || !whole || [...named].some((id) => !assigned.has(id))) throw faults.badOrder();
  const assignmentOrder = order.map((id) => assigned.get(fold(id)) ?? id);
  await call.directory.update(call.trusted, call.within.parent, { assignmentOrder });
}

/** An assignment is named after its attribute, in the spelling it was assigned with (Graph contract c.1). */
export const assignmentRules = behaviour({
  type: assignmentType,
  builtIn: inOrder,
  async prepare(draft: AssignmentDraft, { verb, links }: Context): Promise<AssignmentDraft> {
    if (verb === 'update') {
      // A list to choose from belongs to the input that showed it.
      const { userInputType, userAttributeValues } = draft;
      const typed = userInputType !== undefined && !selectInputs.includes(userInputType);
      return typed && userAttributeValues === undefined ? { ...draft, userAttributeValues: [] } : draft;
    }
    const id = links['userAttribute']?.[0] ?? draft.id;
    if (id === undefined) throw faults.attributeMissing({ target: 'userAttribute' });
    return { ...draft, id };
  },
  atMost: { maximum: maximumAssignments, full: faults.tooManyAssignments },
  async check(next: Assignment, context: CheckContext): Promise<void> {
    const attribute = await attributeOf(context.reader, next.id);
    checkInput(attribute, next.userInputType);
    const reason = flawOf(next, attribute.dataType);
    if (reason !== undefined) throw faults.badValues({ reason, target: 'userAttributeValues' });
  },
  operations: {
    getOrder: async (call: OperationCall) => ({ order: await orderAt(call) }),
    setOrder,
  },
});
