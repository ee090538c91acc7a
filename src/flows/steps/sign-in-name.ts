import type { NameKind } from '../../identity/index.ts';
import type { Text } from '../screen.ts';
import { looksLikePhone } from './phone-number.ts';

/** Letters, digits, `_` and `-`, the first one a letter or digit (b2c contract h.2). */
export const userNamePattern = /^[a-zA-Z0-9]+[a-zA-Z0-9_-]*$/;

/** Characters of a name that are looked at: no account has a longer one. */
export const nameMaxLength = 320;

/**
 * As what a name is read, by its looks alone: nobody learns by it whether there is such an account. `undefined`: it can be none of the
 * names in use. Digits alone are a user name where there are user names.
 */
export function readName(typed: string, names: readonly NameKind[]): NameKind | undefined {
  const as = (kind: NameKind): boolean => names.includes(kind);
  if (typed.includes('@')) return as('email') ? 'email' : names.find((kind) => kind === 'userName');
  if (as('userName') && userNamePattern.test(typed)) return 'userName';
  if (as('phone') && looksLikePhone(typed)) return 'phone';
  return as('userName') ? 'userName' : undefined;
}

/** The field for the name: element ids of the b2c contract (e.1), and a label for every combination. */
export function nameFieldOf(
  page: string,
  names: readonly NameKind[],
  email: Text,
): { readonly name: string; readonly input: 'email' | 'text' | 'phone'; readonly label: Text } {
  const [only, ...others] = names;
  if (others.length > 0) {
    return { name: 'logonIdentifier', input: 'text', label: { id: `${page}.${labelOf(names)}` } };
  }
  if (only === 'email') return { name: 'email', input: 'email', label: email };
  return only === 'phone'
    ? { name: 'signInName', input: 'phone', label: { id: `${page}.${labelOf(names)}` } }
    : { name: 'UserId', input: 'text', label: { id: `${page}.${labelOf(names)}` } };
}

const labelOf = (names: readonly NameKind[]): string => `logonIdentifier_${names.join('_').toLowerCase()}`;

/** Labels of the name, without the page. */
export const nameWords: readonly string[] = [
  ['userName'],
  ['phone'],
  ['email', 'userName'],
  ['email', 'phone'],
  ['userName', 'phone'],
  ['email', 'userName', 'phone'],
].map((names) => labelOf(names as readonly NameKind[]));
