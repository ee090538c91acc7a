import { isA, type Query } from '../../model/index.ts';
import type { Family } from '../catalogue.ts';
import type { Comparable } from '../comparable.ts';
import { decodeCursor, encodeCursor, type SortKey, sortKeysOf } from '../cursor.ts';
import { faults } from '../faults.ts';
import { scopeOf } from '../scope.ts';
import type { Dialect, SortExpression } from './dialect.ts';
import { filterSql, namesOneTuple } from './filter.ts';
import { type Fragment, joined, list, never, quoted, sql, type Value } from './fragment.ts';
import { columnOf, type EntityColumns, entityColumns, tableOf } from './layout.ts';
import type { View } from './view.ts';

/** A row of a page: the entity, and as `s0`, `s1`, … what it was ordered by. */
export type FoundColumns = EntityColumns & Readonly<Record<`s${number}`, Comparable>>;

export interface FindStatements {
  /** One row more than asked for, so that the last page is known as such. */
  readonly page: Fragment;
  readonly count: Fragment;
  /** The token of the page that begins behind this row. */
  cursorAt(row: FoundColumns): string;
}

interface SortColumn extends SortExpression {
  readonly nullable: boolean;
  readonly descending: boolean;
}

/** What every statement of a query has: where it looks, the order, and behind which row it begins. */
export interface QueryParts {
  readonly family: Family;
  readonly place: readonly Fragment[];
  readonly behind: readonly Fragment[];
  /** What rows are ordered by, as `s0`, `s1`, … */
  readonly selected: Fragment;
  readonly positions: readonly `s${number}`[];
  readonly order: Fragment;
  readonly cursorAt: FindStatements['cursorAt'];
}

/** Throws `store.badCursor`, `store.undeclared`. */
export function queryParts({ catalogue, tenantId, dialect }: View, query: Query): QueryParts {
  const family = catalogue.family(query.type);
  const keys = sortKeysOf(query);
  const columns = sortColumns(family, keys, dialect);
  const every = columns.flat();
  return {
    family,
    place: [sql('r.tenant = ?', tenantId), inPlace(query, dialect), ...ofType(family, query, dialect)],
    behind: query.after === undefined ? [] : following(every, spread(columns, decodeCursor(keys, query.after))),
    selected: list(every.map(({ selected: { sql: text, values } }, index) => sql(`${text} AS s${index}`, ...values))),
    positions: every.map((_, index): `s${number}` => `s${index}`),
    order: list(every.map(ordering)),
    cursorAt(row) {
      let index = 0;
      const position = columns.map((group) => {
        const found = group.map(() => row[`s${index++}`] ?? null);
        return found.find((value) => value !== null) ?? null;
      });
      return encodeCursor(keys, position);
    },
  };
}

/** SQL gives the order of the query. */
export const isSorted = ({ catalogue, dialect }: View, query: Query): boolean =>
  dialect.sortBy !== undefined ||
  sortKeysOf(query).every((key) => key.by !== 'path' || hotAt(catalogue.family(query.type), key.path) !== undefined);

const hotAt = (family: Family, path: readonly string[]) => family.hot.find(({ name }) => name === path.join('/'));

/** A query as SQL; with `rows` only of these. Throws `store.badCursor`, `store.undeclared`. */
export function findStatements(view: View, query: Query, rows?: readonly number[]): FindStatements {
  const { dialect } = view;
  const { family, place, behind, selected, order, cursorAt } = queryParts(view, query);
  const { filter, limit, skip = 0 } = query;
  const listed = rows && dialect.among({ ...sql('r.row'), kind: 'number' }, rows);
  const byRow = listed !== undefined || (filter !== undefined && namesOneTuple(filter, family));
  const from = `FROM ${quoted(tableOf(family))} AS r${byRow ? dialect.byRow : ''} WHERE`;
  const scope = { ...view, family, ...(listed ? { oneByOne: true as const } : {}) };
  const where = allOf([...place, ...(listed ? [listed] : []), ...(filter ? [filterSql(filter, scope)] : [])]);
  const paged = allOf([where, ...behind]);
  return {
    page: sql(
      `SELECT ${entityColumns}, ${selected.sql} ${from} ${paged.sql} ORDER BY ${order.sql} LIMIT ?${skip > 0 ? ' OFFSET ?' : ''}`,
      ...[...selected.values, ...paged.values, ...order.values],
      ...[limit + 1, ...(skip > 0 ? [skip] : [])],
    ),
    count: sql(`SELECT count(*) AS count ${from} ${where.sql}`, ...where.values),
    cursorAt,
  };
}

/** What each key is ordered by: one expression, or several of which at most one has a value. */
function sortColumns(family: Family, keys: readonly SortKey[], dialect: Dialect): readonly (readonly SortColumn[])[] {
  let index = 0;
  return keys.map((key) => {
    const found = sortExpressions(family, key, dialect, `s${index}`);
    index += found.length;
    return found.map((expression) => ({ ...expression, nullable: key.by === 'path', descending: key.descending }));
  });
}

function sortExpressions(family: Family, key: SortKey, dialect: Dialect, alias: string): readonly SortExpression[] {
  const column = (text: string, kind: SortExpression['kind']) => [{ kind, selected: sql(text), named: sql(text) }];
  if (key.by !== 'path') return key.by === 'id' ? column('r.key', 'text') : column('r.row', 'number');
  const { path } = key;
  const hot = hotAt(family, path);
  return hot ? column(`r.${quoted(columnOf(hot))}`, hot.kind) : (dialect.sortBy?.(path, alias) ?? []);
}

/** Null comes first, and last when descending. */
function ordering({ named, nullable, descending }: SortColumn): Fragment {
  const nulls = nullable ? (descending ? ' NULLS LAST' : ' NULLS FIRST') : '';
  return sql(`${named.sql}${descending ? ' DESC' : ''}${nulls}`, ...named.values);
}

function inPlace({ within }: Query, dialect: Dialect): Fragment {
  const scopes = within?.map(scopeOf) ?? [''];
  const [only] = scopes;
  if (scopes.length === 1 && only !== undefined) return sql('r.scope = ?', only);
  return dialect.among({ ...sql('r.scope'), kind: 'text' }, scopes);
}

function ofType(family: Family, { type }: Query, dialect: Dialect): readonly Fragment[] {
  if (type.name === family.name) return [];
  const names = family.types.filter((member) => isA(member, type)).map(({ name }) => name);
  return [dialect.among({ ...sql('r.type'), kind: 'text' }, names)];
}

export const allOf = (parts: readonly Fragment[]): Fragment => list(parts, ' AND ');

/** One value for every expression of every key. Throws `store.badCursor` for one that its column cannot hold. */
function spread(columns: readonly (readonly SortColumn[])[], position: readonly Comparable[]): readonly Value[] {
  return columns.flatMap((group, index) => {
    const value = position[index] ?? null;
    const values = group.map(({ kind }) => (fits(kind, value) ? value : null));
    if (value !== null && values.every((one) => one === null)) throw faults.badCursor();
    return values;
  });
}

function fits(kind: SortExpression['kind'], value: Comparable): boolean {
  if (kind === 'any') return true;
  return kind === 'text' ? typeof value === 'string' : typeof value === 'number';
}

/** The rows behind a position. The first condition is a plain bound, which lets the engine seek; the second is exact. */
function following(columns: readonly SortColumn[], position: readonly Value[]): readonly Fragment[] {
  const [first] = columns;
  const [start] = position;
  const seek = first && start !== undefined && start !== null && columns.length > 1 ? seekFrom(first, start) : [];
  return [...seek, behind(columns, position, 0)];
}

function seekFrom(
  { named: { sql: c, values }, descending, nullable }: SortColumn,
  start: string | number,
): readonly Fragment[] {
  if (!descending) return [sql(`${c} >= ?`, ...values, start)];
  return nullable ? [] : [sql(`${c} <= ?`, ...values, start)];
}

function behind(columns: readonly SortColumn[], position: readonly Value[], index: number): Fragment {
  const column = columns[index];
  const value = position[index] ?? null;
  if (!column) return never;
  const beyond = beyondValue(column, value);
  if (index + 1 === columns.length) return beyond;
  const rest = behind(columns, position, index + 1);
  return joined([beyond, joined([sameAs(column, value), rest], ' AND ')], ' OR ');
}

const sameAs = ({ named: { sql: c, values } }: SortColumn, value: Value): Fragment =>
  value === null ? sql(`${c} IS NULL`, ...values) : sql(`${c} = ?`, ...values, value);

function beyondValue({ named: { sql: c, values }, descending, nullable }: SortColumn, value: Value): Fragment {
  if (value === null) return descending ? never : sql(`${c} IS NOT NULL`, ...values);
  if (!descending) return sql(`${c} > ?`, ...values, value);
  const below = sql(`${c} < ?`, ...values, value);
  return nullable ? joined([below, sql(`${c} IS NULL`, ...values)], ' OR ') : below;
}
