import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { daemonToken, graphStatus } from '../support/daemon.ts';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { authorize, codeFor, redeem, refresh } from '../support/sign-in.ts';
import { newVisitor } from '../support/visitor.ts';
import type { Fleet } from './fleet.ts';

/** Writes that are acknowledged before something else happens to the nodes. */
const someWrites = 15;

/** Somebody who writes without end, with a connection of its own for each request. */
function startWriting({ front }: Fleet, bearer: string) {
  const acknowledged: string[] = [];
  let failures = 0;
  let isOver = false;
  const write = async (): Promise<void> => {
    const displayName = `Written ${acknowledged.length}`;
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ displayName });
    const response = await fetch(`${front.url}/v1.0/applications`, { method: 'POST', headers, body });
    const made = (await response.json()) as { readonly id: string };
    if (response.status === 201) acknowledged.push(made.id);
    else failures += 1;
  };
  const writing = (async () => {
    while (!isOver) {
      await write().catch(() => {
        failures += 1;
      });
    }
  })();
  return {
    acknowledged,
    failures: () => failures,
    /** Resolves when more have been acknowledged. */
    async more(): Promise<void> {
      const wanted = acknowledged.length + someWrites;
      const late = AbortSignal.timeout(30_000);
      while (acknowledged.length < wanted) {
        assert.ok(!late.aborted, `${acknowledged.length} writes, ${failures} failures`);
        await wait(5);
      }
    },
    async stop(): Promise<void> {
      isOver = true;
      await writing;
    },
  };
}

/** What happens to those who are served when nodes end. */
export function testEnding(fleet: () => Fleet): void {
  test('a node that is killed in the middle of work takes nothing with it, and one that drains fails nothing', async (t) => {
    const { front, retire, add, at } = fleet();
    const attempt = authorize(front);
    const { answer } = await redeem(front, attempt, await codeFor(newVisitor(front), attempt));
    const bearer = await daemonToken(front);
    const writer = startWriting(fleet(), bearer);
    await writer.more();
    const [, victim] = fleet().nodes;
    assert.ok(victim);
    await victim.stop('SIGKILL');
    retire(victim);
    await writer.more();
    const failedByKill = writer.failures();
    assert.ok(failedByKill <= 2, `${failedByKill} requests failed`);
    const added = await add();
    const drained = fleet().nodes.find((node) => node !== added && node.pid !== front.pid);
    assert.ok(drained);
    retire(drained);
    assert.equal(await drained.stop('SIGTERM'), 0);
    await writer.more();
    await writer.stop();
    assert.equal(writer.failures(), failedByKill, 'draining fails nothing');
    assert.equal(await at(added, () => graphStatus(front, bearer)), 200);
    let lost = 0;
    for (const id of writer.acknowledged) {
      const headers = { authorization: `Bearer ${bearer}` };
      const response = await fetch(`${front.url}/v1.0/applications/${id}`, { headers });
      await response.arrayBuffer();
      lost += Number(response.status !== 200);
    }
    t.diagnostic(ledgerLine({ ...emptyLedger, kills: 1, acknowledged: writer.acknowledged.length, lost }));
    assert.equal(lost, 0);
    const renewed = await refresh(front, answer.refresh_token ?? '');
    assert.equal(renewed.status, 200, JSON.stringify(renewed.answer));
  });
}
