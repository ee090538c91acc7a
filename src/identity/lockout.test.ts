import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createLockout, type Lockout } from './lockout.ts';
import { openTenant } from './testing/harness.ts';

const house = await openTenant();
after(() => house.close());
const { clock } = house;
const { ephemeral } = house.store;
const lockout = createLockout(ephemeral);

let nth = 0;
/** A wrong password nobody tried before. */
async function miss(account: string, over: Lockout = lockout): Promise<'looked at' | 'locked'> {
  nth += 1;
  const attempt = await over.begin(account, `guess ${nth}`);
  await attempt?.wrong();
  return attempt ? 'looked at' : 'locked';
}

/** Seconds from now until a try is looked at again; the account is locked. */
async function lockedFor(account: string): Promise<number> {
  const held = await ephemeral.get('attempts', `lock:${account}`);
  return held ? held.expires - clock.now() : 0;
}

test('ten locks of a minute, then ten of two, doubling up to five hours', async () => {
  for (let i = 0; i < 10; i += 1) assert.equal(await miss('ladder'), 'looked at');
  const seconds: number[] = [];
  for (let lock = 1; lock <= 100; lock += 1) {
    seconds.push(await lockedFor('ladder'));
    assert.equal(await miss('ladder'), 'locked');
    clock.advance(seconds.at(-1) ?? 0);
    // A day of silence gives ten tries back; this account is never left alone that long.
    while ((await lockedFor('ladder')) === 0) assert.equal(await miss('ladder'), 'looked at');
  }
  const ladder = [60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360, 18_000];
  assert.deepEqual(
    seconds,
    ladder.flatMap((each) => Array.from({ length: 10 }, () => each)),
  );
});

test('the wrong try that locks the account says so, and no other does', async () => {
  const said: (boolean | undefined)[] = [];
  for (let i = 0; i < 12; i += 1) said.push(await (await lockout.begin('teller', `guess ${i}`))?.wrong());
  assert.deepEqual(said, [...Array.from({ length: 9 }, () => false), true, undefined, undefined]);
  clock.advance(60);
  assert.equal(
    await (await lockout.begin('teller', 'guess 9'))?.wrong(),
    false,
    'a password already known to be wrong',
  );
  assert.equal(await (await lockout.begin('teller', 'one more'))?.wrong(), true, 'locked anew');
});

test('a right password brings short locks back', async () => {
  for (let i = 0; i < 10; i += 1) await miss('reset');
  for (let lock = 0; lock < 12; lock += 1) {
    clock.advance(await lockedFor('reset'));
    await miss('reset');
  }
  assert.equal(await lockedFor('reset'), 120);
  clock.advance(120);
  await (await lockout.begin('reset', 'right'))?.right();
  for (let i = 0; i < 9; i += 1) await miss('reset');
  assert.equal(await lockedFor('reset'), 0);
  await miss('reset');
  assert.equal(await lockedFor('reset'), 60);
});

test('when a lock runs out exactly one of many simultaneous tries is looked at', async () => {
  for (let i = 0; i < 10; i += 1) await miss('gate');
  clock.advance(60);
  const answers = await Promise.all(Array.from({ length: 50 }, () => miss('gate')));
  assert.equal(answers.filter((answer) => answer === 'looked at').length, 1);
  assert.equal(await lockedFor('gate'), 60);
});

test('a burst past the threshold does not make the lock longer', async () => {
  await Promise.all(Array.from({ length: 100 }, () => miss('burst')));
  assert.equal(await lockedFor('burst'), 60);
});

test('a try that was not looked at does not make its password a repeated one', async () => {
  for (let i = 0; i < 9; i += 1) await miss('loser');
  const [first, second] = await Promise.all([lockout.begin('loser', 'same'), lockout.begin('loser', 'same')]);
  assert.equal([first, second].filter(Boolean).length, 1);
  clock.advance(60);
  await lockout.begin('loser', 'same');
  assert.equal(await lockedFor('loser'), 60, 'counted again, since nobody found it wrong');
});

test('accounts and tenants do not share a count', async () => {
  const other = await openTenant();
  for (let i = 0; i < 10; i += 1) await miss('mine');
  assert.equal(await miss('mine'), 'locked');
  assert.equal(await miss('yours'), 'looked at');
  assert.equal(await miss('mine', createLockout(other.store.ephemeral)), 'looked at');
  await other.close();
});

test('servers that share a key recognise what another one has seen', async () => {
  const key = Buffer.alloc(32, 1);
  const [one, two] = [createLockout(ephemeral, undefined, key), createLockout(ephemeral, undefined, key)];
  for (let i = 0; i < 30; i += 1) {
    const attempt = await (i % 2 ? one : two).begin('shared', 'the same');
    assert.ok(attempt, `try ${i}`);
    await attempt.wrong();
  }
});

test('threshold and shortest lock can be set', async () => {
  const strict = createLockout(ephemeral, async () => ({ threshold: 3, minimumSeconds: 5, maximumSeconds: 5 }));
  const answers = [];
  for (let i = 0; i < 4; i += 1) answers.push(await miss('strict', strict));
  assert.deepEqual(answers, ['looked at', 'looked at', 'looked at', 'locked']);
  assert.equal(await lockedFor('strict'), 5);
});
