import { isA, type Query } from '../../model/index.ts';
import type { Family } from '../catalogue.ts';
import type { Comparable } from '../comparable.ts';
import { decodeCursor, encodeCursor, type SortKey, sortKeysOf } from '../cursor.ts';
import { faults } from '../faults.ts';
import { scopeOf } from '../scope.ts';
import type { Dialect, SortExpression } from './dialect.ts';
import { filterSql, namesOneTuple } from './filter.ts';
import { type Fragment, limited, list, quoted, sql } from './fragment.ts';
import { columnOf, type EntityColumns, entityColumns, tableOf } from './layout.ts';
import { ordering, type SortColumn, stretchesBehind } from './position.ts';
import type { View } from './view.ts';

/** A row of a page: the entity, and as `s0`, `s1`, … what it was ordered by. */
export type FoundColumns = EntityColumns & Positions;

/** What a row was ordered by. */
type Positions = Readonly<Record<`s${number}`, Comparable>>;

/** A row of a page of which only is asked which one it is, and as it was written by which write. */
export type BriefColumns = Pick<EntityColumns, 'row' | 'etag'> & Positions;

const briefColumns = 'r.row, r.etag';

export interface FindStatements {
  /** One row more than asked for, so that the last page is known as such. */
  readonly page: Fragment;
  readonly count: Fragment;
  /** The token of the page that begins behind this row. */
  cursorAt(row: Positions): string;
}

/** What every statement of a query has: where it looks, the order, and behind which row it begins. */
export interface QueryParts {
  readonly family: Family;
  readonly place: readonly Fragment[];
  /** The same order of a result that has what it was ordered by in columns. */
  readonly again: Fragment;
  readonly positions: readonly `s${number}`[];
  readonly cursorAt: FindStatements['cursorAt'];
  /** The first `limit` rows of `from` in the order of the query, of those behind the position where it begins. */
  inOrder(columns: string, from: string, where: Fragment, limit: number): Fragment;
}

/** Throws `store.badCursor`, `store.undeclared`. */
export function queryParts({ catalogue, tenantId, dialect }: View, query: Query): QueryParts {
  const family = catalogue.family(query.type);
  const keys = sortKeysOf(query);
  const columns = keys.map((key, index): SortColumn => {
    const expression = sortExpression(family, key, dialect, `s${index}`);
    return { ...expression, nullable: key.by === 'path', descending: key.descending };
  });
  const stretches = query.after === undefined ? [] : stretchesBehind(columns, decodeCursor(keys, query.after));
  const selected = list(
    columns.map(({ selected: { sql: text, values } }, index) => sql(`${text} AS s${index}`, ...values)),
  );
  const order = ordering(columns, ({ named }) => named);
  const again = dialect.reorders ? ordering(columns, (_, index) => sql(`s${index}`)) : undefined;
  const parts = {
    family,
    place: [sql('r.tenant = ?', tenantId), inPlace(query, dialect), ...ofType(family, query, dialect)],
    again: again ? sql(` ORDER BY ${again.sql}`, ...again.values) : sql(''),
    positions: columns.map((_, index): `s${number}` => `s${index}`),
    cursorAt: (row: Positions) =>
      encodeCursor(
        keys,
        columns.map((_, index) => row[`s${index}`] ?? null),
      ),
  };
  const stretch = (text: string, from: string, where: Fragment, limit: number): Fragment =>
    sql(
      `SELECT ${text}, ${selected.sql} FROM ${from} WHERE ${where.sql} ORDER BY ${order.sql} ${limited}`,
      ...[...selected.values, ...where.values, ...order.values, limit],
    );
  return {
    ...parts,
    inOrder(text, from, where, limit) {
      const [only, ...others] = stretches.map((behind) => stretch(text, from, allOf([where, behind]), limit));
      if (!only) return stretch(text, from, where, limit);
      if (others.length === 0) return only;
      const each = [only, ...others].map(({ sql: one, values }) => sql(`SELECT * FROM (${one}) AS r`, ...values));
      const all = list(each, ' UNION ALL ');
      return sql(`${all.sql}${parts.again.sql} ${limited}`, ...all.values, ...parts.again.values, limit);
    },
  };
}

/** SQL gives the order of the query. */
export const isSorted = ({ catalogue, dialect }: View, query: Query): boolean =>
  dialect.sortBy !== undefined ||
  sortKeysOf(query).every((key) => key.by !== 'path' || hotAt(catalogue.family(query.type), key.path) !== undefined);

const hotAt = (family: Family, path: readonly string[]) => family.hot.find(({ name }) => name === path.join('/'));

/** A query as SQL; with `rows` only of these; `brief`: for `BriefColumns`. Throws `store.badCursor`, `store.undeclared`. */
export function findStatements(view: View, query: Query, rows?: readonly number[], brief = false): FindStatements {
  const { dialect } = view;
  const { family, place, inOrder, cursorAt } = queryParts(view, query);
  const { filter, limit, skip = 0 } = query;
  const listed = rows && dialect.among({ ...sql('r.row'), kind: 'number' }, rows);
  const byRow = listed !== undefined || (filter !== undefined && namesOneTuple(filter, family));
  const from = `${quoted(tableOf(family))} AS r${byRow ? dialect.byRow : ''}`;
  const scope = { ...view, family, ...(listed ? { oneByOne: true as const } : {}) };
  const where = allOf([...place, ...(listed ? [listed] : []), ...(filter ? [filterSql(filter, scope)] : [])]);
  const page = inOrder(brief ? briefColumns : entityColumns, from, where, skip + limit + 1);
  return {
    page: skip > 0 ? sql(`${page.sql} OFFSET ?`, ...page.values, skip) : page,
    count: sql(`SELECT count(*) AS count FROM ${from} WHERE ${where.sql}`, ...where.values),
    cursorAt,
  };
}

/** Throws `store.undeclared` where SQL does not give the order. */
function sortExpression(family: Family, key: SortKey, dialect: Dialect, alias: string): SortExpression {
  const column = (text: string, kind: SortExpression['kind']) => ({ kind, selected: sql(text), named: sql(text) });
  if (key.by === 'id') return column('r.key', 'text');
  if (key.by !== 'path') return { ...column('r.row', 'number'), ...(dialect.seeksRowAlone ? { alone: true } : {}) };
  const hot = hotAt(family, key.path);
  if (hot) return column(`r.${quoted(columnOf(hot))}`, hot.kind);
  if (!dialect.sortBy) throw faults.undeclared({ name: key.path.join('/') });
  return dialect.sortBy(key.path, alias);
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
