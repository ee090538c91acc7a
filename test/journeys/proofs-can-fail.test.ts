import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { fuzzSeed, longRuns } from '../support/random.ts';
import { type OpenBench, startBench } from './bench.ts';
import { deafBench } from './deaf-bench.ts';
import { scenarios } from './matrix.ts';

const all = scenarios.flatMap(({ proof, kind }) => proof.settings.map((setting) => ({ proof, kind, setting })));
const tried = Math.min(all.length, longRuns(24, all.length));
const step = all.length / tried;
/** Evenly spread over the chapters, from another beginning with another seed. */
const chosen = Array.from({ length: tried }, (_, index) => Math.floor(index * step + (fuzzSeed % step)));

describe(`a proof notices that a setting does nothing, seed ${fuzzSeed}`, () => {
  let bench: OpenBench;
  before(async () => {
    bench = await startBench();
  });
  after(() => bench?.close());
  afterEach(() => bench.clear());

  for (const { proof, kind, setting } of chosen.flatMap((index) => all[index] ?? [])) {
    test(`${setting} of ${kind}: ${proof.says}`, async () => {
      const deaf = deafBench(bench, setting);
      await assert.rejects(proof.prove(deaf, kind), `it holds although ${setting} never reached the server`);
      assert.ok(deaf.isDeaf(), `${setting} was not sent at all`);
    });
  }
});
