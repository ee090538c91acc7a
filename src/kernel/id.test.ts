import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTimedIds, isUuid, newSecret } from './id.ts';

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

test('secrets are 256 bits, no two alike, however many are drawn', () => {
  const secrets = Array.from({ length: 1000 }, newSecret);
  assert.ok(secrets.every((secret) => /^[\w-]{43}$/.test(secret)));
  assert.equal(new Set(secrets).size, secrets.length);
  const bits = secrets.flatMap((secret) => [...Buffer.from(secret, 'base64url')]);
  assert.equal(bits.length, 32_000);
  // Wiped bytes or ones given out twice would be far off: of each byte there are 125, give or take 11.
  const counts = Map.groupBy(bits, (byte) => byte);
  assert.equal(counts.size, 256);
  assert.ok([...counts.values()].every(({ length }) => length > 50 && length < 200));
});
