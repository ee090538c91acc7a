import { isA, type Query } from '../../model/index.ts';
import type { Catalogue, Family } from '../catalogue.ts';
import type { Comparable } from '../comparable.ts';
import { decodeCursor, type SortKey, sortKeysOf } from '../cursor.ts';
import { scopeOf } from '../scope.ts';
import { type Fragment, quoted, sql } from './connection.ts';
import { filterSql, namesOneTuple } from './filter.ts';
import { columnOf, entityColumns, tableOf } from './layout.ts';

export interface FindStatements {
  readonly keys: readonly SortKey[];
  /** One row more than asked for, so that the last page is known as such; the order's values are `s0`, `s1`, … */
  readonly page: Fragment;
  readonly count: Fragment;
}

interface SortColumn {
  readonly sql: string;
  readonly values: readonly string[];
  readonly nullable: boolean;
  readonly descending: boolean;
}

/** A query as SQL. Throws `store.badCursor`, `store.undeclared`. */
export function findStatements(catalogue: Catalogue, tenantId: string, query: Query): FindStatements {
  const family = catalogue.family(query.type);
  const keys = sortKeysOf(query);
  const columns = keys.map((key, index) => sortColumn(family, key, index));
  // Left alone, SQLite walks the index that gives the order. Told to use none it still finds rows by their number.
  const byRow = query.filter !== undefined && namesOneTuple(query.filter, family);
  const from = `FROM ${quoted(tableOf(family))} AS r${byRow ? ' NOT INDEXED' : ''} WHERE`;
  const where = allOf([
    sql('r.tenant = ?', tenantId),
    inPlace(query),
    ...ofType(family, query),
    ...filtered(family, query, tenantId),
  ]);
  const after = query.after === undefined ? [] : following(columns, decodeCursor(keys, query.after));
  const position = columns.map((column, index) => `, ${column.expression} AS s${index}`).join('');
  const order = columns.map(({ sql: c, descending }) => `${c}${descending ? ' DESC' : ''}`).join(', ');
  const paged = allOf([where, ...after]);
  return {
    keys,
    page: sql(
      `SELECT ${entityColumns}${position} ${from} ${paged.sql} ORDER BY ${order} LIMIT ?`,
      ...columns.flatMap(({ values }) => values),
      ...paged.values,
      query.limit + 1,
    ),
    count: sql(`SELECT count(*) AS count ${from} ${where.sql}`, ...where.values),
  };
}

function sortColumn(family: Family, key: SortKey, index: number): SortColumn & { readonly expression: string } {
  const { descending } = key;
  if (key.by !== 'path') {
    const column = key.by === 'id' ? 'r.key' : 'r.row';
    return { sql: column, expression: column, values: [], nullable: false, descending };
  }
  const hot = key.path.length === 1 ? family.hot.find(({ name }) => name === key.path[0]) : undefined;
  if (hot) {
    const column = `r.${quoted(columnOf(hot))}`;
    return { sql: column, expression: column, values: [], nullable: true, descending };
  }
  const values = [JSON.stringify(key.path)];
  return { sql: `s${index}`, expression: 'usher_key(r.body, ?)', values, nullable: true, descending };
}

function inPlace({ within }: Query): Fragment {
  const scopes = within?.map(scopeOf) ?? [''];
  const [only] = scopes;
  if (scopes.length === 1 && only !== undefined) return sql('r.scope = ?', only);
  return sql('r.scope IN (SELECT value FROM json_each(?))', JSON.stringify(scopes));
}

function ofType(family: Family, { type }: Query): readonly Fragment[] {
  if (type.name === family.name) return [];
  const names = family.types.filter((member) => isA(member, type)).map(({ name }) => name);
  return [sql('r.type IN (SELECT value FROM json_each(?))', JSON.stringify(names))];
}

const filtered = (family: Family, { filter }: Query, tenantId: string): readonly Fragment[] =>
  filter ? [filterSql(filter, family, tenantId)] : [];

const allOf = (parts: readonly Fragment[]): Fragment =>
  sql(parts.map((part) => part.sql).join(' AND '), ...parts.flatMap(({ values }) => values));

/** The rows behind a position. The first condition is a plain bound, which lets SQLite seek; the second is exact. */
function following(columns: readonly SortColumn[], position: readonly Comparable[]): readonly Fragment[] {
  const [first] = columns;
  const [start] = position;
  const seek = first && start !== undefined && start !== null && columns.length > 1 ? seekFrom(first, start) : [];
  return [...seek, behind(columns, position, 0)];
}

function seekFrom({ sql: c, descending, nullable }: SortColumn, start: string | number): readonly Fragment[] {
  if (!descending) return [sql(`${c} >= ?`, start)];
  return nullable ? [] : [sql(`${c} <= ?`, start)];
}

function behind(columns: readonly SortColumn[], position: readonly Comparable[], index: number): Fragment {
  const column = columns[index];
  const value = position[index] ?? null;
  if (!column) return sql('0');
  const beyond = beyondValue(column, value);
  if (index + 1 === columns.length) return beyond;
  const rest = behind(columns, position, index + 1);
  return sql(`(${beyond.sql} OR (${column.sql} IS ? AND ${rest.sql}))`, ...beyond.values, value, ...rest.values);
}

/** Null comes first, and last when descending. */
function beyondValue({ sql: c, descending, nullable }: SortColumn, value: Comparable): Fragment {
  if (value === null) return sql(descending ? '0' : `${c} IS NOT NULL`);
  if (!descending) return sql(`${c} > ?`, value);
  return nullable ? sql(`(${c} < ? OR ${c} IS NULL)`, value) : sql(`${c} < ?`, value);
}
