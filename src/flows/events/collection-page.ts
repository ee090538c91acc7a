import type { PrepareContext } from '../../directory/index.ts';
import { type EntityOf, type EntityType, type entities, fold, type Ref } from '../../model/index.ts';
import { faults } from './faults.ts';

type Flow = EntityOf<typeof entities.externalUsersSelfServiceSignUpEventsFlow>;
export type AttributeCollection = NonNullable<Flow['onAttributeCollection']>;
type Page = NonNullable<AttributeCollection['attributeCollectionPage']>;
type Input = Page['views'][number]['inputs'][number];

/** The inputs that a draft names, view by view; undefined when it names no page. */
export function inputsOf(handler: Partial<AttributeCollection> | null | undefined): readonly Input[] | undefined {
  const page: Partial<Page> | null | undefined = handler?.attributeCollectionPage;
  return page?.views?.flatMap(({ inputs }) => inputs ?? []);
}

/** Each input once, and each as it can be shown. Throws `flows.repeatedInput`, `flows.badPattern`, `flows.repeatedOption`. */
export function demandInputs(inputs: readonly Input[], target: string): void {
  const seen = new Set<string>();
  for (const { attribute, validationRegEx, options = [] } of inputs) {
    if (seen.has(fold(attribute))) throw faults.repeatedInput({ attribute, target });
    seen.add(fold(attribute));
    if (validationRegEx && !isPattern(validationRegEx)) throw faults.badPattern({ attribute, target });
    const values = options.map(({ value }) => value);
    const value = values.find((one, index) => values.indexOf(one) !== index);
    if (value !== undefined) throw faults.repeatedOption({ attribute, value, target });
  }
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** Throws `flows.unassignedInput` for an input whose attribute is not among the assigned ones. */
export function demandAssigned(inputs: readonly Input[], assigned: readonly string[], target: string): void {
  const known = new Set(assigned.map(fold));
  const unknown = inputs.find(({ attribute }) => !known.has(fold(attribute)));
  if (unknown) throw faults.unassignedInput({ attribute: unknown.attribute, handler: target, target });
}

/** The ids a reference will lead to after the write: those it names, else those that are linked. */
export async function targetsAfter(
  navigation: string,
  { links, current, type, reader, within }: PrepareContext<EntityType>,
): Promise<readonly string[]> {
  const named = links[navigation];
  if (named || !current) return named ?? [];
  const source: Ref = { type, id: current.id, ...(within ? { within } : {}) };
  return (await reader.linked([source], navigation)).flat().map(({ id }) => id);
}
