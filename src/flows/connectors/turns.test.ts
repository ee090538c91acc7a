import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTurns } from './turns.ts';

const full = new Error('full');

test('jobs run one after the other, in the order they came, also after one that failed', async () => {
  const turns = createTurns(3, () => full);
  const told: string[] = [];
  const job = (name: string, fails = false) =>
    turns.take(async () => {
      told.push(`${name} begins`);
      await new Promise(setImmediate);
      told.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const outcomes = await Promise.allSettled([job('a', true), job('b'), job('c')]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'fulfilled', 'fulfilled'],
  );
  assert.deepEqual(told, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('what finds no room is refused at once, and there is room again when one has ended', async () => {
  const turns = createTurns(1, () => full);
  const ends: (() => void)[] = [];
  const job = () => turns.take(() => new Promise<void>((resolve) => ends.push(resolve)));
  const [first, second] = [job(), job()];
  await assert.rejects(job(), full);
  await new Promise(setImmediate);
  ends.shift()?.();
  await first;
  const third = job();
  await assert.rejects(job(), full);
  for (const one of [second, third]) {
    await new Promise(setImmediate);
    ends.shift()?.();
    await one;
  }
});
