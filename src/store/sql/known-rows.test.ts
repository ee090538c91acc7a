import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKnownRows } from './known-rows.ts';

const only = ['displayName'];
const rowOf = (etag: number) => ({
  id: String(etag),
  type: 'user',
  etag: `W/"${etag}"`,
  values: { displayName: 'x' },
  only,
});

test('a row is worth keeping when it is read for the second time, and is kept as nobody can change it', () => {
  const known = createKnownRows();
  assert.equal(known.isWorth(only, 7, 100), false);
  assert.equal(known.isWorth(only, 7, 100), true);
  const kept = known.keep(only, 7, rowOf(7));
  assert.ok(Object.isFrozen(kept) && Object.isFrozen(kept.values));
  assert.equal(known.find(only, 7), kept);
  assert.equal(known.find([...only], 7), undefined, 'another list of members');
  assert.equal(known.find(only, 8), undefined, 'another write');
});

test('what is large, and what a long list passes by, is not kept', () => {
  const known = createKnownRows();
  known.isWorth(only, 7, 100_000);
  assert.equal(known.isWorth(only, 7, 100_000), false);
  const worth = Array.from({ length: 50_000 }, (_, etag) => known.isWorth(only, etag + 10, 100));
  assert.ok(!worth.includes(true));
});

test('there is an end to the rows of a list, and to the lists', () => {
  const known = createKnownRows();
  for (let etag = 1; etag <= 4000; etag += 1) known.keep(only, etag, rowOf(etag));
  assert.equal(known.find(only, 1), undefined);
  assert.ok(known.find(only, 4000));
  for (let list = 0; list < 4; list += 1) known.keep([String(list)], 1, rowOf(1));
  assert.equal(known.find(only, 4000), undefined);
});

test('where there is no room, few take the place of others', () => {
  const known = createKnownRows();
  for (let etag = 1; etag <= 3000; etag += 1) known.keep(only, etag, rowOf(etag));
  const some = Array.from({ length: 160 }, (_, at) => 5000 + at);
  for (const etag of some) known.isWorth(only, etag, 100);
  assert.equal(some.filter((etag) => known.isWorth(only, etag, 100)).length, 10);
});

test('rows are usual when most of those that were asked for lately are known', () => {
  const known = createKnownRows();
  assert.equal(known.isUsual(only), false);
  known.keep(only, 1, rowOf(1));
  for (let time = 0; time < 400; time += 1) known.find(only, 1);
  assert.equal(known.isUsual(only), true);
  for (let time = 0; time < 100; time += 1) known.find(only, 2);
  assert.equal(known.isUsual(only), false);
});
