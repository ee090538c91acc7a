import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import { Fault, type Observation } from '../../kernel/index.ts';
import { sql } from '../sql/fragment.ts';
import { openPools, type Pools, type Role } from './pools.ts';
import { Primary } from './primary.ts';
import { Session } from './session.ts';
import { settingsOf } from './settings.ts';
import { isLost } from './translate.ts';

const fault = (code: string) => (error: unknown) => error instanceof Fault && error.code === code;

describe('postgres: connections', () => {
  let database: TestDatabase;
  const told: Observation[] = [];
  const opened: Pools[] = [];
  const open = (rest = '') => {
    const observe = (one: Observation) => told.push(one);
    const pools = openPools(new Primary(settingsOf(`${database.url}${rest}`), observe), observe);
    opened.push(pools);
    return pools;
  };
  before(async () => {
    database = await testDatabase();
  });
  after(async () => {
    for (const pools of opened) await pools.end();
    await database.drop();
  });

  const backend = async (session: Session) => {
    const [own] = await session.all<{ pid: number }>(sql('SELECT pg_backend_pid() AS pid'));
    return own?.pid ?? 0;
  };

  test('no more are made than allowed, nobody waits for ever, and writing does not wait for reading', async () => {
    const pools = open('?pool_size=2&connect_timeout=1&application_name=bounded');
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const held = [1, 2].map(() => pools.with('reader', () => released));
    const began = performance.now();
    await assert.rejects(
      pools.with('reader', async () => undefined),
      fault('store.unavailable'),
    );
    assert.ok(performance.now() - began < 5_000);
    assert.ok(await pools.with('writer', backend));
    const [count] = await database.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'bounded'",
    );
    assert.equal(count?.['n'], 3);
    release();
    await Promise.all(held);
    assert.ok(await pools.with('reader', backend));
  });

  test('a statement that takes too long is cancelled, and the connection is used again', async () => {
    const pools = open('?pool_size=1');
    const first = await pools.with('reader', backend);
    const slow = pools.with('reader', (session) => session.exec('SET statement_timeout = 20; SELECT pg_sleep(20)'));
    await assert.rejects(slow, fault('store.slow'));
    assert.equal(await pools.with('reader', backend), first);
  });

  test('a server that does not answer at all is given up, and its connection with it', async (t) => {
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    t.after(() => pool.end());
    const client = await pool.connect();
    const session = new Session(client, 50);
    for (const ask of [() => session.exec('SELECT pg_sleep(20)'), () => session.all(sql('SELECT 1 AS one'))]) {
      await assert.rejects(ask(), (error) => isLost(error));
    }
    assert.ok(isLost(session.failure), 'so that the pool closes it');
    session.release(true);
    assert.equal(pool.totalCount, 0);
  });

  test('every connection has limits for what is asked on it, and one for reading cannot write', async () => {
    const pools = open();
    const limits = async (role: Role) => {
      const shown = await pools.with(role, (session) =>
        session.all<{ name: string; setting: string }>(
          sql(
            `SELECT name, setting FROM pg_settings WHERE setting <> '0' AND name IN
              ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') ORDER BY name`,
          ),
        ),
      );
      return shown.map(({ name }) => name);
    };
    assert.deepEqual(await limits('reader'), ['statement_timeout']);
    assert.deepEqual(await limits('writer'), [
      'idle_in_transaction_session_timeout',
      'lock_timeout',
      'statement_timeout',
    ]);
    await assert.rejects(pools.with('reader', (session) => session.exec('CREATE TABLE t (a int)')));
    assert.deepEqual(await database.query("SELECT 1 FROM pg_tables WHERE tablename = 't'"), []);
  });

  test('a connection that ends in the middle is replaced, and its user is told that the database was away', async () => {
    const pools = open('?pool_size=1');
    let lost = 0;
    const work = pools.with('writer', async (session) => {
      lost = await backend(session);
      await database.query('SELECT pg_terminate_backend($1)', [lost]);
      for (;;) await backend(session);
    });
    await assert.rejects(work, fault('store.unavailable'));
    assert.notEqual(await pools.with('writer', backend), lost);
    const [warning] = told.filter((one) => one.kind === 'warning' && fault('store.unavailable')(one.error));
    assert.ok(warning, 'the log tells');
  });

  test('a statement is prepared once for a connection, and what is kept prepared has an end', async () => {
    const pools = open('?pool_size=1');
    const prepared = (session: Session) =>
      session.all<{ n: number }>(sql('SELECT count(*)::int AS n FROM pg_prepared_statements'));
    const count = () => pools.with('reader', async (session) => (await prepared(session))[0]?.n ?? 0);
    for (let round = 0; round < 5; round += 1) {
      const found = await pools.with('reader', (session) => session.all(sql('SELECT ? + 1 AS n', round)));
      assert.deepEqual(found, [{ n: round + 1 }]);
    }
    assert.ok((await count()) <= 2, 'five rounds share one');
    let most = 0;
    for (let shape = 0; shape < 1_100; shape += 1) {
      await pools.with('reader', (session) => session.all(sql(`SELECT ?::int AS n${shape}`, shape)));
      if (shape % 100 === 0) most = Math.max(most, await count());
    }
    assert.ok(most > 100 && most <= 510, `${most} were kept`);
  });
});
