import type { DataType, InputType } from './collected-attribute.ts';

/** Input types that offer a list to choose from. */
export const selectInputs: readonly InputType[] = ['radioSingleSelect', 'dropdownSingleSelect', 'checkboxMultiSelect'];

/** Which inputs make sense for a type of value. A yes-or-no question in a text box is asked as one to choose from. */
export const inputsOf: Readonly<Record<DataType, readonly InputType[]>> = {
  string: ['textBox', 'emailBox', 'dateTimeDropdown', ...selectInputs],
  boolean: ['textBox', ...selectInputs],
  int64: ['textBox', 'radioSingleSelect', 'dropdownSingleSelect'],
  dateTime: ['textBox', 'dateTimeDropdown'],
  stringCollection: ['textBox', 'checkboxMultiSelect'],
};

const yes = /^(true|1|yes)$/i;
const no = /^(false|0|no)$/i;

/** `undefined` for a text that says neither. */
export function booleanOf(text: string): boolean | undefined {
  if (yes.test(text)) return true;
  return no.test(text) ? false : undefined;
}

/**
 * Whole numbers; `NaN` for other text. Values travel as JSON numbers (Graph contract d.7), so one beyond ±(2^53 − 1) would
 * silently change on the way, although `Edm.Int64` goes further: it is `undefined`.
 */
export function integerOf(text: string): number | undefined {
  if (!/^[+-]?\d{1,30}$/.test(text)) return Number.NaN;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) return undefined;
  return value === 0 ? 0 : value;
}
