import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type OwnServer, startPostgres, type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import { silent, systemClock } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { encryption } from './checks.ts';
import { inspectPostgres } from './inspect.ts';
import { NotUsable } from './not-usable.ts';
import { postgresDatabase } from './postgres.ts';
import { checkServer } from './server.ts';
import { settingsOf } from './settings.ts';

const { user, application } = entities;

describe('postgres: what the doctor sees', () => {
  let server: OwnServer;
  let database: TestDatabase;
  /** An account that is no superuser. */
  let url: string;
  before(async () => {
    server = await startPostgres({ durable: true });
    await (await testDatabase(server)).query("CREATE ROLE plain LOGIN PASSWORD 'p'");
  });
  after(() => server.stop());
  beforeEach(async () => {
    database = await testDatabase(server);
    const changed = new URL(database.url);
    changed.username = 'plain';
    changed.password = 'p';
    url = changed.href;
  });

  const name = () => new URL(url).pathname.slice(1);
  const fill = async (from = url) => {
    const opened = await postgresDatabase(from, { clock: systemClock, observe: silent, types: [user] });
    await opened.close();
  };
  const inspect = (at = url) => inspectPostgres(at, [user]);
  const words = async (at = url) => (await inspect(at)).defects.map((one) => one.words);

  test('an empty database that will do, then one that a start has filled', async () => {
    await database.query(`GRANT CREATE ON DATABASE ${name()} TO plain`);
    const empty = await inspect();
    assert.deepEqual([empty.state, empty.defects], ['empty', []]);
    assert.match(empty.about, /^PostgreSQL \d+(\.\d+)?, schema usher$/);
    assert.deepEqual(await database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'usher'"), []);
    await fill();
    assert.deepEqual([(await inspect()).state, await words()], ['current', []]);
    assert.equal((await inspectPostgres(url, [user, application])).state, 'other');
  });

  test('rights that are missing', async () => {
    assert.deepEqual(await words(), ["'plain' may not make the schema 'usher'."]);
    await assert.rejects(fill(), /GRANT CONNECT, CREATE ON DATABASE/);
    await database.query('CREATE SCHEMA usher');
    assert.deepEqual(await words(), ["'plain' may not use the schema 'usher'."]);
    await fill(database.url);
    await database.query('GRANT USAGE, CREATE ON SCHEMA usher TO plain');
    const [found] = (await inspect()).defects;
    assert.match(found?.words ?? '', /'plain' does not own table '\w+' and \d+ more; 'postgres' does/);
    await database.query('GRANT postgres TO plain');
    assert.deepEqual(await words(), []);
    await database.query('REVOKE postgres FROM plain');
  });

  test('tables of another program or of a newer version, an index that is not whole', async () => {
    await database.query('CREATE SCHEMA usher AUTHORIZATION plain');
    await database.query('CREATE TABLE usher.orders (id int)');
    assert.match((await words())[0] ?? '', /'usher' belongs to another program/);
    await database.query('DROP TABLE usher.orders');
    await fill();
    await database.query('INSERT INTO usher.usher_migration (version, at) VALUES (999, 0)');
    assert.match((await words())[0] ?? '', /newer version \(schema 999/);
    await database.query('DELETE FROM usher.usher_migration WHERE version = 999');
    await database.query("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'usher.domain_tenant'::regclass");
    assert.deepEqual((await inspect()).defects, [
      {
        words: "its index 'domain_tenant' is not valid.",
        cure: 'On the server: REINDEX INDEX "usher"."domain_tenant".',
        minor: false,
      },
    ]);
  });

  test('what is only worth a word: too few connections, settings that lose data', async () => {
    await database.query('CREATE SCHEMA usher AUTHORIZATION plain');
    await database.query('ALTER ROLE plain CONNECTION LIMIT 10');
    const [few] = (await inspect()).defects;
    assert.match(few?.words ?? '', /may need 21 connections, and 'plain' can have 10/);
    assert.deepEqual(await words(`${url}?pool_size=4`), []);
    await database.query('ALTER ROLE plain CONNECTION LIMIT -1');
    await database.query('ALTER ROLE plain SET synchronous_commit = off');
    const [lossy] = (await inspect()).defects;
    assert.match(lossy?.words ?? '', /can lose what it has acknowledged .* synchronous_commit/);
    assert.ok(few?.minor && lossy?.minor);
    await database.query('ALTER ROLE plain RESET synchronous_commit');
  });

  test('clocks that differ, since lifetimes are told by them', async (context) => {
    await database.query('CREATE SCHEMA usher AUTHORIZATION plain');
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() + 120_000 });
    assert.match((await words())[0] ?? '', /clock and the clock here differ by 1[12]\d s/);
    context.mock.timers.reset();
    assert.deepEqual(await words(), []);
  });

  test('a way to another machine that others can listen to', async () => {
    const asked = async (rest: string) => {
      const found = await encryption(
        () => Promise.reject(new Error('asks nothing')),
        settingsOf(`postgres://me@${rest}`),
      );
      return found.map((one) => one.words);
    };
    assert.deepEqual(await asked('db.example/d?sslmode=disable'), ['the connection is not encrypted.']);
    assert.match((await asked('db.example/d?sslmode=require'))[0] ?? '', /anybody could be at its other end/);
    assert.deepEqual([await asked('db.example/d'), await asked('localhost/d')], [[], []]);
  });

  test('a server that will not do at all', () => {
    const sound = { version: 'PostgreSQL 16.4 on x86_64', number: 160_004, encoding: 'UTF8', standby: false };
    checkServer(sound);
    const cases: readonly (readonly [Partial<typeof sound>, RegExp, RegExp])[] = [
      [{ version: 'PostgreSQL 12.9 on x', number: 120_009 }, /^PostgreSQL 12\.9 is too old/, /13 or later/],
      [{ version: 'CockroachDB CCL v25.1.0 (x)' }, /CockroachDB.*not PostgreSQL/, /docs\/postgresql\.md/],
      [{ version: 'PostgreSQL 15.2-YB-2.25.0.0-b0 on x' }, /15\.2-YB-\S+, not PostgreSQL/, /docs\/postgresql\.md/],
      [{ encoding: 'SQL_ASCII' }, /SQL_ASCII/, /UTF8/],
      [{ standby: true }, /standby/, /primary/],
    ];
    for (const [change, reason, cure] of cases) {
      assert.throws(
        () => checkServer({ ...sound, ...change }),
        (error) => {
          assert.ok(error instanceof NotUsable);
          assert.match(error.message, reason);
          assert.match(error.cure, cure);
          return true;
        },
      );
    }
  });
});
