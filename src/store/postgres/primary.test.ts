import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { type OwnServer, startPostgres, type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import { Fault, type Observation, silent, system, systemClock } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { type Database, missedChanges } from '../store.ts';
import { inspectPostgres } from './inspect.ts';
import { postgresDatabase } from './postgres.ts';

const { user } = entities;
const by = system('test');
const fault =
  (code: string, words = /./) =>
  (error: unknown) =>
    error instanceof Fault && error.code === code && words.test(error.message);

const open = (url: string, observe: (one: Observation) => void = silent): Promise<Database> =>
  postgresDatabase(url, { clock: systemClock, observe, types: [user] });
const insert = (database: Database, id: string) =>
  database.tenant('t').write((t) => t.insert({ ref: { type: user, id }, values: {} }, by));

async function ask(url: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Until it is as it should be, which it is not while it fails, or ten seconds are over. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const late = AbortSignal.timeout(10_000);
  for (; !(await isSo().catch(() => false)); await wait(50)) assert.ok(!late.aborted, 'in time');
}

describe('postgres: a primary and its standby', () => {
  let server: OwnServer;
  let both: string;
  let standby: string;
  before(async () => {
    server = await startPostgres({ durable: true, standby: true });
    const { url } = await testDatabase(server);
    standby = `${server.standby ?? ''}${new URL(url).pathname}`;
    // The standby first: who takes the first that answers takes the wrong one.
    both = url.replace(new URL(url).host, `${new URL(standby).host},${new URL(url).host}`);
    // It has heard of the database when it knows it.
    await until(async () => (await ask(standby, 'SELECT 1')).length === 1);
  });
  after(() => server.stop());

  test('a standby alone is refused; with its primary beside it, the primary is found', async () => {
    await assert.rejects(open(standby), fault('store.unusable', /this is a standby\. Use the address of the primary/));
    const opened = await open(both);
    await insert(opened, 'first');
    await opened.close();
    assert.equal((await inspectPostgres(both, [user])).state, 'current');
    await until(async () => (await ask(standby, 'SELECT 1 FROM usher.e_user')).length === 1);
  });

  test('where none of the servers takes writes, a start says so of each, and that it may go by itself', async () => {
    const without = both.replace(/,[^/]+/, ',127.0.0.1:1');
    const words = /none of its servers takes writes\. 127\.0\.0\.1:\d+: .*standby\. 127\.0\.0\.1:1: nothing listens/;
    for (const attempt of [() => open(without), () => inspectPostgres(without, [user])])
      await assert.rejects(attempt(), fault('store.unreachable', words));
    const wrong = both.replace(/:[^:@/]+@/, ':hunter2@');
    await assert.rejects(
      open(wrong),
      fault('store.unusable', /none of its servers can be used.*password of 'postgres'/),
    );
  });

  test('when the standby is promoted it is used within seconds, everybody forgets what they kept, and the former primary gets nothing', async (t) => {
    const told: Observation[] = [];
    const here = await open(both, (one) => told.push(one));
    const ending = new AbortController();
    let forgot = false;
    const following = (async () => {
      for await (const { type } of here.foreignChanges(ending.signal)) forgot ||= type === missedChanges;
    })();
    t.after(async () => {
      ending.abort();
      await following;
      await here.close();
    });
    await insert(here, 'before');
    await server.kill();
    await assert.rejects(insert(here, 'away'), fault('store.unavailable'));
    await ask(`${server.standby ?? ''}/postgres`, 'SELECT pg_promote(true, 20)');
    await until(async () => (await insert(here, 'after')).changes.length === 1);
    await until(async () => forgot);
    assert.ok(told.some((one) => one.kind === 'warning' && /primary of the database is now at/.test(one.message)));

    await server.recover();
    const fresh = await open(both);
    await insert(fresh, 'fresh');
    await fresh.close();
    await insert(here, 'last');
    const ids = async (url: string) => (await ask(url, 'SELECT id FROM usher.e_user ORDER BY row')).map(({ id }) => id);
    assert.deepEqual(await ids(standby), ['first', 'before', 'after', 'fresh', 'last']);
    const former = new URL(server.url).host;
    assert.deepEqual(await ids(both.replace(/@[^/]+/, `@${former}`)), ['first', 'before']);
  });
});

describe('postgres: a commit that waits for a standby', () => {
  let server: OwnServer;
  let database: TestDatabase;
  before(async () => {
    server = await startPostgres({ durable: true });
    database = await testDatabase(server);
  });
  after(() => server.stop());

  test('is not called done when it is told to wait no longer, though the server says so', async () => {
    const opened = await open(database.url);
    await insert(opened, 'before');
    await database.query('ALTER SYSTEM SET synchronous_standby_names = nobody');
    await database.query('SELECT pg_reload_conf()');
    const waiting = "FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = 'usher'";
    await until(
      async () =>
        (await database.query('SHOW synchronous_standby_names'))[0]?.['synchronous_standby_names'] === 'nobody',
    );
    const doubtful = assert.rejects(insert(opened, 'doubtful'), fault('store.unavailable'));
    await until(async () => (await database.query(`SELECT 1 ${waiting}`)).length === 1);
    await database.query(`SELECT pg_cancel_backend(pid) ${waiting}`);
    await doubtful;
    await database.query('ALTER SYSTEM RESET synchronous_standby_names');
    await database.query('SELECT pg_reload_conf()');
    await insert(opened, 'after');
    await opened.close();
  });
});
