import pg from 'pg';
import { quoted } from '../../src/store/sql/fragment.ts';
import type { Sink } from './fill-sqlite.ts';
import type { Rows } from './rows.ts';

type Found = readonly Readonly<Record<string, string>>[];

const indexesOf = `SELECT c.relname AS name, pg_get_indexdef(c.oid) AS text, pg_get_constraintdef(k.oid) AS key, k.conname AS held
  FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid LEFT JOIN pg_constraint AS k ON k.conindid = c.oid
  WHERE i.indrelid = $1::regclass`;
const columnsOf = `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
  WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`;

/** Indexes are built at the end, and the planner is told what there is, as the server's own housekeeping would in time. */
export async function postgresSink(url: string): Promise<Sink> {
  const client = new pg.Client({
    connectionString: url,
    options: '-c search_path=usher -c maintenance_work_mem=512MB -c synchronous_commit=off',
  });
  await client.connect();
  const ask = async (text: string, values: readonly unknown[] = []): Promise<Found> =>
    (await client.query(text, [...values])).rows;
  const [sequence] = await ask(
    `SELECT sequencename AS name, coalesce(last_value, 0) AS last FROM pg_sequences WHERE schemaname = current_schema() AND sequencename LIKE 'sequence\\_%'`,
  );
  if (!sequence?.['name']) throw new Error('The database has no sequence of numbers.');
  const types = new Map<string, ReadonlyMap<string, string>>();
  const rebuild: string[] = [];

  async function open(table: string): Promise<void> {
    if (types.has(table)) return;
    const columns = await ask(columnsOf, [quoted(table)]);
    types.set(table, new Map(columns.map(({ name = '', type = '' }) => [name, type])));
    for (const { name = '', text = '', key, held } of await ask(indexesOf, [quoted(table)])) {
      await ask(held ? `ALTER TABLE ${quoted(table)} DROP CONSTRAINT ${quoted(held)}` : `DROP INDEX ${quoted(name)}`);
      rebuild.push(held ? `ALTER TABLE ${quoted(table)} ADD CONSTRAINT ${quoted(held)} ${key}` : text);
    }
  }

  async function put(table: string, { columns, rows }: Rows): Promise<void> {
    const known = types.get(table);
    const arrays = columns.map((name, at) => `$${at + 1}::${known?.get(name)}[]`).join(', ');
    // What an insertion would find to be there already is left out: without indexes nothing finds it.
    const unique = [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
    await ask(
      `INSERT INTO ${quoted(table)} (${columns.map(quoted).join(', ')}) SELECT * FROM unnest(${arrays})`,
      columns.map((_, at) => unique.map((row) => row[at] ?? null)),
    );
  }

  return {
    number: Number(sequence['last']),
    async put(tables) {
      await ask('BEGIN');
      for (const [table, rows] of tables) {
        await open(table);
        await put(table, rows);
      }
      await ask('COMMIT');
    },
    async end(number) {
      for (const text of rebuild) await ask(text);
      await ask('SELECT setval($1, $2)', [sequence['name'], number]);
      await ask('VACUUM ANALYZE');
      await client.end();
    },
  };
}
