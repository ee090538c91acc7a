import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { type Fresh, winners } from '../support/single-use.ts';
import { type ProofGround, proofGroundOn, signedAnswers } from '../support/single-use-proofs.ts';
import { type Ground, groundOn, singleUseThings } from '../support/single-use-things.ts';
import type { Fleet } from './fleet.ts';

/** What is good for one use is taken by one node, though all of them are handed it at once. */
export function testSingleUse(fleet: () => Fleet): void {
  describe('what is presented to all nodes at once', () => {
    let ground: Ground;
    let proofs: ProofGround;
    before(async () => {
      ground = await groundOn(fleet().front);
      proofs = await proofGroundOn(fleet().front);
    });
    after(async () => {
      await ground?.elsewhere.server.close();
      await proofs?.saml.close();
    });

    function isTakenByOne(name: string, fresh: () => Fresh): void {
      test(`${name} is taken by one`, async (t) => {
        const opened = await winners(fresh());
        t.diagnostic(ledgerLine({ ...emptyLedger, acknowledged: opened, doubleSpent: Math.max(0, opened - 1) }));
        assert.equal(opened, 1);
      });
    }
    for (const [name, thing] of Object.entries(singleUseThings)) isTakenByOne(name, () => thing(ground));
    for (const [name, proof] of Object.entries(signedAnswers)) isTakenByOne(name, () => proof(proofs));
  });
}
