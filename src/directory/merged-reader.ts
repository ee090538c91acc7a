import {
  type EntityType,
  everyPage,
  type Filter,
  familyOf,
  fold,
  isA,
  type Page,
  type Query,
  typeByName,
} from '../model/index.ts';
import { matches, type Row, type StoreReader, scopeOf, sortedPage } from '../store/index.ts';
import type { BuiltIns } from './built-ins.ts';
import { faults } from './faults.ts';

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
      if (!builtIns.concern(query.type)) return stored.find(query);
      const rows = await everyRow(builtIns, stored, query);
      return pageOf(rows, query, await linkedBy(stored, rows, query));
    },
    linked: (sources, navigation, most) => stored.linked(sources, navigation, most),
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
  const whole = { type: familyOf(type), ...(within ? { within } : {}) };
  let read = 0;
  for await (const items of everyPage((query) => stored.find(query), whole)) {
    read += items.length;
    if (read > maxMerged) throw faults.tooManyToMerge({ type: type.name, limit: maxMerged });
    for (const row of items) rows.set(keyOf(row), row);
  }
  return [...rows.values()].filter((row) => isOf(row, type));
}

/** By navigation, what a row is linked to. */
type Linked = ReadonlyMap<string, ReadonlyMap<string, readonly Row[]>>;

/** The page of these rows that a query asks for, as the store would answer it. Throws `store.badCursor`. */
export function pageOf(rows: readonly Row[], query: Query, linked: Linked = new Map()): Page<Row> {
  const { filter } = query;
  const found = filter
    ? rows.filter((row) =>
        matches(filter, { ...row, linked: (navigation) => linked.get(navigation)?.get(keyOf(row)) ?? [] }),
      )
    : rows;
  return sortedPage(
    found.map((row, created) => ({ row, key: fold(row.id), created })),
    query,
  );
}

/** The links that a filter asks about; one query for each navigation. */
async function linkedBy(stored: StoreReader, rows: readonly Row[], { type, filter }: Query): Promise<Linked> {
  const linked = new Map<string, ReadonlyMap<string, readonly Row[]>>();
  for (const navigation of new Set(filter ? navigationsIn(filter) : [])) {
    const sources = rows.map(({ id, within }) => ({ type, id, ...(within ? { within } : {}) }));
    const found = await stored.linked(sources, navigation);
    linked.set(navigation, new Map(rows.map((row, at) => [keyOf(row), found[at] ?? []])));
  }
  return linked;
}

function navigationsIn(filter: Filter): readonly string[] {
  switch (filter.op) {
    case 'linked':
      return [filter.navigation];
    case 'and':
    case 'or':
      return filter.terms.flatMap(navigationsIn);
    case 'not':
      return navigationsIn(filter.term);
    default:
      return [];
  }
}
