import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { authorize, codeFor, redeem } from '../support/sign-in.ts';
import { startUsher, temporaryFolder } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';
import { type Books, check, newBooks } from './books.ts';
import { startWork } from './load.ts';

const root = new URL('../../', import.meta.url);
/** Copies made one after the other while people work. */
const copies = process.env['TEST_FAULTS'] === undefined ? 1 : 12;
const args = ['--limits', 'none', '--log-level', 'error'];

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function backup(...words: readonly string[]): Promise<Ended> {
  const given = ['bin/usher.mjs', 'backup', ...words];
  const child = spawn(process.execPath, given, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: Number(code), out, err };
}

/** What was acknowledged until now. Renaming goes on, so of users only that they are there. */
const written = ({ users, people }: Books) => ({ ids: [...users.keys()], people: new Set(people) });

test('copies made while people work hold everything that was acknowledged before, and start as servers', async (t) => {
  const data = temporaryFolder();
  const usher = await startUsher({ data, args });
  t.after(() => usher.stop('SIGKILL'));
  const books = newBooks();
  const work = await startWork(usher, books);
  const taken: { readonly file: string; readonly before: ReturnType<typeof written> }[] = [];
  for (let count = 0; count < copies; count += 1) {
    await wait(200);
    const before = written(books);
    const acknowledged = books.acknowledged;
    const file = join(temporaryFolder(), 'copy.db');
    const made = await backup(file, '--data', data, '--json');
    assert.equal(made.code, 0, made.err);
    assert.ok(books.acknowledged > acknowledged, 'nobody could work meanwhile');
    assert.match(made.err, /encryption key is not in it/);
    assert.deepEqual(readdirSync(dirname(file)), ['copy.db']);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    taken.push({ file, before });
  }
  await work.end(() => usher.stop('SIGKILL'));

  for (const { file, before } of taken) {
    assert.equal((await backup('verify', file)).code, 0);
    // As docs/backup.md says it: the file and the key in place, then a start.
    const restored = temporaryFolder();
    mkdirSync(restored, { recursive: true });
    copyFileSync(file, join(restored, 'usher.db'));
    copyFileSync(join(data, 'secret.key'), join(restored, 'secret.key'));
    const again = await startUsher({ data: restored, args });
    t.after(() => again.stop('SIGKILL'));
    for (const id of before.ids) assert.equal((await again.graph('GET', `/v1.0/users/${id}`)).status, 200, id);
    const people = { ...newBooks(), people: before.people };
    await check(again, people);
    assert.equal(people.lost, 0);
    const attempt = authorize(again);
    assert.equal((await redeem(again, attempt, await codeFor(newVisitor(again), attempt))).status, 200);
    await again.stop();
  }
  const next = await startUsher({ data, args });
  t.after(() => next.stop('SIGKILL'));
  await check(next, books);
  const { acknowledged, lost, doubleSpent } = books;
  t.diagnostic(ledgerLine({ ...emptyLedger, kills: 1, acknowledged, lost, doubleSpent }));
  assert.deepEqual({ lost, doubleSpent }, { lost: 0, doubleSpent: 0 });
});

test('a copy replaces nothing, leaves nothing behind when it fails, and damage is found', async (t) => {
  const data = temporaryFolder();
  const usher = await startUsher({ data });
  t.after(() => usher.stop('SIGKILL'));
  await usher.stop();
  const folder = temporaryFolder();
  const file = join(folder, 'copy.db');
  assert.equal((await backup(file, '--data', data)).code, 0);
  const taken = await backup(file, '--data', data);
  assert.equal(taken.code, 1);
  assert.match(taken.err, /already/);
  const source = join(data, 'usher.db');
  assert.match((await backup(source, '--data', data)).err, /already/);
  assert.match((await backup(join(folder, 'none', 'copy.db'), '--data', data)).err, /ENOENT/);
  assert.match((await backup(join(folder, 'b.db'), '--database', 'memory:')).err, /no SQLite file/);
  assert.match((await backup(join(folder, 'b.db'), '--data', folder)).err, /no database/);
  assert.equal((await backup()).code, 2);
  assert.equal((await backup('verify')).code, 2);
  assert.deepEqual(readdirSync(folder), ['copy.db']);

  truncateSync(file, statSync(file).size - 4096 * 20);
  const damaged = await backup('verify', file);
  assert.equal(damaged.code, 1);
  assert.match(damaged.err, /no good copy/);
  // A damaged database has no good copy either.
  const broken = temporaryFolder();
  copyFileSync(file, join(broken, 'usher.db'));
  assert.equal((await backup(join(folder, 'c.db'), '--data', broken)).code, 1);
  writeFileSync(file, 'something else');
  assert.match((await backup('verify', file)).err, /not a database/);
  assert.match((await backup('verify', join(folder, 'none.db'))).err, /no file/);
  assert.deepEqual(readdirSync(folder), ['copy.db']);
});
