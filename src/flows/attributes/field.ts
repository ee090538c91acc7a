import type { Field, Text } from '../screen.ts';
import { autocompleteOf } from './built-in.ts';
import type { CollectedAttribute } from './collected-attribute.ts';

const inputs: Readonly<Record<CollectedAttribute['inputType'], Field['input']>> = {
  textBox: 'text',
  emailBox: 'email',
  dateTimeDropdown: 'date',
  radioSingleSelect: 'radio',
  dropdownSingleSelect: 'dropdown',
  checkboxMultiSelect: 'checkboxes',
};

function inputOf({ dataType, inputType }: CollectedAttribute): Field['input'] {
  if (inputType !== 'textBox') return inputs[inputType];
  if (dataType === 'dateTime') return 'date';
  return dataType === 'int64' ? 'number' : 'text';
}

/** The form field of an attribute. `typed` undefined: not yet asked, so the administrator's default is chosen. */
export function fieldOf(attribute: CollectedAttribute, typed: string | undefined, errors: readonly Text[]): Field {
  const { id, claim, label, required, maxLength, choices, isFixed } = attribute;
  const input = inputOf(attribute);
  const value = typed ?? defaultOf(attribute);
  const autocomplete = autocompleteOf(id, choices.length > 0);
  return {
    name: claim,
    input,
    label,
    required,
    ...(value === '' ? {} : { value }),
    ...(isFixed && value !== '' ? { readOnly: true } : {}),
    ...(autocomplete === undefined ? {} : { autocomplete }),
    ...(input === 'text' || input === 'email' ? { maxLength } : {}),
    ...(choices.length === 0 ? {} : { choices: choices.map((one) => ({ value: one.value, label: one.label })) }),
    ...(errors.length === 0 ? {} : { errors }),
  };
}

function defaultOf({ choices, inputType, preset }: CollectedAttribute): string {
  if (preset !== undefined) return preset;
  const chosen = choices.filter(({ isDefault }) => isDefault).map(({ value }) => value);
  return inputType === 'checkboxMultiSelect' ? chosen.join(',') : (chosen[0] ?? '');
}
