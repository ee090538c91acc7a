import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { after, test } from 'node:test';
import { createHasher } from './hasher.ts';

const cheap = { memoryKib: 256, passes: 1 };
const hasher = createHasher({ ...cheap, workers: 2 });
after(() => hasher.close());

test('a hash is an argon2id PHC string with the parameters asked for', async () => {
  assert.match(await hasher.hash('correct horse'), /^\$argon2id\$v=19\$m=256,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
});

test('the default parameters are the ones OWASP names', async () => {
  const standard = createHasher({ workers: 1 });
  const phc = await standard.hash('correct horse');
  await standard.close();
  assert.match(phc, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('the right password verifies and another one does not', async () => {
  const phc = await hasher.hash('correct horse');
  assert.equal(await hasher.verify(phc, 'correct horse'), true);
  assert.equal(await hasher.verify(phc, 'Correct horse'), false);
});

test('two hashes of one password differ, since each has its own salt', async () => {
  assert.notEqual(await hasher.hash('correct horse'), await hasher.hash('correct horse'));
});

test('a password typed with combining marks is the same as the precomposed one', async () => {
  const phc = await hasher.hash('cafe\u0301 au lait');
  assert.equal(await hasher.verify(phc, 'caf\u00e9 au lait'), true);
});

test('256 characters are hashed whole, one more is refused and never matches', async () => {
  const longest = '\u{1f511}'.repeat(255);
  const phc = await hasher.hash(`${longest}a`);
  assert.equal(await hasher.verify(phc, `${longest}a`), true);
  assert.equal(await hasher.verify(phc, `${longest}b`), false);
  assert.equal(await hasher.verify(phc, `${longest}aa`), false);
  await assert.rejects(hasher.hash('a'.repeat(257)), { code: 'identity.passwordTooLong', status: 400 });
  await assert.rejects(hasher.hash('a'.repeat(5_000_000)), { code: 'identity.passwordTooLong' });
});

test('the dummy has the current parameters and matches nothing', async () => {
  assert.equal(hasher.outdated(hasher.dummy), false);
  assert.equal(await hasher.verify(hasher.dummy, ''), false);
  assert.equal(await hasher.verify(hasher.dummy, 'correct horse'), false);
});

test('a hash made with other parameters is outdated', async () => {
  const other = createHasher({ memoryKib: 512, passes: 1, workers: 1 });
  const phc = await other.hash('correct horse');
  await other.close();
  assert.equal(hasher.outdated(phc), true);
  assert.equal(await hasher.verify(phc, 'correct horse'), true);
});

test('a text that is no hash is a failure of the server, not a wrong password', async () => {
  await assert.rejects(hasher.verify('plain text', 'plain text'), { code: 'identity.hashFailed', status: 500 });
});

test('past its share of the queue a job is refused at once and the accepted ones finish', async () => {
  const small = createHasher({ ...cheap, workers: 1, queueLimit: 5 });
  const jobs = Array.from({ length: 5 }, () => small.hash('correct horse'));
  const outcomes = await Promise.allSettled(jobs);
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'done' : outcome.reason.code)),
    ['done', 'done', 'done', 'identity.busy', 'identity.busy'],
  );
  assert.match(await small.hash('correct horse'), /^\$argon2id/);
  await small.close();
});

test('closing finishes what was accepted and refuses what comes later', async () => {
  const closing = createHasher({ ...cheap, workers: 1 });
  const accepted = closing.hash('correct horse');
  await closing.close();
  assert.match(await accepted, /^\$argon2id/);
  await assert.rejects(closing.hash('correct horse'), { code: 'identity.busy', status: 503 });
});

test('an idle hasher does not keep the process alive, a working one does', () => {
  const source = `
    import { createHasher } from ${JSON.stringify(new URL('./hasher.ts', import.meta.url).href)};
    const hasher = createHasher({ memoryKib: 256, passes: 1, workers: 1 });
    console.log(await hasher.verify(await hasher.hash('a'), 'a'));
  `;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    timeout: 20_000,
    encoding: 'utf8',
  });
  assert.deepEqual([child.status, child.stdout.trim()], [0, 'true'], child.stderr);
});

/** Nice values of this process's threads (proc(5), field 19 of `stat`). */
const priorities = (): readonly number[] =>
  readdirSync('/proc/self/task').map((thread) =>
    Number(readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ')[1]?.split(' ')[16]),
  );

test('threads that hash give way to all others', { skip: process.platform !== 'linux' }, async () => {
  const one = createHasher({ ...cheap, workers: 1 });
  const before = priorities().filter((nice) => nice > getPriority()).length;
  await one.hash('correct horse');
  assert.equal(priorities().filter((nice) => nice > getPriority()).length, before + 1);
  await one.close();
});
