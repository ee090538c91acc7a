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
