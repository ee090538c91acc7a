/** What providers write about people, before anything is made of it. */

import { failed, type Reading } from './oauth2-answer.ts';
import type { ForeignPerson } from './provider.ts';

/** Whoever a provider's API says that it is. */
export type Identified = Omit<ForeignPerson, 'issuer' | 'accessToken'>;

/** Characters of one claim; longer ones are left out. */
const longest = 1_024;

/**
 * A provider's own name for a person as text: letters, digits, `.`, `-` and `_`, so never an address. A number has to be exact in JSON
 * (RFC 8259 §6). `undefined`: it names nobody.
 */
export function subjectIn(value: unknown): string | undefined {
  const text = typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? String(value) : value;
  return typeof text === 'string' && /^[\w.-]{1,256}$/.test(text) ? text : undefined;
}

/** Those that are one line of text; all others are absent. */
export function claimsIn(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const texts = Object.entries(values).flatMap(([id, value]) => {
    const text = typeof value === 'string' ? value.trim() : '';
    return text === '' || text.length > longest || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text) ? [] : [[id, text] as const];
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
