import type { Directory } from '../directory/index.ts';
import type { Caller } from '../kernel/index.ts';
import { entities, fold } from '../model/index.ts';
import { emailAttribute } from './built-in.ts';
import { faults } from './faults.ts';
import { nameless, propertyOf } from './registration.ts';
import { undisturbed } from './undisturbed.ts';
import type { User } from './user.ts';

export type ProfileValue = string | number | boolean;

/** One attribute of a person, by attribute id. */
export interface ProfileEdit {
  readonly id: string;
  /** What the person saw. */
  readonly before: ProfileValue | undefined;
  /** Undefined: it is to have no value any more. */
  readonly after: ProfileValue | undefined;
}

/** `overtaken`: one of the values has been changed by somebody else since the person saw it; nothing was written. */
export type ProfileChanged =
  | { readonly kind: 'changed' | 'overtaken'; readonly user: User }
  | { readonly kind: 'gone' };

/** What a person's attribute holds now; undefined: nothing. Throws `identity.unknownAttribute`. */
export function attributeOf(user: User, attributeId: string): ProfileValue | undefined {
  const members: Readonly<Record<string, unknown>> = { ...user };
  const value = members[propertyOf(attributeId)];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

/**
 * Writes the attributes that differ from what the person saw, and no others, at once. Throws `identity.busy`,
 * `identity.unknownAttribute`, and what the rules of users throw.
 */
export async function changeProfile(
  directory: Directory,
  caller: Caller,
  userId: string,
  edits: readonly ProfileEdit[],
): Promise<ProfileChanged> {
  const ref = { type: entities.user, id: userId };
  const patch = Object.fromEntries(edits.flatMap(written));
  return undisturbed(async () => {
    const found = await directory.get(ref);
    if (!found?.entity.accountEnabled) return { kind: 'gone' };
    const { entity: user, etag } = found;
    const overtaken = edits.some(({ id, before, after }) => ![before, after].includes(attributeOf(user, id)));
    if (overtaken) return { kind: 'overtaken', user };
    if (edits.length === 0) return { kind: 'changed', user };
    return { kind: 'changed', user: (await directory.update(caller, ref, patch, etag)).entity };
  });
}

function written({ id, before, after }: ProfileEdit): readonly (readonly [string, ProfileValue | null])[] {
  const property = propertyOf(id);
  // A name to sign in with is no attribute to edit.
  if (fold(property) === emailAttribute) throw faults.unknownAttribute({ id });
  if (after === before) return [];
  return [[property, after ?? (property === 'displayName' ? nameless : null)]];
}
