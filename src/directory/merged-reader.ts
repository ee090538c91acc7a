import { type EntityType, familyOf, fold, isA, type Page, type Query, typeByName } from '../model/index.ts';
import {
  comparable,
  compare,
  matches,
  type Row,
  type StoreReader,
  scopeOf,
  storeFaults,
  valueAt,
} from '../store/index.ts';
import type { BuiltIns } from './built-ins.ts';
import { faults } from './faults.ts';

/** Rows of one read; the largest page of the store. */
const readSize = 999;
/** Stored entities of a collection that has built-in ones. They are merged in memory, so there is an end to it. */
const maxMerged = 20_000;

/**
 * Sees what is stored and what is built in; where both have an id, what is stored. Types without built-in entities are read
 * from the store as they are. The others are small collections: they are read whole, then filtered, ordered and cut into pages as the
 * store would.
 */
export function mergedReader(builtIns: BuiltIns, stored: StoreReader): StoreReader {
  return {
    async get(ref) {
      if (!builtIns.concern(ref.type)) return stored.get(ref);
      // Ids are unique in a family, so a stored entity of another type of it hides the built-in one.
      const row = await stored.get({ ...ref, type: familyOf(ref.type) });
      if (!row) return builtIns.get(ref, stored);
      return isOf(row, ref.type) ? row : undefined;
    },
    async find(query) {
      return builtIns.concern(query.type) ? pageOf(await everyRow(builtIns, stored, query), query) : stored.find(query);
    },
    linked: (sources, navigation) => stored.linked(sources, navigation),
  };
}

const isOf = (row: Row, type: EntityType): boolean => {
  const concrete = typeByName(row.type);
  return concrete !== undefined && isA(concrete, type);
};

const keyOf = ({ id, within }: Row): string => `${scopeOf(within)}\n${fold(id)}`;

/** Built-in ones first, each where its behaviour put it although it may be stored by now, then those that are only stored. */
async function everyRow(builtIns: BuiltIns, stored: StoreReader, { type, within }: Query): Promise<readonly Row[]> {
  const rows = new Map<string, Row>();
  for (const place of within ?? [undefined]) {
    for (const row of await builtIns.at(type, place, stored)) rows.set(keyOf(row), row);
  }
  for await (const row of storedRows(stored, {
    type: familyOf(type),
    ...(within ? { within } : {}),
    limit: readSize,
  })) {
    rows.set(keyOf(row), row);
  }
  return [...rows.values()].filter((row) => isOf(row, type));
}

async function* storedRows(stored: StoreReader, query: Query): AsyncGenerator<Row> {
  let after: string | undefined;
  for (let read = 0; read < maxMerged; read += readSize) {
    const page = await stored.find(after === undefined ? query : { ...query, after });
    yield* page.items;
    if (page.next === undefined) return;
    after = page.next;
  }
  throw faults.tooManyToMerge({ type: query.type.name, limit: maxMerged });
}

/** The page of these rows that a query asks for, as the store would answer it. */
export function pageOf(rows: readonly Row[], query: Query): Page<Row> {
  const { filter, limit, after } = query;
  const found = inOrder(filter ? rows.filter((row) => matches(filter, row)) : rows, query);
  const start = after === undefined ? 0 : startAfter(found, after);
  const end = start + limit;
  const last = found[end - 1];
  return {
    items: found.slice(start, end),
    ...(last && end < found.length ? { next: cursorOf(last, end) } : {}),
    ...(query.count ? { count: found.length } : {}),
  };
}

/** The total order that the store documents: what was asked, then the id; contained entities as they come unless told. */
function inOrder(rows: readonly Row[], { order = [], within }: Query): readonly Row[] {
  if (order.length === 0 && within) return rows;
  const keys = [...order, { path: ['id'], descending: order.at(-1)?.descending ?? false }];
  return rows
    .map((row) => ({ row, position: keys.map(({ path }) => comparable(valueAt({ ...row.values, id: row.id }, path))) }))
    .sort((a, b) => {
      for (const [index, { descending }] of keys.entries()) {
        const difference = compare(a.position[index] ?? null, b.position[index] ?? null);
        if (difference !== 0) return descending ? -difference : difference;
      }
      return 0;
    })
    .map(({ row }) => row);
}

/** The last row of a page, and how many come before the next page: that counts when the row is gone by then. */
const cursorOf = (last: Row, end: number): string =>
  Buffer.from(JSON.stringify([keyOf(last), end])).toString('base64url');

/** Throws `store.badCursor` for a text that is no cursor of a merged collection. */
function startAfter(rows: readonly Row[], cursor: string): number {
  const [key, end] = readCursor(cursor);
  const last = rows.findIndex((row) => keyOf(row) === key);
  return last < 0 ? end : last + 1;
}

function readCursor(cursor: string): readonly [string, number] {
  let decoded: unknown;
  try {
    decoded = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (cause) {
    throw storeFaults.badCursor({}, cause);
  }
  const [key, end]: readonly unknown[] = Array.isArray(decoded) ? decoded : [];
  if (typeof key !== 'string' || typeof end !== 'number' || !Number.isSafeInteger(end) || end < 0) {
    throw storeFaults.badCursor();
  }
  return [key, end];
}
