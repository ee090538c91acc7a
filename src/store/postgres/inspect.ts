import pg from 'pg';
import { faults } from '../faults.ts';
import { clientOptions } from './pools.ts';
import { settingsOf } from './settings.ts';
import { steps } from './steps.ts';
import { sentenceOf } from './translate.ts';

/** Serializable transactions, identity columns and everything else we use. */
const oldestVersion = 130_000;

/**
 * What is wrong with the database, without writing to it: a server too old, tables of a newer version or of another program,
 * indexes that were left unfinished. Empty when it is sound, undefined when there are no tables yet. Throws `store.unusable`.
 */
export async function inspectPostgres(url: string): Promise<readonly string[] | undefined> {
  const settings = settingsOf(url);
  const client = new pg.Client(clientOptions(settings, { default_transaction_read_only: 'on' }));
  client.on('error', () => undefined);
  try {
    await client.connect();
    const ask = async (text: string) => (await client.query(text)).rows as readonly Readonly<Record<string, unknown>>[];
    const [server] = await ask("SELECT current_setting('server_version_num')::int AS number, version() AS name");
    if (Number(server?.['number']) < oldestVersion)
      return [`${server?.['name']} is too old; 13 is the oldest that will do.`];
    const tables = await ask('SELECT tablename FROM pg_tables WHERE schemaname = current_schema()');
    if (tables.length === 0) return undefined;
    if (!tables.some((table) => table['tablename'] === 'usher_migration')) {
      return [`its schema '${settings.schema}' belongs to another program.`];
    }
    const [found] = await ask('SELECT max(version) AS version FROM usher_migration');
    const version = Number(found?.['version']);
    if (version > steps.length) return [`it was written by a newer version (schema ${version}).`];
    const broken = await ask(
      `SELECT c.relname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
       JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND NOT i.indisvalid LIMIT 10`,
    );
    return broken.map((index) => `index ${index['relname']} is not valid.`);
  } catch (cause) {
    throw faults.unusable({ url: settings.shown, reason: `${sentenceOf(cause).replace(/\.$/, '')}.` });
  } finally {
    await client.end().catch(() => undefined);
  }
}
