import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBudget, type Draw } from './budget.ts';

function budgetOn(capacity?: number) {
  let now = 1_000;
  const budget = createBudget(() => now, capacity);
  return {
    ...budget,
    pass(seconds: number) {
      now += seconds;
    },
    /** How many of so many draws were granted. */
    granted: (times: number, ...draws: readonly Draw[]): number =>
      Array.from({ length: times }, () => budget.draw(draws)).filter((wait) => wait === 0).length,
  };
}

const tenAMinute = { amount: 10, seconds: 60 };
const of = (key: string, cost?: number): Draw => ({ key, rate: tenAMinute, ...(cost === undefined ? {} : { cost }) });

test('a burst is served, then as much as comes in evenly', () => {
  const { granted, pass } = budgetOn();
  assert.equal(granted(20, of('a')), 10);
  pass(6);
  assert.equal(granted(20, of('a')), 1);
  pass(3600);
  assert.equal(granted(20, of('a')), 10, 'never more than the whole');
});

test('what is refused says when it would be granted, and is granted then', () => {
  const { granted, draw, pass } = budgetOn();
  granted(10, of('a'));
  const wait = draw([of('a', 3)]);
  assert.equal(wait, 18);
  pass(wait - 1);
  assert.notEqual(draw([of('a', 3)]), 0);
  pass(1);
  assert.equal(draw([of('a', 3)]), 0);
});

test('who is refused by one of several buckets has taken from none', () => {
  const { granted } = budgetOn();
  assert.equal(granted(10, of('empty')), 10);
  assert.equal(granted(50, of('full'), of('empty')), 0);
  assert.equal(granted(50, of('full')), 10);
});

test('what did not count is put back, and never fills a bucket beyond its brim', () => {
  const { granted, giveBack } = budgetOn();
  granted(10, of('a'));
  giveBack([of('a')]);
  assert.equal(granted(5, of('a')), 1);
  giveBack([of('b', 50)]);
  assert.equal(granted(50, of('b')), 10);
});

test('of more keys than are kept the one used longest ago is forgotten', () => {
  const { granted } = budgetOn(2);
  granted(10, of('a'));
  granted(10, of('b'));
  granted(1, of('c'));
  assert.equal(granted(1, of('b')), 0, 'still empty');
  assert.equal(granted(1, of('a')), 1, 'forgotten, so it is full again');
});
