import { isUnbounded, type Query } from '../model/index.ts';
import type { Comparable } from './comparable.ts';
import { faults } from './faults.ts';

/** A column of the order of a result: a property path, the id, or the order of creation. */
export type SortKey =
  | { readonly by: 'path'; readonly path: readonly string[]; readonly descending: boolean }
  | { readonly by: 'id' | 'creation'; readonly descending: boolean };

const longestCursor = 16_384;

/**
 * The total order of a query's result: what was asked, then the id, then creation (ids repeat between places); where there may be millions,
 * creation alone, since what is new then comes to the end of each stretch of an index, and not to a page of its own. Ties run in the direction of
 * the last thing asked for, so that one index read backwards gives the whole order.
 */
export function sortKeysOf(query: Query): readonly SortKey[] {
  const asked = (query.order ?? []).map(
    ({ path, descending }): SortKey =>
      path.length === 1 && path[0] === 'id' ? { by: 'id', descending } : { by: 'path', path, descending },
  );
  const descending = asked.at(-1)?.descending ?? false;
  const id: SortKey = { by: 'id', descending };
  const creation: SortKey = { by: 'creation', descending: false };
  if (query.within === undefined && asked.some(({ by }) => by === 'id')) return asked;
  if (asked.length > 0 && isUnbounded(query.type)) return [...asked, { ...creation, descending }];
  if (query.within === undefined) return [...asked, id];
  return asked.length === 0 ? [creation] : [...asked, id, creation];
}

export const encodeCursor = (keys: readonly SortKey[], position: readonly Comparable[]): string =>
  Buffer.from(JSON.stringify([shape(keys), position])).toString('base64url');

/** Where the page before ended. Throws `store.badCursor` when the text is none, or one of another order. */
export function decodeCursor(keys: readonly SortKey[], cursor: string): readonly Comparable[] {
  const decoded = parse(cursor);
  if (!Array.isArray(decoded) || decoded.length !== 2 || decoded[0] !== shape(keys)) throw faults.badCursor();
  const position: unknown = decoded[1];
  if (!Array.isArray(position) || position.length !== keys.length) throw faults.badCursor();
  if (!position.every((value, index) => fits(value, keys[index]))) throw faults.badCursor();
  return position;
}

const shape = (keys: readonly SortKey[]): string =>
  keys.map((key) => `${key.descending ? '-' : '+'}${key.by === 'path' ? JSON.stringify(key.path) : key.by}`).join();

function fits(value: unknown, key: SortKey | undefined): boolean {
  if (key?.by === 'creation') return Number.isSafeInteger(value);
  if (key?.by === 'id') return typeof value === 'string';
  return value === null || typeof value === 'string' || typeof value === 'number';
}

function parse(cursor: string): unknown {
  if (cursor.length > longestCursor || !/^[\w-]+$/.test(cursor)) throw faults.badCursor();
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (cause) {
    throw faults.badCursor({}, cause);
  }
}
