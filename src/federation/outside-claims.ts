/** What providers write about people, before anything is made of it. */

import { entities, type Property } from '../model/index.ts';
import { failed, type Reading } from './oauth2-answer.ts';
import type { ForeignPerson } from './provider.ts';

/** Whoever a provider's API says that it is. */
export type Identified = Omit<ForeignPerson, 'issuer' | 'accessToken'>;

/** UTF-16 units of an attribute that is no property of `user`, such as those that a tenant has made (b2c contract h.1); of an address RFC 5321 §4.5.3.1.3. */
const longestOther = 256;
const longestAddress = 254;

/** Something on both sides of one `@`: whether it leads anywhere, only a letter can tell. */
const address = /^[^\s@]+@[^\s@]+$/;

const properties: Readonly<Record<string, Property<unknown> | undefined>> = entities.user.properties;

/** UTF-16 units that the directory keeps of an attribute. */
function longestOf(attributeId: string): number {
  if (attributeId === 'email') return longestAddress;
  const type = properties[attributeId]?.type;
  return type?.kind === 'string' && type.maxLength !== undefined ? type.maxLength : longestOther;
}

/**
 * A provider's own name for a person as text: letters, digits, `.`, `-` and `_`, so never an address. A number has to be exact in JSON
 * (RFC 8259 §6). `undefined`: it names nobody.
 */
export function subjectIn(value: unknown): string | undefined {
  const text = typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? String(value) : value;
  return typeof text === 'string' && /^[\w.-]{1,256}$/.test(text) ? text : undefined;
}

/**
 * By attribute id those that are one line of text, and of addresses those that look like one. All others are absent, also the ones that are longer than the directory keeps: half of a
 * name or an address is a wrong one, and a person can be asked.
 */
export function claimsIn(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const texts = Object.entries(values).flatMap(([id, value]) => {
    const text = typeof value === 'string' ? value.trim() : '';
    const isText = text.length <= longestOf(id) && text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
    const isFit = isText && (id !== 'email' || address.test(text));
    return text === '' || !isFit ? [] : [[id, text] as const];
  });
  return Object.fromEntries(texts);
}

/** `values`: by attribute id. `isProved`: what the provider says of the address, as it came. */
export function identified(
  subject: unknown,
  values: Readonly<Record<string, unknown>>,
  isProved: unknown = false,
): Reading<Identified> {
  const issuerAssignedId = subjectIn(subject);
  if (issuerAssignedId === undefined) return failed('it is not named');
  const claims = claimsIn(values);
  return { kind: 'read', value: { issuerAssignedId, claims, isEmailVerified: 'email' in claims && isProved === true } };
}
