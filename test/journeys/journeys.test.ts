import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, test } from 'node:test';
import { journeysPage } from '../../scripts/journeys.ts';
import { type OpenBench, startBench } from './bench.ts';
import { cells, scenarios, unknownSettings } from './matrix.ts';

describe('each setting of a user flow acts', () => {
  let bench: OpenBench;
  before(async () => {
    bench = await startBench();
  });
  after(() => bench?.close());
  afterEach(() => bench.clear());

  for (const { proof, kind } of scenarios) {
    test(`${kind}: ${proof.says}`, () => proof.prove(bench, kind));
  }
});

test('docs/journeys.md is up to date', async () => {
  const page = readFileSync(new URL('../../docs/journeys.md', import.meta.url), 'utf8');
  assert.equal(page, await journeysPage(), 'npm run golden prints it anew');
});

test('every setting has a proof, or a reason why it says nothing, for every kind of flow', () => {
  const empty = cells.filter(({ proofs, reasons }) => proofs.length + reasons.length === 0);
  assert.deepEqual(
    empty.map(({ setting, kind }) => `${setting} × ${kind}`),
    [],
  );
  const both = cells.filter(({ proofs, reasons }) => proofs.length > 0 && reasons.length > 0);
  assert.deepEqual(both, [], 'what is proved needs no excuse');
  assert.deepEqual(unknownSettings, []);
});
