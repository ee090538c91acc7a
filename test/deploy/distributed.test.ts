import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '../../src/kernel/index.ts';
import { allTypes } from '../../src/model/index.ts';
import { openDatabase } from '../../src/store/index.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';
import { read } from './orders.ts';

const script = read('deploy/distributed/citus.sql');

/** What Citus brings, as far as the script asks for it: it notes what was distributed. */
const citus = `
  CREATE TABLE pg_dist_partition (logicalrelid regclass, distribution_column text, colocated text);
  CREATE FUNCTION create_distributed_table(one regclass, by text, colocate_with text DEFAULT 'default') RETURNS void
    LANGUAGE sql AS 'INSERT INTO pg_dist_partition VALUES (one, by, colocate_with)';
`;

/** Stay on the coordinator, as README.md says. */
const local = ['change', 'counter', 'domain', 'ephemeral', 'ephemeral_index', 'program', 'tenant', 'usher_migration'];

describe('the tables as Citus would be given them', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
    const services = { clock: systemClock, observe: () => undefined, types: allTypes(), migrate: 'always' } as const;
    await (await openDatabase(database.url, services)).close();
    await database.query(citus);
  });
  after(() => database.drop());

  const names = async (question: string): Promise<readonly unknown[]> =>
    (await database.query(question)).map((row) => Object.values(row)[0]);
  const tables = () =>
    names(`SELECT relname::text FROM pg_class WHERE relnamespace = 'usher'::regnamespace AND relkind = 'r' ORDER BY 1`);
  const distributed = () =>
    names(`SELECT c.relname::text FROM pg_dist_partition AS d JOIN pg_class AS c ON c.oid = d.logicalrelid ORDER BY 1`);

  test('the script distributes every table but those that stay, by tenant and together, and a second time nothing', async () => {
    await database.query(script);
    const all = await tables();
    assert.ok(all.length > 30);
    assert.deepEqual(
      await distributed(),
      all.filter((name) => !local.includes(String(name))),
    );
    for (const name of local) assert.ok(all.includes(name), `${name} is still there`);
    const [group, ...others] = await names(
      'SELECT DISTINCT distribution_column || colocated FROM pg_dist_partition ORDER BY 1 DESC',
    );
    assert.deepEqual([group, ...others], ['tenantusher.link', 'tenantdefault'], 'one begins the group');
    const before = await names('SELECT count(*)::int FROM pg_dist_partition');
    await database.query(script);
    assert.deepEqual(await names('SELECT count(*)::int FROM pg_dist_partition'), before);
  });

  test('a table that a later version brings is distributed when the script is run again', async () => {
    await database.query(
      'CREATE TABLE usher.e_later (tenant text COLLATE "C" NOT NULL, id text, PRIMARY KEY (tenant, id))',
    );
    await database.query(script);
    assert.ok((await distributed()).includes('e_later'));
    await database.query("DELETE FROM pg_dist_partition WHERE logicalrelid = 'usher.e_later'::regclass");
    await database.query('DROP TABLE usher.e_later');
  });

  test('each can be distributed: unique by tenant, one type of tenant, no foreign keys, triggers or columns that count', async () => {
    const each = 'FROM pg_dist_partition AS d JOIN pg_class AS c ON c.oid = d.logicalrelid';
    const tenants =
      await names(`SELECT DISTINCT format_type(a.atttypid, a.atttypmod) || ' ' || k.collname || ' ' || a.attnotnull ${each}
      LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'tenant' LEFT JOIN pg_collation AS k ON k.oid = a.attcollation`);
    assert.deepEqual(tenants, ['text C true']);
    const loose = `SELECT i.indexrelid::regclass::text ${each} JOIN pg_index AS i ON i.indrelid = c.oid
      WHERE i.indisunique AND NOT EXISTS (
        SELECT 1 FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'tenant' AND a.attnum = ANY (i.indkey::int2[]))`;
    assert.deepEqual(await names(loose), []);
    assert.deepEqual(await names("SELECT conname FROM pg_constraint WHERE contype = 'f'"), []);
    assert.deepEqual(await names('SELECT tgname FROM pg_trigger WHERE NOT tgisinternal'), []);
    const counting = `SELECT c.relname ${each} JOIN pg_attribute AS a ON a.attrelid = c.oid AND (a.attidentity <> '' OR a.atthasdef)`;
    assert.deepEqual(await names(counting), []);
  });
});
