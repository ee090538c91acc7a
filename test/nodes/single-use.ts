import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { winners } from '../support/single-use.ts';
import { type Ground, groundOn, singleUseThings } from '../support/single-use-things.ts';
import type { Fleet } from './fleet.ts';

/** What is good for one use is taken by one node, though all of them are handed it at once. */
export function testSingleUse(fleet: () => Fleet): void {
  describe('what is presented to all nodes at once', () => {
    let ground: Ground;
    before(async () => {
      ground = await groundOn(fleet().front);
    });
    after(() => ground?.elsewhere.server.close());

    for (const [name, thing] of Object.entries(singleUseThings)) {
      test(`${name} is taken by one`, async (t) => {
        const opened = await winners(thing(ground));
        t.diagnostic(ledgerLine({ ...emptyLedger, acknowledged: opened, doubleSpent: Math.max(0, opened - 1) }));
        assert.equal(opened, 1);
      });
    }
  });
}
