import type { Catalogue, Family, HotProperty, TupleProperty } from '../catalogue.ts';
import type { ColumnKind } from './dialect.ts';
import { type Fragment, quoted, sql, type Value } from './fragment.ts';
import { columnOf, fitted, hotValue, tableOf, tuplesOf, tupleTableOf } from './layout.ts';
import { hasPostings, postingPrefix, postingTableOf, replacePostings } from './posting.ts';
import { all, define, run, type Script } from './script.ts';

/** How an engine defines what the model asks for. */
export interface Definitions {
  /** Every table, index and column as `{ kind, table, name }`. */
  readonly inventory: Fragment;
  /** The table of a family with the columns that every one has. */
  entityTable(table: string): string;
  /** Follows a table that is nothing but its primary key. */
  readonly keyOnly?: string;
  /** The columns that every side table has. */
  readonly tupleColumns: string;
  columnType(kind: ColumnKind): string;
  /** The columns of the primary key of a family table, in which all rows can be read page by page. */
  readonly rowKey: readonly ('tenant' | 'row')[];
  /** Follows a column in an index, so that it gives the order in which null comes first. */
  readonly nullsFirst: string;
}

interface Item {
  readonly kind: 'table' | 'index' | 'column';
  readonly table: string;
  readonly name: string;
}

interface StoredBody {
  readonly tenant: string;
  readonly row: number;
  readonly body: string;
}

/** Rows read at once while a new column or table is filled. */
const chunk = 500;
const hotColumn = /^(text|number|boolean)_/;

/** Makes tables, columns and indexes what the model asks for, and fills the new ones from the stored JSON. */
export function* reconcile(catalogue: Pick<Catalogue, 'families'>, definitions: Definitions): Script<void> {
  const items = yield* all<Item>(definitions.inventory);
  const tupleTables = new Set(catalogue.families.flatMap((f) => f.tuples.map((tuple) => tupleTableOf(f, tuple))));
  const known = catalogue.families.map(({ name }) => `t_${name.replace(/\W/g, '_')}_`);
  for (const { kind, name } of items) {
    const ours = kind === 'table' && known.some((prefix) => name.startsWith(prefix));
    if (ours && !tupleTables.has(name)) yield* define(`DROP TABLE ${quoted(name)}`);
  }
  for (const family of catalogue.families) {
    yield* reconcileColumns(family, items, definitions);
    yield* reconcilePostings(family, items, definitions);
    for (const tuple of family.tuples) yield* reconcileTuple(family, tuple, items, definitions);
  }
}

const namesOf = (items: readonly Item[], kind: Item['kind'], table: string): readonly string[] =>
  items.filter((item) => item.kind === kind && item.table === table).map(({ name }) => name);

function* reconcileColumns(family: Family, items: readonly Item[], definitions: Definitions): Script<void> {
  const table = tableOf(family);
  if (namesOf(items, 'table', table).length === 0) {
    yield* define(definitions.entityTable(table));
    yield* define(`CREATE UNIQUE INDEX ${quoted(fitted(`k_${table}`))} ON ${quoted(table)} (tenant, scope, key)`);
  }
  const present = namesOf(items, 'column', table);
  const missing = family.hot.filter((property) => !present.includes(columnOf(property)));
  const indexes = new Map(family.hot.flatMap((property) => indexesOf(family, property, definitions)));
  const times = new Map(timesOf(family).map((column) => [fitted(`l_${table}_${column}`), column]));
  const built = namesOf(items, 'index', table);
  for (const name of built) {
    if (/^[iuslov]_/.test(name) && !indexes.has(name) && !times.has(name)) yield* define(`DROP INDEX ${quoted(name)}`);
  }
  const wanted = new Set(family.hot.map(columnOf));
  for (const column of present.filter((name) => hotColumn.test(name) && !wanted.has(name))) {
    // A column that nobody keeps up to date would lie when the property is indexed again.
    yield* define(`ALTER TABLE ${quoted(table)} DROP COLUMN ${quoted(column)}`);
  }
  for (const property of missing) {
    const column = `${quoted(columnOf(property))} ${definitions.columnType(property.kind)}`;
    yield* define(`ALTER TABLE ${quoted(table)} ADD COLUMN ${column}`);
  }
  if (missing.length > 0) yield* fillColumns(table, missing, definitions);
  for (const [name, text] of indexes) if (!built.includes(name)) yield* define(text);
  for (const [name, column] of times) {
    if (!built.includes(name)) yield* define(`CREATE INDEX ${quoted(name)} ON ${quoted(table)} (${quoted(column)})`);
  }
}

/** The columns by which entries of a log are found that have been kept long enough, of every tenant. */
function timesOf({ types, hot }: Family): readonly string[] {
  const names = new Set(types.map(({ log }) => log?.time));
  return hot.filter(({ name }) => names.has(name)).map(columnOf);
}

/** The beginnings of the names of indexes that give an order, and of those that leave nulls out; in which order equal values stand there. */
const ofFew = { order: 'i', some: 's', tie: 'key' } as const;
const ofMany = { order: 'o', some: 'v', tie: 'row' } as const;

/**
 * The indexes of a column: one that keeps values apart, one that gives their order, or one of those that are there. What kind it is stands in
 * the name, so that another one is built when that changes.
 */
function indexesOf(
  family: Family,
  property: HotProperty,
  { nullsFirst }: Definitions,
): readonly (readonly [name: string, text: string])[] {
  const table = tableOf(family);
  const { order, some, tie } = family.large ? ofMany : ofFew;
  const column = quoted(columnOf(property));
  const index = (kind: string, what: string, on: string) => {
    const name = fitted(`${kind}_${table}_${columnOf(property)}`);
    return [name, `CREATE ${what} ${quoted(name)} ON ${quoted(table)} ${on}`] as const;
  };
  const { unique, ordered } = property;
  return [
    ...(unique ? [index('u', 'UNIQUE INDEX', `(tenant, ${column})`)] : []),
    ...(ordered ? [index(order, 'INDEX', `(tenant, scope, ${column}${nullsFirst}, ${tie})`)] : []),
    ...(unique || ordered
      ? []
      : [index(some, 'INDEX', `(tenant, scope, ${column}, ${tie}) WHERE ${column} IS NOT NULL`)]),
  ];
}

function* fillColumns(table: string, missing: readonly HotProperty[], definitions: Definitions): Script<void> {
  const assignments = missing.map((property) => `${quoted(columnOf(property))} = ?`).join(', ');
  yield* eachBody(table, definitions, function* ({ tenant, row }, values) {
    const found = missing.map((property) => hotValue(values, property));
    yield* run(sql(`UPDATE ${quoted(table)} SET ${assignments} WHERE tenant = ? AND row = ?`, ...found, tenant, row));
  });
}

function* reconcileTuple(
  family: Family,
  tuple: TupleProperty,
  items: readonly Item[],
  definitions: Definitions,
): Script<void> {
  const { tupleColumns, columnType } = definitions;
  const table = tupleTableOf(family, tuple);
  if (namesOf(items, 'table', table).length > 0) return;
  const members = tuple.members.map((member) => quoted(columnOf(member)));
  const columns = tuple.members.map((member, index) => `${members[index]} ${columnType(member.kind)}`);
  yield* define(`CREATE TABLE ${quoted(table)} (${[tupleColumns, ...columns].join(', ')})`);
  yield* define(
    `CREATE UNIQUE INDEX ${quoted(fitted(`u_${table}`))} ON ${quoted(table)} (tenant, ${members.join(', ')})`,
  );
  yield* define(`CREATE INDEX ${quoted(fitted(`r_${table}`))} ON ${quoted(table)} (tenant, row)`);
  const places = '?, '.repeat(members.length);
  yield* eachBody(tableOf(family), definitions, function* ({ tenant, row }, values) {
    for (const found of tuplesOf(values, tuple)) {
      yield* run(
        sql(
          `INSERT INTO ${quoted(table)} (${members.join(', ')}, tenant, row) VALUES (${places}?, ?)`,
          ...[...found, tenant, row],
        ),
      );
    }
  });
}

/** The index of single values: what it holds is in the name of its table, so that another one is made when that changes. */
function* reconcilePostings(family: Family, items: readonly Item[], definitions: Definitions): Script<void> {
  const wanted = hasPostings(family) ? postingTableOf(family) : '';
  const built = items
    .filter(({ kind, name }) => kind === 'table' && isPostingTable(name, family))
    .map(({ name }) => name);
  for (const name of built) if (name !== wanted) yield* define(`DROP TABLE ${quoted(name)}`);
  if (wanted === '' || built.includes(wanted)) return;
  const { tupleColumns, columnType, keyOnly = '' } = definitions;
  const text = `${columnType('text')} NOT NULL`;
  yield* define(
    `CREATE TABLE ${quoted(wanted)} (${tupleColumns}, name ${text}, value ${text}, PRIMARY KEY (tenant, name, value, row))${keyOnly}`,
  );
  yield* eachBody(tableOf(family), definitions, function* ({ tenant, row }, values) {
    yield* replacePostings(tenant, family, undefined, values, row);
  });
}

const isPostingTable = (name: string, family: Family): boolean =>
  name.startsWith(postingPrefix(family)) && /^[0-9a-f]{8}$/.test(name.slice(postingPrefix(family).length));

type Visit = (stored: StoredBody, values: Readonly<Record<string, unknown>>) => Script<void>;

/** Every stored entity of the table. */
function* eachBody(table: string, { rowKey }: Definitions, visit: Visit): Script<void> {
  const order = rowKey.join(', ');
  let last: StoredBody = { tenant: '', row: 0, body: '' };
  for (;;) {
    const position: readonly Value[] = rowKey.map((column) => last[column]);
    const behind = `(${order}) > (${position.map(() => '?').join(', ')})`;
    const page: readonly StoredBody[] = yield* all<StoredBody>(
      sql(
        `SELECT tenant, row, body FROM ${quoted(table)} WHERE ${behind} ORDER BY ${order} LIMIT ${chunk}`,
        ...position,
      ),
    );
    for (const stored of page) yield* visit(stored, JSON.parse(stored.body) as Record<string, unknown>);
    const end = page.at(-1);
    if (!end) return;
    last = end;
  }
}
