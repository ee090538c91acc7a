import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { daemonToken, graphStatus } from '../support/daemon.ts';
import { publishedYesterday } from '../support/earlier-key.ts';
import { graph } from '../support/federation.ts';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { authorize, codeFor, headerIn, redeem, refresh } from '../support/sign-in.ts';
import { seeded } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';
import { publishedKeys } from './caches/tenant.ts';
import type { Fleet } from './fleet.ts';

/** Seconds until the next key, which was published a day before, signs: so that there is something to see before. */
const soon = 2;
/** Tokens of the new key that are tried before the load ends. */
const enough = 9;
/** Milliseconds between two of them, in which nodes learn of the key rather than answer. */
const rest = 25;

async function chooses({ front, nodes, at }: Fleet, signingAlgorithm: string): Promise<void> {
  await graph(front, 'PATCH', `/v1.0/organization/${seeded.tenantId}`, { settings: { signingAlgorithm } });
  // The key that the nodes make themselves, a day ahead, is not to be made while the command makes one.
  for (const node of nodes) await at(node, () => publishedKeys(front));
}

/** Uses tokens and refreshes a sign-in until enough of them are of the key. Resolves to the algorithms seen, in their order. */
async function loadUntil({ front }: Fleet, id: string, session: { token: string }): Promise<readonly string[]> {
  const algorithms: string[] = [];
  const late = Date.now() + 20_000;
  let ofNew = 0;
  const first = await daemonToken(front);
  while (ofNew < enough) {
    assert.ok(Date.now() < late, 'the new key signs');
    const token = await daemonToken(front);
    const { kid, alg } = headerIn(token);
    ofNew += Number(kid === id);
    if (algorithms.at(-1) !== alg) algorithms.push(alg);
    for (const one of [first, token]) assert.equal(await graphStatus(front, one), 200, `${alg} ${kid}`);
    const { status, answer } = await refresh(front, session.token);
    assert.equal(status, 200, JSON.stringify(answer));
    session.token = answer.refresh_token ?? '';
    await wait(rest);
  }
  return algorithms;
}

/** Keys follow each other while the nodes work, and one is withdrawn. */
export function testKeys(fleet: () => Fleet): void {
  describe('the keys that sign', () => {
    test('follow each other and change their kind under load, and no token is refused', async (t) => {
      const { front, nodes, at } = fleet();
      const attempt = authorize(front);
      const { answer } = await redeem(front, attempt, await codeFor(newVisitor(front), attempt));
      const session = { token: answer.refresh_token ?? '' };
      const seen: string[] = [];
      for (const kind of ['ES256', 'RS256']) {
        await chooses(fleet(), kind);
        const id = await publishedYesterday(fleet().deployed, soon);
        seen.push(...(await loadUntil(fleet(), id, session)));
        const sets = await Promise.all(nodes.map((node) => at(node, () => publishedKeys(front))));
        for (const set of sets) assert.deepEqual(set, sets[0]);
        assert.ok(sets[0]?.some(({ kid }) => kid === id));
      }
      assert.deepEqual(
        seen.filter((alg, index) => alg !== seen[index - 1]),
        ['RS256', 'ES256', 'RS256'],
      );
      t.diagnostic(ledgerLine({ ...emptyLedger, acknowledged: 2 }));
    });

    test('when one has leaked no token of the next fails anywhere, and none of it is believed', async () => {
      const { front, nodes, at, command } = fleet();
      const old = await daemonToken(front);
      assert.equal(await graphStatus(front, old), 200);
      const rotation = command('keys', 'rotate', '--now', '--json', '--tenant', seeded.tenant);
      const late = Date.now() + 20_000;
      let ofNew = 0;
      while (ofNew < enough) {
        assert.ok(Date.now() < late, 'the new key signs');
        const token = await daemonToken(front);
        const status = await graphStatus(front, token);
        await wait(rest);
        if (headerIn(token).kid === headerIn(old).kid) continue;
        ofNew += 1;
        assert.equal(status, 200, 'a token of the new key');
      }
      const { id } = JSON.parse(await rotation) as { readonly id: string };
      assert.equal(headerIn(await daemonToken(front)).kid, id);
      for (const node of nodes) assert.equal(await at(node, () => graphStatus(front, old)), 401);
      assert.match(await command('keys', 'list', '--tenant', seeded.tenant), /what it has signed is worth nothing/);
    });
  });
}
