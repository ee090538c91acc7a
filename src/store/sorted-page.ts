import type { Page, Query } from '../model/index.ts';
import { type Comparable, comparable, compare, valueAt } from './comparable.ts';
import { decodeCursor, encodeCursor, type SortKey, sortKeysOf } from './cursor.ts';
import type { Row } from './store.ts';

/** A row that matches a query, and what it is ordered by when no property is asked for. */
export interface Match {
  readonly row: Row;
  /** The folded id. */
  readonly key: string;
  /** Grows with every creation. */
  readonly created: number;
}

/** The page that a query asks for, from all that matches it. Throws `store.badCursor`. */
export function sortedPage(matches: readonly Match[], query: Query): Page<Row> {
  const keys = sortKeysOf(query);
  const sorted = matches
    .map((match) => ({ row: match.row, position: keys.map((key) => sortValue(match, key)) }))
    .sort((a, b) => comparePositions(keys, a.position, b.position));
  const after = query.after === undefined ? undefined : decodeCursor(keys, query.after);
  const behind = after ? sorted.filter(({ position }) => comparePositions(keys, position, after) > 0) : sorted;
  const rest = behind.slice(query.skip ?? 0);
  const page = rest.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map(({ row }) => row),
    ...(last && rest.length > page.length ? { next: encodeCursor(keys, last.position) } : {}),
    ...(query.count ? { count: matches.length } : {}),
  };
}

function sortValue({ row, key, created }: Match, sortKey: SortKey): Comparable {
  if (sortKey.by === 'path') return comparable(valueAt(row.values, sortKey.path));
  return sortKey.by === 'id' ? key : created;
}

function comparePositions(keys: readonly SortKey[], a: readonly Comparable[], b: readonly Comparable[]): number {
  for (const [index, { descending }] of keys.entries()) {
    const order = compare(a[index] ?? null, b[index] ?? null);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}
