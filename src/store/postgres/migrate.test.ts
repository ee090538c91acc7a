import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import { Fault, type Observation, system, systemClock } from '../../kernel/index.ts';
import { type EntityType, entities, type PropertyRules } from '../../model/index.ts';
import type { Database, Migrate } from '../store.ts';
import { inspectPostgres } from './inspect.ts';
import { postgresDatabase } from './postgres.ts';
import { steps } from './steps.ts';

const { user, application, servicePrincipal, identityApiConnector: apiConnector } = entities;
const by = system('test');
const databases: TestDatabase[] = [];
after(() => Promise.all(databases.map((database) => database.drop())));

async function empty(): Promise<TestDatabase> {
  const database = await testDatabase();
  databases.push(database);
  return database;
}

function open(url: string, types: readonly EntityType[] = Object.values(entities), migrate: Migrate = 'always') {
  const told: Observation[] = [];
  const opening = postgresDatabase(url, { clock: systemClock, observe: (one) => told.push(one), types, migrate });
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

  const insert = (database: Database, id: string, type: EntityType = user, values = {}) =>
    database.tenant('t').write((t) => t.insert({ ref: { type, id }, values }, by));
  const jobTitle = (rules: PropertyRules): EntityType => ({
    ...user,
    properties: { ...user.properties, jobTitle: { ...user.properties.jobTitle, rules } },
  });
  const plain = jobTitle({ nullable: true });

  test('a server that would leave out an index which a newer one has made writes nothing, and says that it must be restarted', async () => {
    const { url } = await empty();
    const older = await open(url, [plain]).opening;
    await insert(older, 'before');
    const newer = await open(url, [jobTitle({ nullable: true, indexed: true })]).opening;
    await assert.rejects(insert(older, 'after'), (error) => error instanceof Fault && error.code === 'store.outdated');
    await assert.rejects(open(url, [plain], 'never').opening, unusable(/not those of this version/));
    const found = await newer.tenant('t').read((reader) => reader.find({ type: user, limit: 9 }));
    assert.deepEqual(
      found.items.map(({ id }) => id),
      ['before'],
    );
    for (const database of [older, newer]) await database.close();
  });

  test('a server goes on while a newer one adds what it does not know, and starts again on tables that it leaves as they are', async () => {
    const { url, query } = await empty();
    const older = await open(url, [application]).opening;
    await insert(older, 'before', application);
    const grown: EntityType = {
      ...application,
      properties: {
        ...application.properties,
        favourite: { ...application.properties.displayName, rules: { nullable: true, indexed: true } },
      },
    };
    const newer = await open(url, [grown, user, servicePrincipal]).opening;
    await insert(newer, 'new', application, { displayName: 'New', favourite: 'blue' });
    await insert(older, 'after', application);
    const columns = "SELECT 1 FROM information_schema.columns WHERE column_name = 'text_favourite'";
    for (const migrate of ['never', 'always'] as const) {
      const again = await open(url, [application], migrate).opening;
      await insert(again, migrate, application);
      await again.close();
      assert.equal((await query(columns)).length, 1, 'the column stays');
    }
    const renamed = { displayName: 'Renamed' };
    await older.tenant('t').write(async (t) => {
      const row = await t.get({ type: application, id: 'new' });
      await t.update({ ref: { type: application, id: 'new' }, values: { ...row?.values, ...renamed } }, by, [
        'displayName',
      ]);
    });
    const filter = { op: 'eq', path: ['favourite'], value: 'blue' } as const;
    const found = await newer.tenant('t').read((reader) => reader.find({ type: grown, filter, limit: 9 }));
    assert.deepEqual(
      found.items.map(({ id, values }) => [id, values['displayName']]),
      [['new', 'Renamed']],
    );
    assert.equal((await inspectPostgres(url, [application])).state, 'newer');
    await assert.rejects(
      open(url, [grown, user, servicePrincipal, apiConnector], 'never').opening,
      unusable(/migrate up/),
    );
    for (const database of [older, newer]) await database.close();
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
