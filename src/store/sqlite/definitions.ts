import { quoted, sql } from '../sql/fragment.ts';
import type { Definitions } from '../sql/reconcile.ts';

export const sqliteDefinitions: Definitions = {
  inventory: sql(
    `SELECT type AS kind, tbl_name AS "table", name FROM sqlite_schema WHERE type IN ('table', 'index')
     UNION ALL SELECT 'column', m.name, c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'`,
  ),
  entityTable: (table) => `
    CREATE TABLE ${quoted(table)} (
      row INTEGER PRIMARY KEY, tenant TEXT NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL,
      type TEXT NOT NULL, etag INTEGER NOT NULL, place TEXT, body TEXT NOT NULL
    )`,
  keyOnly: ' WITHOUT ROWID',
  tupleColumns: 'tenant TEXT NOT NULL, row INTEGER NOT NULL',
  // Without a type SQLite keeps a value as it is given.
  columnType: () => '',
  rowKey: ['row'],
  nullsFirst: '',
};
