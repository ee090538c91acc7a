import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import { newId, type Observation, type Observe, silent, system, systemClock } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { type Change, type Database, missedChanges, removedTenant, type Store } from '../store.ts';
import { postgresDatabase } from './postgres.ts';

const { user } = entities;
const by = system('test');

describe('postgres: the changes of other processes', () => {
  let database: TestDatabase;
  const open = (url = database.url, observe: Observe = silent) =>
    postgresDatabase(url, { clock: systemClock, observe, types: Object.values(entities) });
  let here: Database;
  let there: Database;
  before(async () => {
    database = await testDatabase();
    [here, there] = [await open(), await open()];
  });
  after(async () => {
    await here.close();
    await there.close();
    await database.drop();
  });

  const insert = (store: Store, id: string) =>
    store.write((t) => t.insert({ ref: { type: user, id }, values: {} }, by));

  /** What the process here hears of one tenant. Resolves once it follows. */
  async function follower(context: TestContext, tenantId: string) {
    const heard: Change[] = [];
    const stop = new AbortController();
    let wake: () => void = () => undefined;
    let follows = false;
    const following = (async () => {
      for await (const change of here.foreignChanges(stop.signal)) {
        follows = true;
        if (change.tenantId === tenantId) heard.push(change);
        wake();
      }
    })();
    context.after(async () => {
      stop.abort();
      await following;
    });
    // It begins with what is written after its first look; whatever it hears tells that this has been.
    for (const other = there.tenant(newId()); !follows; await wait(10)) await insert(other, newId());
    return {
      heard,
      /** Resolves when so many were heard. */
      async until(count: number): Promise<readonly string[]> {
        const late = AbortSignal.timeout(20_000);
        while (heard.length < count) {
          assert.ok(!late.aborted, `only ${heard.length} of ${count}`);
          await new Promise<void>((resolve) => {
            wake = resolve;
            setTimeout(resolve, 100).unref();
          });
        }
        return heard.map(({ key }) => key);
      },
      /** Ends the connection that notices come on; resolves to how many there were. */
      async deafen(): Promise<number> {
        const ended = await database.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
        );
        return ended.length;
      },
    };
  }

  test('they are heard in the order of their numbers, once, and never the own ones', async (context) => {
    const tenant = newId();
    const ear = await follower(context, tenant);
    for (let count = 0; count < 5; count += 1) {
      await insert(there.tenant(tenant), `there ${count}`);
      await insert(here.tenant(tenant), `here ${count}`);
    }
    await insert(there.tenant(tenant), 'last');
    assert.deepEqual(await ear.until(6), [0, 1, 2, 3, 4].map((count) => `there ${count}`).concat('last'));
  });

  test('none is missed and none comes twice, however often the connection for notices is lost', async (context) => {
    const tenant = newId();
    const ear = await follower(context, tenant);
    const written: string[] = [];
    let killed = 0;
    const kill = async () => {
      while (killed < 3) killed += await ear.deafen();
    };
    const write = async () => {
      while (killed < 3 || written.length < 100) {
        const id = `u${written.length}`;
        written.push(id);
        await insert(there.tenant(tenant), id);
      }
    };
    await Promise.all([kill(), write()]);
    assert.deepEqual(await ear.until(written.length), written);
  });

  test('none is missed while every connection is lost', async (context) => {
    const tenant = newId();
    const ear = await follower(context, tenant);
    await insert(there.tenant(tenant), 'before');
    await ear.until(1);
    await database.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    // Which of its connections are gone the pool finds out one by one.
    const write = (): Promise<unknown> => insert(there.tenant(tenant), 'after').catch(write);
    await write();
    assert.deepEqual(await ear.until(2), ['before', 'after']);
  });

  test('that a tenant was removed is heard', async (context) => {
    const tenant = newId();
    const ear = await follower(context, tenant);
    await there.tenants.create({ id: tenant, domains: [`${tenant}.example`], displayName: 'Short-lived' });
    assert.equal(await there.tenants.remove(tenant), true);
    assert.deepEqual(await ear.until(1), [tenant]);
    assert.deepEqual([ear.heard[0]?.type, ear.heard[0]?.verb], [removedTenant, 'deleted']);
  });

  test('whoever was away for longer than the log reaches back is told so, and then of what came later', async (context) => {
    const tenant = newId();
    const stop = new AbortController();
    const changes = here.foreignChanges(stop.signal)[Symbol.asyncIterator]();
    context.after(() => stop.abort());
    const first = changes.next();
    for (let known = false; !known; known = await Promise.race([first.then(() => true), wait(50, false)])) {
      await insert(there.tenant(tenant), newId());
    }
    // Nobody asks for more while these are written and removed from the log.
    await insert(there.tenant(tenant), 'unseen');
    const tomorrow = { now: () => systemClock.now() + 86_400 };
    const options = { clock: tomorrow, observe: silent, types: Object.values(entities), changeRetentionDays: 0 };
    const sweeper = await postgresDatabase(database.url, options);
    context.after(() => sweeper.close());
    while ((await sweeper.sweep()) > 0);
    await insert(there.tenant(tenant), 'later');
    const told: Change[] = [];
    while (told.at(-1)?.key !== 'later') told.push((await changes.next()).value);
    assert.deepEqual(told.map(({ type, key }) => [type, key]).slice(-2), [
      [missedChanges, ''],
      [user.name, 'later'],
    ]);
  });

  test('without any notice they are found by looking', async (context) => {
    const tenant = newId();
    const ear = await follower(context, tenant);
    await insert(there.tenant(tenant), 'first');
    await ear.until(1);
    await logQuietly(tenant, 'second');
    assert.deepEqual(await ear.until(2), ['first', 'second']);
  });

  test('what was written last is told before the process closes the database, which warns of nothing', async (context) => {
    const quiet = await testDatabase();
    context.after(() => quiet.drop());
    const told: Observation[] = [];
    const passing = await open(quiet.url, (one) => told.push(one));
    const listener = new pg.Client({ connectionString: quiet.url });
    await listener.connect();
    await listener.query('LISTEN usher_usher');
    const notice = once(listener, 'notification', { signal: AbortSignal.timeout(20_000) });
    await insert(passing.tenant(newId()), 'last');
    await passing.close();
    await notice.finally(() => listener.end());
    assert.deepEqual(
      told.filter(({ kind }) => kind === 'warning'),
      [],
    );
  });

  /** Puts a change into the log as another process would, but tells nobody. */
  const logQuietly = (tenant: string, key: string) =>
    database.query(
      `INSERT INTO usher.change (tenant, sequence, type, key, verb, properties, caller, at, process)
       SELECT tenant, nextval((SELECT format('usher.%I', sequencename)::regclass FROM pg_sequences WHERE schemaname = 'usher'
         AND sequencename LIKE 'sequence%')), type, $2, verb, properties, caller, at, process
       FROM usher.change WHERE tenant = $1`,
      [tenant, key],
    );

  /** Resolves when somebody has begun, from now on, to look how far the log is settled, and has the answer. */
  async function looked(): Promise<void> {
    const [now] = await database.query('SELECT clock_timestamp() AS at');
    const looks = `SELECT 1 FROM pg_stat_activity WHERE query LIKE '%AS settled%' AND query_start > $1 AND state = 'idle'
      AND pid <> pg_backend_pid()`;
    while ((await database.query(looks, [now?.['at']])).length === 0) await wait(10);
  }

  test('a change that was numbered early and committed late comes in its place, not lost behind the later one', async (context) => {
    const tenant = newId();
    const ear = await follower(context, tenant);
    const store = there.tenant(tenant);
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begun: () => void = () => undefined;
    const numbered = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const slow = store.write(async (t) => {
      await t.insert({ ref: { type: user, id: 'slow' }, values: {} }, by);
      begun();
      await released;
    });
    await numbered;
    await insert(store, 'quick');
    // Had the follower gone on to the quick one, the slow one would be behind it and lost.
    await looked();
    assert.deepEqual(ear.heard, []);
    release();
    await slow;
    assert.deepEqual(await ear.until(2), ['slow', 'quick']);
  });
});
