import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from '../kernel/index.ts';
import { createHasher } from './hasher.ts';

test('each hash tells how long it waited and was worked on, and one that finds no place that it was refused', async (t) => {
  const observed: Observation[] = [];
  const observe = (one: Observation) => void observed.push(one);
  const hasher = createHasher({ memoryKib: 64, passes: 1, workers: 1, queueLimit: 3, observe });
  t.after(() => hasher.close());
  const [one, two] = [hasher.hash('Marker-1'), hasher.hash('Marker-2')];
  assert.equal(hasher.waiting(), 1);
  await assert.rejects(hasher.hash('Marker-3'), { code: 'identity.busy' });
  assert.equal(await hasher.verify(await one, 'Marker-1'), true);
  await two;
  assert.equal(hasher.waiting(), 0);
  assert.deepEqual(
    observed.map(({ kind }) => kind),
    ['hash.refused', 'hash.computed', 'hash.computed', 'hash.computed'],
  );
  const took = observed.flatMap((seen) => (seen.kind === 'hash.computed' ? [seen] : []));
  assert.ok(took.every(({ waited, worked }) => waited >= 0 && worked > 0));
  assert.ok((took[1]?.waited ?? 0) > (took[0]?.waited ?? 0), 'the second waited for the first');
  assert.doesNotMatch(JSON.stringify(observed), /Marker/);
});
