import { attributeOf, type ProfileEdit, type ProfileValue, type User } from '../../identity/index.ts';
import type { CollectedAttribute } from '../attributes/collected-attribute.ts';
import type { Complaint } from '../attributes/complaint.ts';
import { readAttributes } from '../attributes/form.ts';
import { presented, withPresent } from '../attributes/present.ts';

/** What the person saw and has typed; kept between the screens of the step. */
export interface Entries {
  /** Stored values by attribute id; absent: there was none. */
  readonly before: Readonly<Record<string, ProfileValue>>;
  /** By claim; a field not yet shown is absent. */
  readonly typed: Readonly<Record<string, string>>;
}

export const presentOf = (attributes: readonly CollectedAttribute[], user: User): Entries['before'] =>
  Object.fromEntries(
    attributes.flatMap(({ id }) => {
      const value = attributeOf(user, id);
      return value === undefined ? [] : [[id, value] as const];
    }),
  );

/** What the field of an attribute holds before anything is typed. */
export const shownOf = (attribute: CollectedAttribute, { before }: Entries): string =>
  presented(attribute, before[attribute.id]);

/** The attribute as it is asked of this person. */
export const askedOf = (attribute: CollectedAttribute, entries: Entries): CollectedAttribute =>
  withPresent(attribute, shownOf(attribute, entries));

/** A field that was left as it was is not looked at, unless it must be filled in: what is stored need not fit today's rules. */
const isTouched = (attribute: CollectedAttribute, entries: Entries): boolean => {
  const typed = (entries.typed[attribute.claim] ?? '').trim();
  return typed !== shownOf(attribute, entries) || (attribute.required && typed === '');
};

/** What is to be written, or what is wrong. */
export function readEdits(
  attributes: readonly CollectedAttribute[],
  entries: Entries,
): { readonly edits: readonly ProfileEdit[]; readonly complaints: readonly Complaint[] } {
  const touched = attributes.filter((one) => isTouched(one, entries)).map((one) => askedOf(one, entries));
  const { values, complaints } = readAttributes(touched, entries.typed);
  const edits = touched
    .map(({ id }): ProfileEdit => ({ id, before: entries.before[id], after: values[id] }))
    .filter(({ before, after }) => before !== after);
  return { edits, complaints };
}
