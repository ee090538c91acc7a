import { fold } from '../../model/index.ts';
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

/** Why a text cannot be kept as the value of an attribute, whoever says it; `undefined`: it can. `maxLength`: characters. */
export function flawOfText(
  { id, maxLength }: { readonly id: string; readonly maxLength: number },
  text: string,
): 'tooLong' | 'notAllowedCharacters' | undefined {
  if ([...text].length > maxLength) return 'tooLong';
  const hasMarkup = fold(id) === 'displayname' && /[<>]/.test(text);
  return hasMarkup || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text) ? 'notAllowedCharacters' : undefined;
}

/** `2001-02-03`, a day the calendar has (RFC 3339 full-date). */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

const momentForm = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2}))?$/i;

/** A day, or one with a time of it (RFC 3339 full-date, date-time), as the directory keeps it; `undefined`: it is neither. */
export function momentOf(text: string): string | undefined {
  const isMoment = momentForm.test(text) && isDay(text.slice(0, 10)) && !Number.isNaN(Date.parse(text));
  return isMoment ? new Date(text).toISOString().replace('.000Z', 'Z') : undefined;
}
