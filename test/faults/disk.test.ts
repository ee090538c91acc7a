import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { authorize } from '../support/sign-in.ts';
import { startUsher, temporaryFolder, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';
import { type Books, check, newBooks } from './books.ts';
import { startWork } from './load.ts';

const rounds = process.env['TEST_FAULTS'] === undefined ? 1 : 8;
const args = ['--limits', 'none', '--log-level', 'error', '--management-port', '0'];
/** More than the database and its log, which is moved into it from 16 MB on, come to by themselves. */
const mebibytes = 64;

const mountAt = (folder: string) =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=700`, 'tmpfs', folder], { encoding: 'utf8' });

/** Why there is no small disk to be had here: mounting takes root, which a container may have in name only. */
function withoutDisk(): string | false {
  const folder = temporaryFolder();
  const { status, stderr } = mountAt(folder);
  if (status !== 0) return `no small disk can be mounted: ${stderr}`;
  spawnSync('umount', [folder]);
  return false;
}

const skip = withoutDisk();

/** A disk of its own, in memory. Nothing is filled that is not one. */
function mounted(t: TestContext): string {
  const folder = temporaryFolder();
  const { status, stderr } = mountAt(folder);
  assert.equal(status, 0, stderr);
  t.after(() => spawnSync('umount', ['--lazy', folder]));
  return folder;
}

/** Writes until nothing fits any more. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  for (const bytes of [65_536, 512])
    try {
      for (let written = 1; written > 0; ) written = writeSync(file, Buffer.alloc(bytes));
    } catch (error) {
      assert.match(String(error), /ENOSPC/);
    }
  closeSync(file);
}

const ready = async (usher: Usher) => (await fetch(`${usher.managementUrl}/readyz`)).status;
const live = async (usher: Usher) => (await fetch(`${usher.managementUrl}/livez`)).status;
const rename = (usher: Usher, id: string, displayName: string) =>
  usher.graph('PATCH', `/v1.0/users/${id}`, { displayName });

/** Room that a log has gained, and could not use for a large commit, lets a few small ones through, which are kept like any other. */
const mostLetThrough = 50;

/** The first answer that refuses; until then all succeed. */
async function refusal<T extends Pick<Response, 'status' | 'headers'>>(act: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < mostLetThrough; tries += 1) {
    const answer = await act();
    if (answer.status === 503) {
      assert.ok(Number(answer.headers.get('retry-after')) >= 1);
      return answer;
    }
    assert.ok(answer.status < 300, String(answer.status));
  }
  return assert.fail('nothing is refused');
}

/** Writes are answered 503 and when to ask again, by every face; reads go on. Resolves to the words for managers. */
async function demandOutage(usher: Usher, books: Books): Promise<string> {
  const [[id = ''] = []] = books.users;
  const renamed = async (): Promise<Response> => {
    const answer = await rename(usher, id, 'while it is full');
    if (answer.status === 204) books.users.set(id, ['while it is full']);
    return answer;
  };
  await refusal(() => newVisitor(usher).open(authorize(usher).url));
  const refused = await refusal(renamed);
  const { message } = ((await refused.json()) as { readonly error: { readonly message: string } }).error;
  const read = await usher.graph('GET', `/v1.0/users/${id}`);
  assert.equal(read.status, 200);
  const { displayName } = (await read.json()) as { readonly displayName: string };
  assert.ok(books.users.get(id)?.includes(displayName), displayName);
  assert.deepEqual([await ready(usher), await live(usher)], [503, 200]);
  return message;
}

function tell(t: TestContext, faults: number, { acknowledged, lost, doubleSpent }: Books): void {
  t.diagnostic(ledgerLine({ ...emptyLedger, faults, acknowledged, lost, doubleSpent }));
  assert.deepEqual({ lost, doubleSpent }, { lost: 0, doubleSpent: 0 });
}

test('a disk that is full in the middle of everything: writes are refused, reads go on, and all goes on when there is room', {
  skip,
}, async (t) => {
  const data = mounted(t);
  const usher = await startUsher({ data, args });
  t.after(() => usher.stop('SIGKILL'));
  const books = newBooks();
  const filler = join(data, 'filler');
  for (let round = 0; round < rounds; round += 1) {
    const enough = books.acknowledged + 15;
    const { promise, resolve } = Promise.withResolvers<void>();
    const work = await startWork(usher, books, () => books.acknowledged >= enough && resolve());
    await promise;
    await work.end(async () => fill(filler));
    assert.match(await demandOutage(usher, books), /no room/);
    rmSync(filler);
    assert.equal(await ready(usher), 200);
    const [[id = ''] = []] = books.users;
    assert.equal((await rename(usher, id, 'after')).status, 204);
    books.users.set(id, ['after']);
    await check(usher, books);
  }
  assert.doesNotMatch(usher.log(), /unhandled|uncaught/i);
  await usher.stop('SIGKILL');
  const next = await startUsher({ data, args });
  t.after(() => next.stop('SIGKILL'));
  await check(next, books);
  tell(t, rounds, books);
});

test('a server whose disk is full at its start ends with a sentence', { skip }, async (t) => {
  const data = mounted(t);
  fill(join(data, 'filler'));
  await assert.rejects(startUsher({ data, args }), /usher: .*the disk is full/);
  rmSync(join(data, 'filler'));
  const usher = await startUsher({ data, args });
  assert.equal(await usher.stop(), 0);
});

test('a disk that can only be read is told at the start, and harms nothing', { skip }, async (t) => {
  const data = mounted(t);
  const usher = await startUsher({ data, args });
  assert.equal(await usher.stop(), 0);
  assert.equal(spawnSync('mount', ['-o', 'remount,ro', data]).status, 0);
  await assert.rejects(startUsher({ data, args }), /usher: .*(read-only|readonly)/);
  assert.equal(spawnSync('mount', ['-o', 'remount,rw', data]).status, 0);
  const again = await startUsher({ data, args });
  assert.equal(await again.stop(), 0);
});

for (const [what, file] of [
  ['database', 'usher.db'],
  ['log', 'usher.db-wal'],
] as const) {
  test(`a ${what} that is moved away under the server: nothing is acknowledged any more, and put back, it has everything`, async (t) => {
    const data = temporaryFolder();
    const usher = await startUsher({ data, args });
    t.after(() => usher.stop('SIGKILL'));
    const books = newBooks();
    const { promise, resolve } = Promise.withResolvers<void>();
    const work = await startWork(usher, books, () => books.acknowledged >= 15 && resolve());
    await promise;
    const [path, away] = [join(data, file), join(temporaryFolder(), file)];
    await work.end(async () => {
      renameSync(path, away);
      mkdirSync(path);
    });
    assert.match(await demandOutage(usher, books), /moved or replaced/);
    assert.match(usher.log(), /store\.moved/);
    await usher.stop('SIGKILL');
    rmSync(path, { recursive: true });
    renameSync(away, path);
    const next = await startUsher({ data, args });
    t.after(() => next.stop('SIGKILL'));
    await check(next, books);
    tell(t, 1, books);
  });
}
