import { type EntityType, isA, type Page, type Query, type Ref } from '../../model/index.ts';
import type { Catalogue, Family } from '../catalogue.ts';
import { type Comparable, foldText } from '../comparable.ts';
import { encodeCursor } from '../cursor.ts';
import { type PlaceTrail, placeOf, scopeOf } from '../scope.ts';
import type { Row, StoreReader } from '../store.ts';
import { type Connection, type Fragment, quoted, sql } from './connection.ts';
import { findStatements } from './find.ts';
import { type EntityColumns, entityColumns, tableOf } from './layout.ts';

export interface View {
  readonly tenantId: string;
  readonly connection: Connection;
  readonly catalogue: Catalogue;
}

export const etagOf = (sequence: number): string => `W/"${sequence}"`;

export function toRow({ id, type, etag, place, body }: Omit<EntityColumns, 'row' | 'key'>, catalogue: Catalogue): Row {
  const within = place === null ? undefined : placeOf(JSON.parse(place) as PlaceTrail, catalogue.type);
  const values = JSON.parse(body) as Record<string, unknown>;
  return { id, type, etag: etagOf(etag), ...(within ? { within } : {}), values };
}

export function getStatement(family: Family, tenantId: string, ref: Ref): Fragment {
  return sql(
    `SELECT ${entityColumns} FROM ${quoted(tableOf(family))} AS r WHERE r.tenant = ? AND r.scope = ? AND r.key = ?`,
    tenantId,
    scopeOf(ref.within),
    foldText(ref.id),
  );
}

export function lookUp({ tenantId, connection, catalogue }: View, ref: Ref): EntityColumns | undefined {
  const family = catalogue.family(ref.type);
  const found = connection.get<EntityColumns>(getStatement(family, tenantId, ref));
  return found && isNamed(family, found.type, ref.type) ? found : undefined;
}

/** Whether a stored type name is the type asked for or derived from it. */
const isNamed = (family: Family, name: string, asked: EntityType): boolean =>
  asked.name === family.name || family.types.some((type) => type.name === name && isA(type, asked));

export function sqliteReader(view: View): StoreReader {
  return {
    async get(ref) {
      const found = lookUp(view, ref);
      return found && toRow(found, view.catalogue);
    },
    async find(query) {
      return find(view, query);
    },
    async linked(sources, navigation) {
      return linked(view, sources, navigation);
    },
  };
}

function find({ tenantId, connection, catalogue }: View, query: Query): Page<Row> {
  const { keys, page, count } = findStatements(catalogue, tenantId, query);
  const rows = connection.all<EntityColumns & Readonly<Record<`s${number}`, Comparable>>>(page);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  const position = keys.map((_, index) => last?.[`s${index}`] ?? null);
  return {
    items: items.map((row) => toRow(row, catalogue)),
    ...(rows.length > items.length ? { next: encodeCursor(keys, position) } : {}),
    ...(query.count ? { count: connection.get<{ count: number }>(count)?.count ?? 0 } : {}),
  };
}

type LinkedColumns = EntityColumns & { readonly source_key: string; readonly source_type: string };

function linked(view: View, sources: readonly Ref[], navigation: string): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, readonly Row[]>();
  for (const group of Map.groupBy(sources, ({ type, within }) => `${type.name}\n${scopeOf(within)}`).values()) {
    const [first] = group;
    if (!first) continue;
    const targets = Map.groupBy(linkedRows(view, first, group, navigation), (row) => row.source_key);
    for (const { id } of group) {
      found.set(
        id,
        (targets.get(foldText(id)) ?? []).map((row) => toRow(row, view.catalogue)),
      );
    }
  }
  return found;
}

/** One query for the sources of one type in one place. */
function linkedRows(
  { tenantId, connection, catalogue }: View,
  { type, within }: Ref,
  group: readonly Ref[],
  navigation: string,
): readonly LinkedColumns[] {
  const family = catalogue.family(type);
  const { name, target } = catalogue.reference(type, navigation);
  const keys = JSON.stringify(group.map(({ id }) => foldText(id)));
  const rows = connection.all<LinkedColumns>(
    sql(
      `SELECT s.key AS source_key, s.type AS source_type, ${entityColumns} FROM ${quoted(tableOf(family))} AS s
       JOIN link AS l ON l.tenant = s.tenant AND l.source = s.row AND l.navigation = ?
       JOIN ${quoted(tableOf(target))} AS r ON r.row = l.target
       WHERE s.tenant = ? AND s.scope = ? AND s.key IN (SELECT value FROM json_each(?)) ORDER BY l.sequence`,
      name,
      tenantId,
      scopeOf(within),
      keys,
    ),
  );
  return rows.filter((row) => isNamed(family, row.source_type, type));
}
