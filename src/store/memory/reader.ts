import { isA, type Page, type Query, type Ref } from '../../model/index.ts';
import { type Catalogue, ownName } from '../catalogue.ts';
import { type Comparable, comparable, compare, foldText, valueAt } from '../comparable.ts';
import { decodeCursor, encodeCursor, type SortKey, sortKeysOf } from '../cursor.ts';
import { matches, type Subject } from '../evaluate.ts';
import { scopeOf } from '../scope.ts';
import type { Row, StoreReader } from '../store.ts';
import type { StoredRow, TenantTables } from './state.ts';

export const rowKey = (family: string, scope: string, key: string): string => `${family}\n${scope}\n${key}`;

export function toRow({ id, type, etag, within, values }: StoredRow): Row {
  return { id, type: type.name, etag, ...(within ? { within } : {}), values };
}

export function lookUp(tables: TenantTables, catalogue: Catalogue, ref: Ref): StoredRow | undefined {
  const family = catalogue.family(ref.type);
  const found = tables.rows.get(rowKey(family.name, scopeOf(ref.within), foldText(ref.id)));
  return found && isA(found.type, ref.type) ? found : undefined;
}

export function memoryReader(tables: TenantTables, catalogue: Catalogue): StoreReader {
  return {
    async get(ref) {
      const found = lookUp(tables, catalogue, ref);
      return found && toRow(found);
    },
    async find(query) {
      return find(tables, catalogue, query);
    },
    async linked(sources, navigation) {
      return new Map(
        sources.map((source) => {
          const { name } = catalogue.reference(source.type, navigation);
          const from = lookUp(tables, catalogue, source)?.at;
          return [source.id, targetsOf(tables, from, name).map(toRow)];
        }),
      );
    },
  };
}

const targetsOf = ({ links, rows }: TenantTables, from: string | undefined, navigation: string): readonly StoredRow[] =>
  [...links.values()]
    .filter((link) => link.source === from && link.navigation === navigation)
    .sort((a, b) => a.sequence - b.sequence)
    .flatMap(({ target }) => rows.get(target) ?? []);

const subjectOf = (tables: TenantTables, { at, id, type, values }: StoredRow): Subject => ({
  id,
  type: type.name,
  values,
  linked: (navigation) => targetsOf(tables, at, ownName(type, navigation)).map((row) => subjectOf(tables, row)),
});

function find(tables: TenantTables, catalogue: Catalogue, query: Query): Page<Row> {
  const family = catalogue.family(query.type).name;
  const scopes = new Set(query.within?.map(scopeOf) ?? ['']);
  const { filter } = query;
  const found = [...tables.rows.values()].filter(
    (row) =>
      row.family === family &&
      scopes.has(row.scope) &&
      isA(row.type, query.type) &&
      (filter === undefined || matches(filter, subjectOf(tables, row))),
  );
  const keys = sortKeysOf(query);
  const sorted = found
    .map((row) => ({ row, position: keys.map((key) => sortValue(row, key)) }))
    .sort((a, b) => comparePositions(keys, a.position, b.position));
  const after = query.after === undefined ? undefined : decodeCursor(keys, query.after);
  const rest = after ? sorted.filter(({ position }) => comparePositions(keys, position, after) > 0) : sorted;
  const page = rest.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map(({ row }) => toRow(row)),
    ...(last && rest.length > page.length ? { next: encodeCursor(keys, last.position) } : {}),
    ...(query.count ? { count: found.length } : {}),
  };
}

function sortValue(row: StoredRow, key: SortKey): Comparable {
  if (key.by === 'path') return comparable(valueAt(row.values, key.path));
  return key.by === 'id' ? row.key : row.created;
}

function comparePositions(keys: readonly SortKey[], a: readonly Comparable[], b: readonly Comparable[]): number {
  for (const [index, { descending }] of keys.entries()) {
    const order = compare(a[index] ?? null, b[index] ?? null);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}
