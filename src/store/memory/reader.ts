import { isA, type Page, type Query, type Ref } from '../../model/index.ts';
import { type Catalogue, ownName } from '../catalogue.ts';
import { foldText } from '../comparable.ts';
import { matches, type Subject } from '../evaluate.ts';
import { scopeOf } from '../scope.ts';
import { sortedPage } from '../sorted-page.ts';
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
    async linked(sources, navigation, most) {
      return sources.map((source) => {
        const { name } = catalogue.reference(source.type, navigation);
        const from = lookUp(tables, catalogue, source)?.at;
        return targetsOf(tables, from, name).slice(0, most).map(toRow);
      });
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
  return sortedPage(
    found.map((stored) => ({ row: toRow(stored), key: stored.key, created: stored.created })),
    query,
  );
}
