import { claimNames } from '../../identity/index.ts';
import { fold } from '../../model/index.ts';
import type { AttributeValue } from '../attributes/read.ts';

/**
 * What an API answered, by the names that tokens have for it: only what the flow returns (b2c contract f.3). `returned`: ids of attributes;
 * none: all.
 */
export function tokenClaimsOf(
  claims: Readonly<Record<string, AttributeValue>>,
  returned: readonly string[],
): Readonly<Record<string, AttributeValue>> {
  const wanted = new Set(returned.map(fold));
  const told = Object.entries(claims).filter(([id]) => wanted.size === 0 || wanted.has(fold(id)));
  return Object.fromEntries(told.flatMap(([id, value]) => claimNames([id]).map((name) => [name, value] as const)));
}

interface Sorted {
  /** By attribute id; for the account. */
  readonly kept: Readonly<Record<string, AttributeValue>>;
  /** By the names that tokens have for it; for the first tokens alone. */
  readonly passing: Readonly<Record<string, AttributeValue>>;
}

/** What the flow does not collect reaches the first tokens and is not kept (b2c contract f.3). `kept`: ids of attributes. */
export function sortClaims(
  claims: Readonly<Record<string, AttributeValue>>,
  { kept, returned }: { readonly kept: readonly string[]; readonly returned: readonly string[] },
): Sorted {
  const entries = Object.entries(claims);
  const others = entries.filter(([id]) => !kept.includes(id));
  return {
    kept: Object.fromEntries(entries.filter(([id]) => kept.includes(id))),
    passing: tokenClaimsOf(Object.fromEntries(others), returned),
  };
}

type Told = Readonly<Record<string, unknown>>;

/** Beside those of an earlier answer. */
export const passingOn = (before: Told | undefined, passing: Told): { readonly tokenClaims?: Told } =>
  Object.keys(passing).length > 0 ? { tokenClaims: { ...before, ...passing } } : {};
