import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTimedIds, isUuid } from './id.ts';

test('timed ids are UUIDs of version 7, each greater than the one before, also within one millisecond', () => {
  const next = createTimedIds();
  const before = Date.now();
  const ids = Array.from({ length: 10_000 }, next);
  assert.ok(ids.every((id) => isUuid(id) && id[14] === '7'));
  assert.deepEqual(ids, ids.toSorted());
  assert.equal(new Set(ids).size, ids.length);
  const time = Number.parseInt((ids[0] ?? '').replace('-', '').slice(0, 12), 16);
  assert.ok(time >= before && time <= before + 60_000);
});
