import type { Catalogue, Family, HotProperty, TupleProperty } from '../catalogue.ts';
import { quoted, sql } from '../sql/fragment.ts';
import { columnOf, hotValue, tableOf, tuplesOf, tupleTableOf } from '../sql/layout.ts';
import type { Connection } from './connection.ts';

interface StoredBody {
  readonly row: number;
  readonly tenant: string;
  readonly body: string;
}

/** Rows read at once while a new column or table is filled. */
const chunk = 500;
const hotColumn = /^(text|number|boolean)_/;

/** Makes tables, columns and indexes what the model asks for, and fills the new ones from the stored JSON. */
export function reconcile(connection: Connection, catalogue: Catalogue): void {
  const tupleTables = new Set(catalogue.families.flatMap((f) => f.tuples.map((tuple) => tupleTableOf(f, tuple))));
  const known = catalogue.families.map(({ name }) => `t_${name.replace(/\W/g, '_')}_`);
  for (const name of names(connection, 'table')) {
    if (known.some((prefix) => name.startsWith(prefix)) && !tupleTables.has(name))
      connection.exec(`DROP TABLE ${quoted(name)}`);
  }
  for (const family of catalogue.families) {
    reconcileColumns(connection, family);
    for (const tuple of family.tuples) reconcileTuple(connection, family, tuple);
  }
}

const names = (connection: Connection, kind: 'table' | 'index', table?: string): readonly string[] =>
  connection
    .all<{ name: string }>(
      sql(
        'SELECT name FROM sqlite_schema WHERE type = ? AND (? IS NULL OR tbl_name = ?)',
        kind,
        table ?? null,
        table ?? null,
      ),
    )
    .map(({ name }) => name);

function reconcileColumns(connection: Connection, family: Family): void {
  const table = tableOf(family);
  connection.exec(`
    CREATE TABLE IF NOT EXISTS ${quoted(table)} (
      row INTEGER PRIMARY KEY, tenant TEXT NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL,
      type TEXT NOT NULL, etag INTEGER NOT NULL, place TEXT, body TEXT NOT NULL
    );
    CREATE UNIQUE INDEX IF NOT EXISTS ${quoted(`k_${table}`)} ON ${quoted(table)} (tenant, scope, key);
  `);
  const indexes = new Map(family.hot.map((property) => [indexName(table, property), property]));
  for (const name of names(connection, 'index', table)) {
    if (/^[iu]_/.test(name) && !indexes.has(name)) connection.exec(`DROP INDEX ${quoted(name)}`);
  }
  const present = connection
    .all<{ name: string }>(sql('SELECT name FROM pragma_table_info(?)', table))
    .map(({ name }) => name);
  const wanted = new Set(family.hot.map(columnOf));
  for (const column of present.filter((name) => hotColumn.test(name) && !wanted.has(name))) {
    // A column that nobody keeps up to date would lie when the property is indexed again.
    connection.exec(`ALTER TABLE ${quoted(table)} DROP COLUMN ${quoted(column)}`);
  }
  const missing = family.hot.filter((property) => !present.includes(columnOf(property)));
  for (const property of missing)
    connection.exec(`ALTER TABLE ${quoted(table)} ADD COLUMN ${quoted(columnOf(property))}`);
  if (missing.length > 0) fillColumns(connection, table, missing);
  for (const [name, property] of indexes) {
    const column = quoted(columnOf(property));
    const [kind, on] = property.unique
      ? ['UNIQUE INDEX', `tenant, ${column}`]
      : ['INDEX', `tenant, scope, ${column}, key`];
    connection.exec(`CREATE ${kind} IF NOT EXISTS ${quoted(name)} ON ${quoted(table)} (${on})`);
  }
}

const indexName = (table: string, property: HotProperty): string =>
  `${property.unique ? 'u' : 'i'}_${table}_${columnOf(property)}`;

function fillColumns(connection: Connection, table: string, missing: readonly HotProperty[]): void {
  const assignments = missing.map((property) => `${quoted(columnOf(property))} = ?`).join(', ');
  eachBody(connection, table, ({ row, body }) => {
    const values: unknown = JSON.parse(body);
    const found = missing.map((property) => hotValue(values, property));
    connection.run(sql(`UPDATE ${quoted(table)} SET ${assignments} WHERE row = ?`, ...found, row));
  });
}

function reconcileTuple(connection: Connection, family: Family, tuple: TupleProperty): void {
  const table = tupleTableOf(family, tuple);
  if (names(connection, 'table', table).length > 0) return;
  const members = tuple.members.map((member) => quoted(columnOf(member))).join(', ');
  connection.exec(`
    CREATE TABLE ${quoted(table)} (tenant TEXT NOT NULL, row INTEGER NOT NULL, ${members});
    CREATE UNIQUE INDEX ${quoted(`u_${table}`)} ON ${quoted(table)} (tenant, ${members});
    CREATE INDEX ${quoted(`r_${table}`)} ON ${quoted(table)} (tenant, row);
  `);
  const places = tuple.members.map(() => ', ?').join('');
  eachBody(connection, tableOf(family), ({ row, tenant, body }) => {
    for (const found of tuplesOf(JSON.parse(body) as Record<string, unknown>, tuple)) {
      connection.run(
        sql(`INSERT INTO ${quoted(table)} (tenant, row, ${members}) VALUES (?, ?${places})`, tenant, row, ...found),
      );
    }
  });
}

function eachBody(connection: Connection, table: string, visit: (stored: StoredBody) => void): void {
  let last = 0;
  for (;;) {
    const page = connection.all<StoredBody>(
      sql(`SELECT row, tenant, body FROM ${quoted(table)} WHERE row > ? ORDER BY row LIMIT ${chunk}`, last),
    );
    for (const stored of page) visit(stored);
    const end = page.at(-1);
    if (!end) return;
    last = end.row;
  }
}
