import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { emptyLedger, ledgerLine } from '../../support/ledger.ts';
import type { Fleet } from '../fleet.ts';
import type { Cache } from './cache.ts';
import { flowCaches } from './flows.ts';
import { begin, changeEach, type Nodes, type Outcome, type Subject, troubles } from './follow.ts';
import { outsideCaches } from './outside.ts';
import { demandWhole } from './registry.ts';
import { tenantCaches } from './tenant.ts';

const caches: readonly Cache[] = [...flowCaches, ...tenantCaches, ...outsideCaches];

/** Everything that a node keeps of the database follows what is changed at another. */
export function testCaches(fleet: () => Fleet): void {
  test('whatever the code keeps of the database is on the list of what is tried here', () => demandWhole(caches));

  describe('what is changed at one node is gone by at another within a second', () => {
    let subjects: readonly Subject[];
    let nodes: Nodes;
    before(async () => {
      const [writer, reader] = fleet().nodes;
      assert.ok(writer && reader);
      nodes = { writer, reader };
      subjects = await Promise.all(caches.map((cache) => begin(fleet(), nodes, cache)));
    });
    after(async () => void (await Promise.all(subjects.map(({ probe }) => probe.end?.()))));

    for (const [index, trouble] of troubles.entries()) {
      describe(trouble.name, () => {
        let came: readonly Outcome[];
        before(async () => {
          const { outcomes, faults } = await changeEach(fleet(), nodes, { trouble, turn: index + 1 }, subjects);
          came = outcomes;
          broken = faults;
        });
        let broken = 0;

        for (const [at, { what }] of caches.entries()) {
          test(what, () => {
            const outcome = came[at];
            if (outcome?.status !== 'fulfilled') throw outcome?.reason;
          });
        }

        test('and nothing of it is lost', (t) => {
          const followed = came.filter(({ status }) => status === 'fulfilled').length;
          const lost = came.length - followed;
          t.diagnostic(ledgerLine({ ...emptyLedger, faults: broken, acknowledged: came.length, lost }));
          assert.equal(lost, 0);
        });
      });
    }
  });
}
