import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Observation, silent, systemClock } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { sql } from '../sql/fragment.ts';
import type { Answered } from '../store.ts';
import { createCheckpoints } from './checkpoints.ts';
import { Connection } from './connection.ts';
import { type Durability, flushing } from './durability.ts';
import { readSqliteUrl } from './file.ts';
import { openSqlite } from './sqlite.ts';
import { whicheverFor } from './whichever.ts';
import { Writer } from './writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'usher-durability-'));
after(() => rmSync(folder, { recursive: true }));

let files = 0;

/** A file with one table besides the counter, and a writer whose flushes are the test's. */
function open(flush: (real: Durability) => Promise<void>, mostInLog?: number) {
  files += 1;
  const file = join(folder, `${files}.db`);
  const observed: Observation[] = [];
  const writing = new Connection(file, 'writer');
  writing.exec('CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER); CREATE TABLE t (text TEXT);');
  const reading = new Connection(file, 'reader');
  reading.get(sql('SELECT 1 FROM counter'));
  const durability = flushing(file, reading);
  const observe = (one: Observation) => void observed.push(one);
  const checkpoints = createCheckpoints({ file, writing, observe, ...(mostInLog ? { most: mostInLog } : {}) });
  const held = { ...durability, flush: () => flush(durability) };
  const writer = new Writer({ connection: writing, durability: held, checkpoints });
  const put = (text: string, answered?: Answered) =>
    writer.write(async () => writing.run(sql('INSERT INTO t (text) VALUES (?)', text)), answered);
  const asked = whicheverFor(reading, writing, () => writer.isQuiet);
  const seen = () => asked.all<{ text: string }>(sql('SELECT text FROM t')).map(({ text }) => text);
  const pagesInLog = () => writing.get<{ log: number }>(sql('PRAGMA wal_checkpoint(NOOP)'))?.log ?? 0;
  const close = async () => {
    await writer.close();
    await checkpoints.close();
    await durability.close();
    for (const one of [reading, writing]) one.close();
  };
  return { file, put, seen, pagesInLog, observed, writer, close };
}

/** Writes until the log has begun anew; gives how often. */
async function untilShorter({ put, pagesInLog }: ReturnType<typeof open>): Promise<number> {
  let before = pagesInLog();
  for (let count = 1; count <= 20_000; count += 1) {
    await put('x'.repeat(3000));
    const pages = pagesInLog();
    if (pages < before) return count;
    before = pages;
  }
  assert.fail(`the log has ${before} pages`);
}

test('a write is answered, and seen by readers, when it is on the disk and not before', async () => {
  const [committed, disk] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isAnswered = false;
  const store = open(async (real) => {
    committed.resolve();
    await disk.promise;
    await real.flush();
  });
  const written = store.put('a').then(() => {
    isAnswered = true;
  });
  await committed.promise;
  assert.equal(store.writer.commits, 1);
  assert.deepEqual([isAnswered, store.seen()], [false, []]);
  const settled = store.writer.settled().then((isSettled) => [isSettled, store.seen()]);
  const [next, later] = [store.put('b'), store.put('c')];
  disk.resolve();
  await written;
  assert.deepEqual(store.seen(), ['a']);
  assert.deepEqual(await settled, [true, ['a']], 'what another connection has read is told now, and not before');
  await Promise.all([next, later]);
  assert.equal(store.writer.commits, 2, 'what came while the disk was busy shares a commit');
  assert.deepEqual(store.seen(), ['a', 'b', 'c']);
  await store.close();
});

test('a write that wants to be seen is answered without the disk, and is on it with the next one that wants to be kept', async () => {
  let flushes = 0;
  const store = open(async (real) => {
    await real.flush();
    flushes += 1;
  });
  await store.put('a', 'seen');
  assert.deepEqual([flushes, store.seen(), await store.writer.settled()], [0, ['a'], true]);
  await Promise.all([store.put('b', 'seen'), store.put('c')]);
  assert.deepEqual([flushes, store.seen(), store.writer.commits], [1, ['a', 'b', 'c'], 2]);
  await store.close();
});

test('a disk that fails to take a commit: its writes and all later ones are refused, and readers stay with what is on it', async () => {
  let isBroken = false;
  const store = open(async (real) => {
    if (isBroken) throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO', syscall: 'fdatasync' });
    await real.flush();
  });
  await store.put('a');
  isBroken = true;
  const outcomes = await Promise.allSettled([store.put('b'), store.put('c')]);
  isBroken = false;
  outcomes.push(...(await Promise.allSettled([store.put('d')])));
  assert.deepEqual(
    outcomes.map((one) => one.status === 'rejected' && one.reason.code),
    ['EIO', 'EIO', 'EIO'],
  );
  assert.equal(store.writer.commits, 2);
  assert.deepEqual(store.seen(), ['a']);
  assert.equal(await store.writer.settled(), false, 'what another connection has read is not told');
  await store.close();
});

for (const [what, suffix] of [
  ['database', ''],
  ['log', '-wal'],
] as const) {
  test(`a ${what} that was removed or replaced while it is open: nothing that would be lost with it is answered`, async () => {
    for (const replaced of [false, true]) {
      const store = open((real) => real.flush());
      await store.put('a');
      rmSync(`${store.file}${suffix}`);
      if (replaced) mkdirSync(`${store.file}${suffix}`);
      for (const text of ['b', 'c']) await assert.rejects(store.put(text), { code: 'store.moved' });
      assert.deepEqual(store.seen(), ['a']);
      assert.equal(store.writer.isFailing, true);
      await store.close();
    }
  });
}

test('a log that grew long is moved into the file by a thread and begins anew', async () => {
  const store = open((real) => real.flush(), 50);
  const written = await untilShorter(store);
  assert.equal(store.seen().length, written);
  assert.deepEqual(store.observed, []);
  await store.close();
});

test('who reads for long keeps the log from beginning anew, and nobody from writing', async () => {
  const store = open((real) => real.flush(), 50);
  const slow = new Connection(store.file, 'reader');
  await store.put('first');
  slow.exec('BEGIN');
  assert.equal(slow.all(sql('SELECT text FROM t')).length, 1);
  for (let count = 0; count < 300; count += 1) await store.put('x'.repeat(3000));
  assert.ok(store.pagesInLog() > 300);
  assert.equal(slow.all(sql('SELECT text FROM t')).length, 1);
  slow.exec('COMMIT');
  slow.close();
  await untilShorter(store);
  await store.close();
});

test('a thread that cannot open the file is told, and its work is done all the same', async () => {
  files += 1;
  const file = join(folder, `${files}.db`);
  const writing = new Connection(file, 'writer');
  writing.exec('CREATE TABLE t (text TEXT)');
  const observed: Observation[] = [];
  const observe = (one: Observation) => void observed.push(one);
  const checkpoints = createCheckpoints({ file: join(folder, 'no', 'such', 'folder.db'), writing, observe, most: 1 });
  const log = () => writing.get<{ log: number; checkpointed: number }>(sql('PRAGMA wal_checkpoint(NOOP)'));
  for (let count = 0; count < 32; count += 1) {
    writing.run(sql('INSERT INTO t (text) VALUES (?)', 'x'));
    await checkpoints.keepShort();
  }
  await checkpoints.close();
  assert.equal(observed.length, 1);
  assert.equal(log()?.checkpointed, log()?.log);
  writing.close();
});

test('a log that nobody can move is left as it is, and tried again later', async () => {
  files += 1;
  const writing = new Connection(join(folder, `${files}.db`), 'writer');
  const observed: Observation[] = [];
  const observe = (one: Observation) => void observed.push(one);
  const checkpoints = createCheckpoints({ file: join(folder, 'no', 'such', 'folder.db'), writing, observe, most: 0 });
  writing.close();
  for (let count = 0; count < 64; count += 1) await checkpoints.keepShort();
  await checkpoints.close();
  assert.ok(observed.length > 0);
});

test('the URL may say that commits need not be on the disk, and nothing else', async () => {
  assert.deepEqual(readSqliteUrl('sqlite:/a b?/x.db'), { path: '/a b?/x.db', isRelaxed: false });
  assert.deepEqual(readSqliteUrl('sqlite:x.db?synchronous=normal'), { path: 'x.db', isRelaxed: true });
  const path = join(folder, 'relaxed.db');
  const types = Object.values(entities);
  const engine = openSqlite(`sqlite:${path}?synchronous=normal`, { clock: systemClock, observe: silent, types });
  const database = engine.database();
  const { ephemeral } = database.tenant('t');
  await ephemeral.put('journey', { id: 'a', payload: 1, ttlSeconds: 60 });
  assert.equal((await ephemeral.get('journey', 'a'))?.payload, 1);
  await database.close();
  assert.ok(statSync(path).size > 0);
});
