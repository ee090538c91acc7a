import { attributeMaxLength, emailAttribute } from '../../identity/index.ts';
import { type EntityOf, type entities, fold } from '../../model/index.ts';
import type { Country } from '../age/countries.ts';
import type { Text } from '../screen.ts';
import { attributeWords } from './built-in.ts';
import type { Choice, CollectedAttribute, DataType, InputType } from './collected-attribute.ts';
import { selectInputs } from './fit.ts';

export type Attribute = EntityOf<typeof entities.identityUserFlowAttribute>;
/** What can be chosen for attributes, by claim id, folded: `Name` is shown, `Value` stored. */
export type Choices = ReadonlyMap<string, readonly { readonly Name: string; readonly Value: string }[]>;

/** What a flow offers for one language. */
export interface Offers {
  /** In place of what assignments say. */
  readonly choices?: Choices;
  /** For the attribute `country`, where it is one to choose and the flow has no values of its own (b2c contract h.1). */
  readonly countries?: readonly Country[];
}

export type Assignment = EntityOf<typeof entities.identityUserFlowAttributeAssignment>;

/** What a flow asks a new user for. */
export interface Collection {
  /** The sign-in address; a local account always has one, assigned or not. */
  readonly email: { readonly label: Text; readonly proof: boolean };
  /** The address is among what was assigned: people without a local account are asked for it too. */
  readonly asksEmail: boolean;
  /** The others, in the order of their assignments. */
  readonly attributes: readonly CollectedAttribute[];
}

/**
 * Joins assignments with the attributes they name; one whose attribute is gone is left out. Without an assignment of
 * `email` its proof is on: `requiresVerification: false` is the way to switch it off (b2c contract d.2).
 */
export function collect(
  assignments: readonly Assignment[],
  attributes: readonly Attribute[],
  offers: Offers = {},
): Collection {
  const known = new Map(attributes.map((attribute) => [fold(attribute.id), attribute]));
  const taken = new Set<string>([emailAttribute]);
  const pairs = assignments.flatMap((assignment) => {
    const attribute = known.get(fold(assignment.id));
    return attribute ? [{ assignment, attribute }] : [];
  });
  const email = pairs.find(({ attribute }) => fold(attribute.id) === emailAttribute);
  return {
    email: {
      label: email ? labelOf(email.assignment, email.attribute) : { id: `attribute.${emailAttribute}` },
      proof: email?.assignment.requiresVerification ?? true,
    },
    asksEmail: email !== undefined,
    attributes: pairs
      .filter((pair) => pair !== email)
      .map((pair) => collected(pair.assignment, pair.attribute, taken, offers)),
  };
}

function collected(given: Assignment, attribute: Attribute, taken: Set<string>, offers: Offers): CollectedAttribute {
  const claim = claimOf(attribute.id, taken);
  const assignment = withCountries(withChoices(given, offers.choices?.get(fold(claim))), offers.countries);
  const dataType: DataType = attribute.dataType === 'unknownFutureValue' ? 'string' : attribute.dataType;
  const inputType = inputTypeOf(assignment, dataType);
  return {
    id: attribute.id,
    claim,
    label: labelOf(assignment, attribute),
    required: !assignment.isOptional,
    inputType,
    dataType,
    maxLength: attributeMaxLength(attribute.id),
    choices: choicesOf(assignment, inputType, dataType),
  };
}

/** What is chosen before anybody chooses stays so. */
function withChoices(assignment: Assignment, items: ReturnType<Choices['get']>): Assignment {
  if (!items) return assignment;
  const defaults = new Set(usable(assignment.userAttributeValues).flatMap((one) => (one.isDefault ? [one.value] : [])));
  const userAttributeValues = items.map(({ Name, Value }) => ({
    name: Name,
    value: Value,
    isDefault: defaults.has(Value),
  }));
  return { ...assignment, userAttributeValues };
}

function withCountries(assignment: Assignment, countries: readonly Country[] = []): Assignment {
  const { id, userInputType, userAttributeValues } = assignment;
  const asks = fold(id) === 'country' && userInputType === 'dropdownSingleSelect';
  if (!asks || usable(userAttributeValues).length > 0) return assignment;
  return {
    ...assignment,
    userAttributeValues: countries.map(({ code, name }) => ({ name, value: code, isDefault: false })),
  };
}

/** A label the administrator wrote is shown as written; the catalogue's own label of a built-in attribute is translated. */
function labelOf({ displayName }: Assignment, attribute: Attribute): Text {
  const written = displayName?.trim() || attribute.displayName;
  const id = `attribute.${attribute.id}`;
  const own = attribute.userFlowAttributeType !== 'builtIn' || fold(written) !== fold(attribute.displayName);
  return own || !attributeWords.includes(id) ? { literal: written } : { id };
}

/** `extension_{32 hex digits}_Name` → `extension_Name`; the full id when another attribute of the flow has that name. */
function claimOf(id: string, taken: Set<string>): string {
  const short = id.replace(/^extension_[0-9a-f]{32}_/i, 'extension_');
  const claim = taken.has(fold(short)) ? id : short;
  taken.add(fold(claim));
  return claim;
}

/** A list to choose from that has nothing to choose becomes a text box; a yes-or-no question is always one to choose from. */
function inputTypeOf({ userInputType, userAttributeValues }: Assignment, dataType: DataType): InputType {
  if (dataType === 'boolean') return selectInputs.includes(userInputType) ? userInputType : 'radioSingleSelect';
  return selectInputs.includes(userInputType) && usable(userAttributeValues).length === 0 ? 'textBox' : userInputType;
}

function choicesOf({ userAttributeValues }: Assignment, inputType: InputType, dataType: DataType): readonly Choice[] {
  if (!selectInputs.includes(inputType)) return [];
  const given = usable(userAttributeValues);
  if (given.length > 0 || dataType !== 'boolean') return given;
  const [yes, no] = [choice('true', { id: 'attribute.yes' }), choice('false', { id: 'attribute.no' })];
  return inputType === 'checkboxMultiSelect' ? [yes] : [yes, no];
}

const choice = (value: string, label: Text, isDefault = false): Choice => ({ value, label, isDefault });

/** The label stands for a value left out, and the other way round. */
function usable(values: Assignment['userAttributeValues']): readonly Choice[] {
  return values.flatMap(({ name, value, isDefault }) => {
    const stored = value ?? name ?? '';
    return stored === '' ? [] : [choice(stored, { literal: name || stored }, isDefault)];
  });
}
