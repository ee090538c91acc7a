import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Fault, type Observation, silent, system, systemClock } from '../../kernel/index.ts';
import { type EntityType, entities, type PropertyRules } from '../../model/index.ts';
import { openSqlite, sqliteDatabase } from './sqlite.ts';
import { steps } from './steps.ts';

const { user } = entities;
const by = system('test');
const folder = mkdtempSync(join(tmpdir(), 'usher-sqlite-'));
after(() => rmSync(folder, { recursive: true }));

let files = 0;
function newFile(): { readonly path: string; readonly url: string } {
  files += 1;
  const path = join(folder, `${files}.db`);
  return { path, url: `sqlite:${path}` };
}

const options = (types: readonly EntityType[] = Object.values(entities)) => ({
  clock: systemClock,
  observe: silent,
  types,
});

const unusable = (reason: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Fault, String(error));
  assert.equal(error.code, 'store.unusable');
  assert.match(error.message, reason);
  return true;
};

test('reopen: everything is kept, and sequence and etags go on growing', async () => {
  const { url } = newFile();
  const first = await sqliteDatabase(url, options());
  const created = await first.tenants.create({ id: 't', domains: ['t.example.com'], displayName: 'T' });
  const store = first.tenant('t');
  const ref = { type: user, id: 'u' };
  const before = await store.write((t) => t.insert({ ref, values: { displayName: 'Ä' } }, by));
  await store.ephemeral.put('journey', { id: 'j', payload: 1, ttlSeconds: 60, indexes: { uid: 'u' } });
  await first.close();
  const second = await sqliteDatabase(url, options());
  const again = second.tenant('t');
  assert.deepEqual(await second.tenants.find('T.example.com'), created);
  assert.deepEqual(await again.read((r) => r.get(ref)), before.value);
  assert.equal((await again.ephemeral.findBy('journey', 'uid', 'u'))?.payload, 1);
  const later = await again.write((t) => t.update({ ref, values: {} }, by, ['displayName']));
  assert.ok((later.changes[0]?.sequence ?? 0) > (before.changes[0]?.sequence ?? 0));
  assert.notEqual(later.value.etag, before.value.etag);
  await second.close();
});

test('group commit: writes of one turn share a commit, and each is answered after it', async () => {
  const { url, path } = newFile();
  const engine = openSqlite(url, options());
  const store = engine.database().tenant('t');
  const before = engine.commits;
  const outside = new DatabaseSync(path, { readOnly: true });
  const count = () => Number(outside.prepare('SELECT count(*) AS n FROM e_user').get()?.['n']);
  const writes = Array.from({ length: 100 }, async (_, index) => {
    if (index % 2 === 0) return store.ephemeral.increment('attempts', `${index}`, 60);
    await store.write((t) => t.insert({ ref: { type: user, id: `${index}` }, values: {} }, by));
    // Another connection sees the rows: they were committed when the promise resolved.
    assert.equal(count(), 50);
    return 1;
  });
  await Promise.all(writes);
  assert.equal(engine.commits - before, 1);
  outside.close();
  await engine.database().close();
});

test('group commit: a batch is bounded, and what is left follows', async () => {
  const engine = openSqlite(newFile().url, options());
  const store = engine.database().tenant('t');
  const before = engine.commits;
  await Promise.all(Array.from({ length: 300 }, (_, n) => store.ephemeral.increment('attempts', `${n % 7}`, 60)));
  assert.equal(engine.commits - before, 3);
  await engine.database().close();
});

test('rollback: undone writes leave nothing in any table', async () => {
  const { url, path } = newFile();
  const database = await sqliteDatabase(url, options());
  const store = database.tenant('t');
  const undone = store.write(async (t) => {
    const identities = [{ issuer: 'i', issuerAssignedId: 'x' }];
    await t.insert({ ref: { type: user, id: 'u' }, values: { identities } }, by);
    await t.ephemeral.put('journey', { id: 'j', payload: 1, ttlSeconds: 60, indexes: { uid: 'u' } });
    throw new Error('no');
  });
  await Promise.allSettled([undone, store.ephemeral.remove('journey', 'none')]);
  const outside = new DatabaseSync(path, { readOnly: true });
  for (const table of [
    'e_user',
    't_user_identities_issuer_issuerAssignedId',
    'change',
    'ephemeral',
    'ephemeral_index',
  ]) {
    assert.equal(outside.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'], 0, table);
  }
  outside.close();
  await database.close();
});

test('remove: an entity leaves no row and no link behind', async () => {
  const { url, path } = newFile();
  const database = await sqliteDatabase(url, options());
  const flow = { type: entities.b2cIdentityUserFlow, id: 'f' };
  const provider = { type: entities.builtInIdentityProvider, id: 'p' };
  const identities = [{ issuer: 'i', issuerAssignedId: 'x' }];
  await database.tenant('t').write(async (t) => {
    for (const ref of [flow, provider]) await t.insert({ ref, values: {} }, by);
    await t.insert({ ref: { type: user, id: 'u' }, values: { identities } }, by);
    await t.link(flow, 'userFlowIdentityProviders', provider, by);
    for (const ref of [provider, { type: user, id: 'u' }]) await t.remove(ref, by);
  });
  const outside = new DatabaseSync(path, { readOnly: true });
  for (const table of ['e_user', 't_user_identities_issuer_issuerAssignedId', 'link', 'e_identityProviderBase']) {
    assert.equal(outside.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'], 0, table);
  }
  outside.close();
  await database.close();
});

test('close: waits for the writes under way, then refuses', async () => {
  const { url } = newFile();
  const database = await sqliteDatabase(url, options());
  const store = database.tenant('t');
  const write = store.ephemeral.increment('attempts', 'n', 60);
  await database.close();
  assert.equal(await write, 1);
  const closed = (error: unknown) => error instanceof Fault && error.code === 'store.closed';
  await assert.rejects(store.ephemeral.increment('attempts', 'n', 60), closed);
  await assert.rejects(
    store.read((r) => r.get({ type: user, id: 'u' })),
    closed,
  );
  await assert.rejects(database.tenants.list(), closed);
  await database.close();
});

test('one writing process: a second one is refused while the first lives, also in the same process', async () => {
  const { url } = newFile();
  const script = fileURLToPath(new URL('../testing/crash-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [script, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await assert.rejects(sqliteDatabase(url, options()), unusable(/another process has it open/));
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await gone;
  const database = await sqliteDatabase(url, options());
  await assert.rejects(sqliteDatabase(url, options()), unusable(/another process has it open/));
  await database.close();
  await (await sqliteDatabase(url, options())).close();
});

test('the file and what lies beside it are readable by this user only', async () => {
  const place = join(folder, 'made', 'here');
  const database = await sqliteDatabase(`sqlite:${join(place, 'x.db')}`, options());
  await database.tenant('t').ephemeral.increment('attempts', 'n', 60);
  const names = readdirSync(place);
  assert.ok(names.length >= 3);
  for (const name of names) assert.equal(statSync(join(place, name)).mode & 0o077, 0, name);
  await database.close();
});

test('what cannot be used is refused in plain words', async () => {
  const text = newFile();
  writeFileSync(
    text.path,
    'This is a letter, not a database, and longer than a page header needs to be to be looked at.'.repeat(9),
  );
  await assert.rejects(sqliteDatabase(text.url, options()), unusable(/not a database/));
  const foreign = newFile();
  const other = new DatabaseSync(foreign.path);
  other.exec('CREATE TABLE song (title TEXT)');
  other.close();
  await assert.rejects(sqliteDatabase(foreign.url, options()), unusable(/belongs to another program/));
  await assert.rejects(sqliteDatabase('sqlite:', options()), unusable(/names no file/));
  await assert.rejects(sqliteDatabase(`sqlite:${text.path}/below`, options()), unusable(/below|ENOTDIR/));
});

test('migration: steps are observed once; a database of a newer version is refused and left as it is', async () => {
  const { url, path } = newFile();
  const seen: Observation[] = [];
  const observing = { ...options(), observe: (observation: Observation) => void seen.push(observation) };
  await (await sqliteDatabase(url, observing)).close();
  const taken = steps.map((_, from) => ({ kind: 'store.migrated', engine: 'sqlite', from, to: from + 1 }));
  assert.deepEqual(seen, taken);
  await (await sqliteDatabase(url, observing)).close();
  assert.equal(seen.length, taken.length);
  const outside = new DatabaseSync(path);
  outside.exec('INSERT INTO migration (version, at) VALUES (999, 0)');
  outside.close();
  await assert.rejects(sqliteDatabase(url, observing), unusable(/newer version \(schema 999/));
  assert.equal(seen.length, taken.length);
});

function userWith(property: 'jobTitle' | 'mail' | 'displayName', rules: PropertyRules): EntityType {
  const declared = user.properties[property];
  return { ...user, properties: { ...user.properties, [property]: { ...declared, rules } } };
}

test('reconcile: a property that becomes indexed, then unique, then neither is found all along', async () => {
  const { url, path } = newFile();
  const open = async (type: EntityType) => {
    const database = await sqliteDatabase(url, options([type]));
    const find = async (value: string) => {
      const filter = { op: 'eq', path: ['jobTitle'], value } as const;
      return (await database.tenant('t').read((r) => r.find({ type, filter, limit: 9 }))).items.map(({ id }) => id);
    };
    const columns = () => {
      const outside = new DatabaseSync(path, { readOnly: true });
      const found = outside
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE '%jobTitle%'")
        .all();
      outside.close();
      return found.map(({ name }) => name);
    };
    const insert = (id: string, jobTitle: string | null) =>
      database.tenant('t').write((t) => t.insert({ ref: { type, id }, values: { jobTitle } }, by));
    return { database, find, columns, insert };
  };
  const plain = await open(userWith('jobTitle', { nullable: true }));
  await Promise.all(Array.from({ length: 600 }, (_, n) => plain.insert(`u${n}`, n % 2 ? `Ärztin ${n}` : null)));
  assert.deepEqual([await plain.find('ÄRZTIN 599'), plain.columns()], [['u599'], []]);
  await plain.database.close();

  const indexed = await open(userWith('jobTitle', { nullable: true, indexed: true }));
  assert.deepEqual([await indexed.find('ärztin 599'), indexed.columns()], [['u599'], ['o_e_user_text_jobTitle']]);
  await indexed.insert('v', 'Koch');
  await indexed.database.close();

  const unique = await open(userWith('jobTitle', { nullable: true, unique: true }));
  assert.deepEqual([await unique.find('KOCH'), unique.columns()], [['v'], ['u_e_user_text_jobTitle']]);
  await assert.rejects(unique.insert('w', 'koch'), (error) => error instanceof Fault && error.code === 'store.exists');
  await unique.database.close();

  const again = await open(userWith('jobTitle', { nullable: true }));
  assert.deepEqual([await again.find('koch'), again.columns()], [['v'], []]);
  await again.insert('w', 'koch');
  assert.deepEqual(await again.find('koch'), ['v', 'w']);
  await again.database.close();
  const duplicates = sqliteDatabase(url, options([userWith('jobTitle', { nullable: true, unique: true })]));
  await assert.rejects(duplicates, unusable(/UNIQUE constraint failed/));
  await (await open(user)).database.close();
});

test('reconcile: a unique tuple declared later covers what is stored already', async () => {
  const { url } = newFile();
  const { uniqueTuple: _, ...rules } = user.properties.identities.rules;
  const { type } = user.properties.identities;
  const loose: EntityType = { ...user, properties: { ...user.properties, identities: { type, rules } } };
  const values = { identities: [{ issuer: 'I', issuerAssignedId: 'X' }] };
  const insert = (database: Awaited<ReturnType<typeof sqliteDatabase>>, id: string) =>
    database.tenant('t').write((t) => t.insert({ ref: { type: user, id }, values }, by));
  const before = await sqliteDatabase(url, options([loose]));
  await insert(before, 'a');
  await before.close();
  const database = await sqliteDatabase(url, options([user]));
  await assert.rejects(insert(database, 'b'), (error) => error instanceof Fault && error.code === 'store.exists');
  await database.close();
});

test('whoever only looks sees what the process beside it has written since, and writes nothing', async (context) => {
  const { url } = newFile();
  const writing = await sqliteDatabase(url, options());
  context.after(() => writing.close());
  const ref = { type: entities.b2cIdentityUserFlow, id: 'B2C_1_susi' };
  const name = async (store: ReturnType<typeof writing.tenant>) =>
    (await store.read((r) => r.get(ref)))?.values['name'];
  await writing.tenant('t').write((t) => t.insert({ ref, values: { name: 'before' } }, by));
  const looking = await sqliteDatabase(url, { ...options(), looksOnly: true });
  context.after(() => looking.close());
  assert.equal(await name(looking.tenant('t')), 'before');
  await writing.tenant('t').write((t) => t.update({ ref, values: { name: 'after' } }, by, ['name']));
  assert.deepEqual([await name(writing.tenant('t')), await name(looking.tenant('t'))], ['after', 'after']);
  await assert.rejects(looking.tenant('t').write((t) => t.remove(ref, by)));
});
