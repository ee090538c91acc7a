import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlaces, type Place } from './places.ts';

function keeper(count: number) {
  const places = createPlaces(count);
  const gone: string[] = [];
  const enter = (name: string, network: string): Place | undefined => places.enter(network, () => gone.push(name));
  return { ...places, enter, gone };
}

test('one network alone gets half of the places, and then changes the one that waited longest for the next', () => {
  const { enter, gone, taken } = keeper(4);
  enter('a', 'flood');
  enter('b', 'flood');
  assert.deepEqual([taken(), gone], [2, []]);
  assert.ok(enter('c', 'flood'));
  assert.ok(enter('d', 'flood'));
  assert.deepEqual([taken(), gone], [2, ['a', 'b']]);
  assert.ok(enter('e', 'somebody'));
  assert.deepEqual([taken(), gone], [3, ['a', 'b']]);
});

test('who works is not sent away, and where a network only works nobody of it comes in', () => {
  const { enter, gone } = keeper(4);
  const first = enter('a', 'busy');
  first?.works();
  const second = enter('b', 'busy');
  assert.ok(enter('c', 'busy'));
  assert.deepEqual(gone, ['b']);
  second?.waits();
  const third = enter('d', 'busy');
  third?.works();
  assert.deepEqual(gone, ['b', 'c']);
  assert.equal(enter('e', 'busy'), undefined);
  first?.waits();
  assert.ok(enter('f', 'busy'));
  assert.deepEqual(gone, ['b', 'c', 'a']);
});

test('who begins to wait again has waited shortest', () => {
  const { enter, gone } = keeper(4);
  const first = enter('a', 'x');
  enter('b', 'x');
  first?.works();
  first?.waits();
  enter('c', 'x');
  assert.deepEqual(gone, ['b']);
});

test('when all places are taken a network that has none gets that of whoever waits longest, one that works does not', () => {
  const { enter, gone, taken } = keeper(3);
  const all = ['a', 'b', 'c'].map((name) => enter(name, name));
  all[0]?.works();
  assert.ok(enter('d', 'new'));
  assert.deepEqual([taken(), gone], [3, ['b']]);
  for (const place of all) place?.works();
  enter('e', 'new')?.works();
  assert.deepEqual(gone, ['b', 'd']);
  assert.equal(enter('f', 'other'), undefined);
  assert.equal(taken(), 3);
});

test('a place given back twice is free once, also by somebody who was sent away', () => {
  const { enter, taken } = keeper(4);
  const first = enter('a', 'x');
  enter('b', 'x');
  enter('c', 'x');
  first?.leave();
  first?.leave();
  assert.equal(taken(), 2);
  const other = enter('d', 'y');
  other?.leave();
  other?.leave();
  assert.equal(taken(), 2);
});
