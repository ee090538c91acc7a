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
