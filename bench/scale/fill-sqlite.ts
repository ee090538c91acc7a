import { DatabaseSync } from 'node:sqlite';
import { quoted } from '../../src/store/sql/fragment.ts';
import type { Rows } from './rows.ts';

/** Where rows are put in bulk, past the server, which must not run meanwhile. */
export interface Sink {
  /** The last number drawn in the database. */
  readonly number: number;
  put(tables: ReadonlyMap<string, Rows>): Promise<void>;
  /** Builds the indexes and says up to where numbers have been drawn. */
  end(number: number): Promise<void>;
}

interface Definition {
  readonly name: string;
  readonly sql: string;
}

const staged = (table: string): string => `staged_${table}`;

/** Nothing is durable until the end, and indexes are built at the end, since each is then written in its order. */
export function sqliteSink(file: string): Sink {
  const database = new DatabaseSync(file);
  database.exec(
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA temp_store = FILE;',
  );
  const counter = database.prepare("SELECT value FROM counter WHERE name = 'sequence'").get() as { value: number };
  const dropped = new Map<string, readonly Definition[]>();
  /** Tables that are nothing but their key, filled from a copy in its order. */
  const keyed = new Set<string>();

  function open(table: string, columns: readonly string[]): void {
    if (dropped.has(table)) return;
    const keyOnly = database
      .prepare('SELECT 1 AS found FROM sqlite_schema WHERE name = ? AND sql LIKE ?')
      .get(table, '%WITHOUT ROWID');
    if (keyOnly) {
      database.exec(`CREATE TEMP TABLE ${staged(table)} (${columns.map(quoted).join(', ')})`);
      keyed.add(table);
    }
    const indexes = database.prepare(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
    );
    const found = indexes.all(table) as unknown as readonly Definition[];
    for (const { name } of found) database.exec(`DROP INDEX ${quoted(name)}`);
    dropped.set(table, found);
  }

  return {
    number: counter.value,
    async put(tables) {
      for (const [table, { columns }] of tables) open(table, columns);
      database.exec('BEGIN');
      for (const [table, { columns, rows }] of tables) {
        const into = keyed.has(table) ? staged(table) : table;
        const insert = database.prepare(
          `INSERT INTO ${quoted(into)} (${columns.map(quoted).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
        );
        for (const row of rows) insert.run(...row);
      }
      database.exec('COMMIT');
    },
    async end(number) {
      for (const table of keyed) {
        const columns = database.prepare('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk').all(table);
        const names = columns.map(({ name }) => quoted(String(name))).join(', ');
        database.exec(
          `INSERT OR IGNORE INTO ${quoted(table)} (${names}) SELECT ${names} FROM ${staged(table)} ORDER BY ${names}`,
        );
      }
      for (const indexes of dropped.values()) for (const { sql } of indexes) database.exec(sql);
      database.prepare("UPDATE counter SET value = ? WHERE name = 'sequence'").run(number);
      database.close();
    },
  };
}
