import type { CollectedAttribute } from './collected-attribute.ts';
import type { Complaint } from './complaint.ts';
import { type AttributeValue, readAttribute } from './read.ts';

/** What a form held, by attribute id: only what was filled in. */
export interface FormReading {
  readonly values: Readonly<Record<string, AttributeValue>>;
  readonly complaints: readonly Complaint[];
}

/** Reads the fields of all attributes of a page. `typed`: by claim. */
export function readAttributes(
  attributes: readonly CollectedAttribute[],
  typed: Readonly<Record<string, string>>,
): FormReading {
  const complaints: Complaint[] = [];
  const values: Record<string, AttributeValue> = {};
  for (const attribute of attributes) {
    const { id, claim: field } = attribute;
    const reading = readAttribute(attribute, typed[field] ?? '');
    if (reading.kind !== 'read') {
      const summary = reading.kind === 'missing' ? 'error_requiredFieldMissing' : 'error_fieldIncorrect';
      complaints.push({ field, summary, texts: [reading.error] });
    } else if (reading.value !== undefined) values[id] = reading.value;
  }
  return { values, complaints };
}

/** The attributes that a page has a field for. */
export const shownOn = (attributes: readonly CollectedAttribute[]): readonly CollectedAttribute[] =>
  attributes.filter(({ isHidden }) => !isHidden);

/**
 * What the fields hold, by claim: what was sent, else what they held before. What a person cannot change on the page stays as it was, or as
 * the administrator has set it, whatever was sent.
 */
export function typedIn(
  attributes: readonly CollectedAttribute[],
  sent: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept = attributes.flatMap(({ claim, preset, isHidden, isFixed }) => {
    const held = before[claim] ?? preset;
    const isOwn = isHidden === true || (isFixed === true && held !== undefined && held !== '');
    const value = isOwn ? held : (sent[claim] ?? before[claim]);
    return value === undefined ? [] : [[claim, value] as const];
  });
  return Object.fromEntries(kept);
}
