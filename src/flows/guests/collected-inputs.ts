import type { EntityOf, entities } from '../../model/index.ts';
import { fold } from '../../model/index.ts';
import { type Assignment, type Attribute, type Collection, collect, type Offers } from '../attributes/collect.ts';
import type { CollectedAttribute, InputType } from '../attributes/collected-attribute.ts';
import type { Text } from '../screen.ts';

type EventsFlow = EntityOf<typeof entities.externalUsersSelfServiceSignUpEventsFlow>;
type Page = NonNullable<NonNullable<EventsFlow['onAttributeCollection']>['attributeCollectionPage']>;
type PageInput = Page['views'][number]['inputs'][number];

/** What the page of an events flow asks for, and what it says above. */
export interface CollectionPage extends Collection {
  readonly heading?: Text;
  readonly intro?: Text;
}

/** Of a text input the type of value decides more than the page does (Graph contract a.8). */
const inputTypes: Readonly<Record<PageInput['inputType'], InputType>> = {
  text: 'textBox',
  radioSingleSelect: 'radioSingleSelect',
  checkboxMultiSelect: 'checkboxMultiSelect',
  checkboxSingleSelect: 'checkboxMultiSelect',
  boolean: 'checkboxMultiSelect',
  unknownFutureValue: 'textBox',
};

const plainInput = (attribute: string): PageInput => ({
  attribute,
  label: '',
  inputType: 'text',
  defaultValue: null,
  hidden: false,
  editable: true,
  writeToDirectory: true,
  required: false,
  validationRegEx: null,
  options: [],
});

const assignmentOf = ({ attribute: id, label, inputType, required, defaultValue, options }: PageInput): Assignment => ({
  id,
  displayName: label,
  isOptional: required !== true,
  requiresVerification: true,
  userInputType: inputTypes[inputType],
  userAttributeValues: options.map(({ label: name, value }) => ({ name, value, isDefault: value === defaultValue })),
});

function withInput(attribute: CollectedAttribute, input: PageInput): CollectedAttribute {
  const { defaultValue, hidden, editable, writeToDirectory, validationRegEx } = input;
  return {
    ...attribute,
    ...(defaultValue ? { preset: defaultValue } : {}),
    ...(hidden === true ? { isHidden: true, required: false } : {}),
    ...(editable === false ? { isFixed: true } : {}),
    ...(writeToDirectory === false ? { isUnwritten: true } : {}),
    ...(validationRegEx ? { pattern: validationRegEx } : {}),
  };
}

const literal = (text: string | null | undefined): Text | undefined =>
  text?.trim() ? { literal: text.trim() } : undefined;

/**
 * What an events flow asks newcomers for: the inputs of its page in their order, and without a page every attribute it collects. `attributes`:
 * those that are linked to it.
 */
export function collectInputs(flow: EventsFlow, attributes: readonly Attribute[], offers: Offers): CollectionPage {
  const views = flow.onAttributeCollection?.attributeCollectionPage?.views ?? [];
  const stated = views.flatMap(({ inputs }) => inputs);
  const inputs = stated.length > 0 ? stated : attributes.map(({ id }) => plainInput(id));
  const collection = collect(inputs.map(assignmentOf), attributes, offers);
  const inputOf = new Map(inputs.map((input) => [fold(input.attribute), input]));
  const heading = literal(views[0]?.title);
  const intro = literal(views[0]?.description);
  return {
    ...collection,
    // An address is asked for where the page shows a field for it: the person who has none there has told it already.
    asksEmail: collection.asksEmail && inputOf.get('email')?.hidden !== true,
    attributes: collection.attributes.map((one) => withInput(one, inputOf.get(fold(one.id)) ?? plainInput(one.id))),
    ...(heading ? { heading } : {}),
    ...(intro ? { intro } : {}),
  };
}
