import type { ColumnKind } from '../sql/dialect.ts';
import { quoted, sql } from '../sql/fragment.ts';
import type { Definitions } from '../sql/reconcile.ts';

const text = 'text COLLATE "C"';
const types: Readonly<Record<ColumnKind, string>> = { text, number: 'double precision', boolean: 'smallint' };

/** Of the schema that the connection works in. */
export const postgresDefinitions: Definitions = {
  inventory: sql(
    `SELECT 'table' AS kind, c.relname AS "table", c.relname AS name FROM pg_class AS c
       JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
     UNION ALL SELECT 'index', tablename, indexname FROM pg_indexes WHERE schemaname = current_schema()
     UNION ALL SELECT 'column', c.relname, a.attname FROM pg_class AS c
       JOIN pg_namespace AS n ON n.oid = c.relnamespace
       JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')`,
  ),
  // Room on every page for the next version of a row, so that an update that touches no index stays on it.
  entityTable: (table) => `
    CREATE TABLE ${quoted(table)} (
      tenant ${text} NOT NULL, row bigint NOT NULL, scope ${text} NOT NULL, key ${text} NOT NULL, id text NOT NULL,
      type ${text} NOT NULL, etag bigint NOT NULL, place text, body text NOT NULL,
      PRIMARY KEY (tenant, row)
    ) WITH (fillfactor = 85)`,
  tupleColumns: `tenant ${text} NOT NULL, row bigint NOT NULL`,
  columnType: (kind) => types[kind],
  rowKey: ['tenant', 'row'],
  nullsFirst: ' NULLS FIRST',
};
