import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import { Fault, type Observation, system, systemClock } from '../../kernel/index.ts';
import { type EntityType, entities } from '../../model/index.ts';
import { postgresDatabase } from './postgres.ts';
import { steps } from './steps.ts';

const { user, application, servicePrincipal } = entities;
const by = system('test');
const databases: TestDatabase[] = [];
after(() => Promise.all(databases.map((database) => database.drop())));

async function empty(): Promise<TestDatabase> {
  const database = await testDatabase();
  databases.push(database);
  return database;
}

function open(url: string, types: readonly EntityType[] = Object.values(entities)) {
  const told: Observation[] = [];
  const opening = postgresDatabase(url, { clock: systemClock, observe: (one) => told.push(one), types });
  return { opening, migrations: () => told.filter(({ kind }) => kind === 'store.migrated').length };
}

const unusable = (reason: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Fault && error.code === 'store.unusable', String(error));
  assert.match(error.message, reason);
  return true;
};

describe('postgres: the tables', () => {
  test('servers that start at once on an empty database make them once', async () => {
    const { url } = await empty();
    const starts = Array.from({ length: 4 }, () => open(url));
    const opened = await Promise.all(starts.map(({ opening }) => opening));
    const taken = starts.map(({ migrations }) => migrations()).sort();
    assert.deepEqual(taken, [0, 0, 0, steps.length]);
    await opened[0]?.tenant('t').write((t) => t.insert({ ref: { type: user, id: 'u' }, values: {} }, by));
    for (const database of opened) {
      assert.ok(await database.tenant('t').read((reader) => reader.get({ type: user, id: 'u' })));
      await database.close();
    }
  });

  test('a server waits while another one changes them', async () => {
    const { url, query } = await empty();
    const holder = new pg.Client({ connectionString: url });
    await holder.connect();
    await holder.query('SELECT pg_advisory_lock($1)', [0x55534852]);
    const { opening } = open(url);
    const waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    while ((await query(waiting)).length === 0) await wait(10);
    assert.deepEqual(await query("SELECT 1 FROM pg_namespace WHERE nspname = 'usher'"), []);
    await holder.end();
    await (await opening).close();
    assert.equal((await query("SELECT 1 FROM pg_namespace WHERE nspname = 'usher'")).length, 1);
  });

  test('a server with another model than the one in force can write nothing, and says that it must be restarted', async () => {
    const { url } = await empty();
    const older = await open(url, [user]).opening;
    const store = older.tenant('t');
    const insert = (id: string) => store.write((t) => t.insert({ ref: { type: user, id }, values: {} }, by));
    await insert('before');
    const newer = await open(url, [user, application, servicePrincipal]).opening;
    await assert.rejects(insert('after'), (error) => error instanceof Fault && error.code === 'store.outdated');
    const restarted = await open(url, [user, application, servicePrincipal]).opening;
    const found = await restarted.tenant('t').read((reader) => reader.find({ type: user, limit: 9 }));
    assert.deepEqual(
      found.items.map(({ id }) => id),
      ['before'],
    );
    for (const database of [older, newer, restarted]) await database.close();
  });

  test('tables of a newer version or of another program are left alone', async () => {
    const [newer, foreign] = [await empty(), await empty()];
    await (await open(newer.url).opening).close();
    await newer.query('INSERT INTO usher.usher_migration (version, at) VALUES (999, 0)');
    await assert.rejects(open(newer.url).opening, unusable(/newer version \(schema 999/));
    await foreign.query('CREATE SCHEMA usher');
    await foreign.query('CREATE TABLE usher.orders (id int)');
    await assert.rejects(open(foreign.url).opening, unusable(/schema 'usher' belongs to another program/));
    const beside = await open(`${foreign.url}?schema=beside`).opening;
    await beside.close();
    const [tables] = await foreign.query("SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'usher'");
    assert.equal(tables?.['n'], 1);
  });

  test('a step that fails leaves nothing behind', async () => {
    const { url, query } = await empty();
    await query('CREATE SCHEMA usher');
    // The first table of ours cannot be made.
    await query('CREATE VIEW usher.counter AS SELECT 1 AS one');
    await assert.rejects(open(url).opening, unusable(/counter/));
    assert.deepEqual(await query("SELECT tablename FROM pg_tables WHERE schemaname = 'usher'"), []);
  });
});
