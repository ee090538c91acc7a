import type { Input } from '../flows/index.ts';
import { joinPhone } from './phone.ts';

/** Form fields that are the page's own and never reach a step. */
export const own = { csrf: 'csrf', revision: 'revision', action: 'action' } as const;

/** Names of the parts of a date; no claim id has a dot. */
export const datePart = (name: string, part: 'day' | 'month' | 'year'): string => `${name}.${part}`;

/** Names of the two controls of a phone number. */
export const phonePart = (name: string, part: 'country' | 'number'): string => `${name}.${part}`;

/** Name of one box of a group of checkboxes; `undefined` for the marker that says that the group was shown. */
export const checkboxName = (name: string, index?: number): string =>
  index === undefined ? `${name}.choice` : `${name}.choice.${index}`;

const shape = /^(?<name>[^.]+)\.(?<part>day|month|year|choice|country|number)(?:\.\d{1,3})?$/;

/** `7` → `07`; what is no number stays as it is, for the step to refuse. */
const twoDigits = (part: string): string => (/^\d$/.test(part) ? `0${part}` : part);

/** `2001-02-03` (RFC 3339 full-date); empty when nothing was filled in. */
function date(parts: ReadonlyMap<string, string>): string {
  const { day = '', month = '', year = '' } = Object.fromEntries(parts);
  return day + month + year === '' ? '' : `${year}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** The value of a field that several controls make up. */
function joined(parts: ReadonlyMap<string, string>): string {
  if (!parts.has('number')) return date(parts);
  return joinPhone({ country: parts.get('country') ?? '', number: parts.get('number') ?? '' });
}

/**
 * What the person sent, as a step reads it: the parts of a date and of a phone number become one value, the ticked boxes of a
 * group a list separated by commas, as B2C stores them.
 */
export function toInput(form: ReadonlyMap<string, string>): Input {
  const values = new Map<string, string>();
  const composed = new Map<string, Map<string, string>>();
  for (const [field, sent] of form) {
    if (field === own.csrf || field === own.revision || field === own.action) continue;
    const { name, part } = shape.exec(field)?.groups ?? {};
    if (name === undefined || part === undefined) values.set(field, sent);
    else if (part === 'choice') values.set(name, [values.get(name) ?? '', sent].filter((one) => one !== '').join(','));
    else composed.set(name, (composed.get(name) ?? new Map()).set(part, sent.trim()));
  }
  for (const [name, parts] of composed) values.set(name, joined(parts));
  return { action: form.get(own.action) ?? '', values: Object.fromEntries(values) };
}
