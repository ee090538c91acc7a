import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { run } from '../src/cli/index.ts';
import { daemonToken, graphStatus } from './support/daemon.ts';
import { type TestDatabase, testDatabase } from './support/postgres.ts';
import { headerIn } from './support/sign-in.ts';
import { seeded, startUsher, type Usher } from './support/usher.ts';

const program = fileURLToPath(new URL('../bin/usher.mjs', import.meta.url));
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('USHER_')));
const folder = mkdtempSync(join(tmpdir(), 'usher-keys-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command beside whatever else runs; what it prints never holds a private key. */
async function usher(...args: readonly string[]): Promise<Ended> {
  const texts = { out: '', err: '' };
  const tell = (name: 'out' | 'err') => (more: string) => {
    texts[name] += more;
  };
  const code = await run(args, { out: tell('out'), err: tell('err'), interactive: false }, environment);
  assert.doesNotMatch(`${texts.out}${texts.err}`, /PRIVATE|"d":|\n {4}at /);
  return { code, ...texts };
}

/** The same as a program of its own, which ends by itself. */
async function asProgram(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: Number(code), out, err };
}

interface Key {
  readonly id: string;
  readonly algorithm: string;
  readonly state: string;
  readonly createdDateTime: string;
  readonly activeDateTime: string;
}

/** What `keys list` tells a script. */
async function listed(...where: readonly string[]): Promise<readonly Key[]> {
  const { code, out, err } = await usher('keys', 'list', '--json', ...where);
  assert.equal(code, 0, err);
  return JSON.parse(out) as readonly Key[];
}

const states = (keys: readonly Key[]): readonly string[] => keys.map(({ state }) => state).sort();
const hours = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 3_600_000;

async function published({ url }: Usher): Promise<readonly string[]> {
  const response = await fetch(`${url}/${seeded.tenant}/discovery/v2.0/keys`);
  return ((await response.json()) as { readonly keys: readonly { readonly kid: string }[] }).keys.map(({ kid }) => kid);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `${what}, in vain`);
    await wait(50);
  }
}

test('what is no order to the keys is told in one sentence, and looks at no database', async () => {
  const nowhere = join(folder, 'nowhere');
  const cases: readonly [readonly string[], RegExp][] = [
    [[], /Say 'list' or 'rotate'\./],
    [['rotat'], /There is no 'keys rotat'\./],
    [['constructor'], /There is no 'keys constructor'\./],
    [['list', '--now'], /--now goes with 'rotate'\./],
    [['rotate', 'now'], /keys/],
    [['rotate', '--now=perhaps'], /'--now' takes no value/],
    [['rotate', '--later'], /There is no flag '--later'/],
  ];
  await Promise.all(
    cases.map(async ([args, words]) => {
      const { code, out, err } = await usher('keys', ...args, '--data', nowhere);
      assert.deepEqual([code, out], [2, ''], `${args}: ${err}`);
      assert.match(err, words);
      assert.equal(err.trimEnd().split('\n').length, 1, err);
    }),
  );
  assert.equal(existsSync(nowhere), false);
});

test('where there is no tenant there is no key, and nothing is made by looking', async () => {
  const empty = join(folder, 'empty');
  for (const verb of ['list', 'rotate']) {
    const { code, err } = await usher('keys', verb, '--data', empty);
    assert.equal(code, 1);
    assert.match(err, /There is no tenant in sqlite:/);
  }
  assert.equal(existsSync(empty), false);
});

describe('on SQLite, while no server has the file', () => {
  const data = join(folder, 'sqlite');
  before(async () => {
    const server = await startUsher({ data });
    await server.graphToken();
    const beside = await usher('keys', 'rotate', '--data', data);
    await server.stop();
    assert.equal(beside.code, 78, beside.err);
    assert.match(beside.err, /open|in use|locked/i);
  });

  test('a rotation publishes a key that signs a day later, for people and for scripts', async () => {
    const [first, ...none] = await listed('--data', data);
    assert.deepEqual([first?.state, first?.algorithm, none], ['signing', 'RS256', []]);
    const rotated = await asProgram('keys', 'rotate', '--data', data);
    assert.deepEqual([rotated.code, rotated.err], [0, '']);
    const [, id = ''] =
      /^(\S+) is published and signs from \S+; the one before stays published meanwhile\n$/.exec(rotated.out) ?? [];
    const after = await listed('--data', data, '--tenant', seeded.tenant);
    assert.deepEqual(states(after), ['next', 'signing']);
    const next = after.find(({ state }) => state === 'next');
    assert.equal(next?.id, id);
    const waits = hours(next?.createdDateTime ?? '', next?.activeDateTime ?? '');
    // What is kept may be a moment younger than the order.
    assert.ok(waits > 23.9 && waits <= 24, `${waits} hours`);
    const { out } = await usher('keys', 'list', '--data', data);
    assert.match(
      out,
      new RegExp(`^${first?.id} {2}RS256 {2}\\S+Z {2}signs since\n${id} {2}RS256 {2}\\S+Z {2}signs from then on\n$`),
    );
  });

  test('--now is for a key that has leaked: the new one signs within seconds, and those before are withdrawn', async () => {
    const { code, out } = await usher('keys', 'rotate', '--now', '--json', '--data', data);
    assert.equal(code, 0);
    const { id, activeDateTime } = JSON.parse(out) as { readonly id: string; readonly activeDateTime: string };
    assert.ok(Date.parse(activeDateTime) - Date.now() < 6_000, activeDateTime);
    await until('the new key signs', async () => Date.now() > Date.parse(activeDateTime));
    const keys = await listed('--data', data);
    assert.deepEqual(states(keys), ['signing', 'withdrawn', 'withdrawn']);
    assert.equal(keys.find(({ state }) => state === 'signing')?.id, id);
    const { out: shown } = await usher('keys', 'list', '--data', data);
    const said = shown.split('\n').filter((line) => line.includes('withdrawn'));
    assert.equal(said.length, 2, shown);
    for (const line of said)
      assert.doesNotMatch(line, /signed from then on/, 'one of them was never to sign before tomorrow');
  });

  test('a tenant that is not there is told, and so is a key of another server', async () => {
    const stranger = await usher('keys', 'list', '--data', data, '--tenant', 'fabrikam.example');
    assert.deepEqual([stranger.code, stranger.out], [1, '']);
    assert.match(stranger.err, /There is no tenant 'fabrikam\.example'\./);
    const before = await listed('--data', data);
    const other = randomBytes(32).toString('hex');
    const wrong = await usher('keys', 'rotate', '--data', data, '--encryption-key', other);
    assert.deepEqual([wrong.code, wrong.out], [78, ''], 'servers could not open what it would seal');
    assert.match(wrong.err, /is not the key that the secrets in 'sqlite:/);
    assert.deepEqual(await listed('--data', data), before);
  });
});

describe('on PostgreSQL, beside a server that runs', () => {
  const data = join(folder, 'postgres');
  let database: TestDatabase;
  let server: Usher;
  let where: readonly string[];
  before(async () => {
    database = await testDatabase();
    server = await startUsher({ data, database: async () => database.url });
    await server.graphToken();
    // As in a container: the address and the key are settings, and there is nothing to write to.
    const key = readFileSync(join(data, 'secret.key'), 'utf8').trim();
    where = ['--database', database.url, '--encryption-key', key, '--data', '/dev/null/data'];
  });
  after(async () => {
    await server.stop();
    await database.drop();
  });

  test('the server publishes the next key without a restart, and goes on signing with the one before', async () => {
    const before = headerIn(await daemonToken(server)).kid;
    const { code, out, err } = await usher('keys', 'rotate', '--json', ...where);
    assert.equal(code, 0, err);
    const { id } = JSON.parse(out) as { readonly id: string };
    await until('the server publishes it', async () => (await published(server)).includes(id));
    assert.ok((await published(server)).includes(before));
    assert.equal(headerIn(await daemonToken(server)).kid, before);
  });

  test('with --now the server believes nothing that an earlier key has signed', async () => {
    const token = await daemonToken(server);
    assert.equal(await graphStatus(server, token), 200);
    const { code, out } = await usher('keys', 'rotate', '--now', '--json', ...where);
    assert.equal(code, 0);
    const { id } = JSON.parse(out) as { readonly id: string };
    await until('the old token is refused', async () => (await graphStatus(server, token)) === 401);
    const fresh = await daemonToken(server);
    assert.equal(headerIn(fresh).kid, id);
    assert.equal(await graphStatus(server, fresh), 200);
    assert.deepEqual(await published(server), [id]);
  });

  test('rotations at the same moment make one key each or say that another was faster', async () => {
    const before = await listed(...where);
    const ended = await Promise.all([1, 2, 3].map(() => usher('keys', 'rotate', ...where)));
    const done = ended.filter(({ code }) => code === 0);
    for (const { code, err } of ended.filter((one) => !done.includes(one))) {
      assert.equal(code, 1, err);
      assert.match(err, /Another process has just rotated the keys/);
    }
    assert.ok(done.length >= 1);
    assert.equal((await listed(...where)).length, before.length + done.length);
  });

  test('a key of somebody else, or none, changes nothing; a database that is away is told with 69', async () => {
    const before = await listed(...where);
    const wrong = ['--database', database.url, '--encryption-key', randomBytes(32).toString('base64')];
    const none = ['--database', database.url, '--data', join(folder, 'fresh')];
    for (const one of [wrong, none]) {
      const { code, out, err } = await usher('keys', 'rotate', ...one);
      assert.deepEqual([code, out], [78, ''], err);
      assert.match(err, /is not the key that the secrets in 'postgres:/);
      assert.ok(!err.includes(new URL(database.url).password), err);
    }
    assert.deepEqual(await listed(...where), before);
    const away = await usher('keys', 'list', '--database', 'postgres://u:hunter2@127.0.0.1:1/d');
    assert.equal(away.code, 69);
    assert.match(away.err, /nothing listens at 127\.0\.0\.1:1/);
  });
});
