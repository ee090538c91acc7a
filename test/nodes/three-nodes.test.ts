import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { authorize, codeFor, redeem, refresh } from '../support/sign-in.ts';
import { daemonForm, seeded, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';
import { testCaches } from './caches/index.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { testSingleUse } from './single-use.ts';

const kidOf = (jwt: string): unknown =>
  (JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()) as { kid?: string }).kid;

describe('three nodes behind a balancer on PostgreSQL', () => {
  let fleet: Fleet;
  let front: Usher;
  before(async () => {
    fleet = await startFleet(3);
    front = fleet.front;
  });
  after(() => fleet.stop());

  const daemonToken = async (): Promise<string> => {
    const response = await fetch(`${front.url}/${seeded.tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: daemonForm(),
    });
    const { access_token: token } = (await response.json()) as { access_token?: string };
    assert.ok(token, String(response.status));
    return token;
  };
  const graphStatus = async (token: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${front.url}/v1.0/users?$top=1`, { headers });
    await response.arrayBuffer();
    return response.status;
  };

  /** Resolves to the refresh token. */
  async function signIn(): Promise<string> {
    const attempt = authorize(front);
    const { status, answer } = await redeem(front, attempt, await codeFor(newVisitor(front), attempt));
    assert.equal(status, 200, JSON.stringify(answer));
    assert.ok(answer.refresh_token);
    return answer.refresh_token;
  }

  test('a sign-in and its refreshes go on though each request meets another node', async () => {
    let token = await signIn();
    for (let turn = 0; turn < 4; turn += 1) {
      const { status, answer } = await refresh(front, token);
      assert.equal(status, 200, JSON.stringify(answer));
      token = answer.refresh_token ?? '';
    }
  });

  testSingleUse(() => fleet);

  testCaches(() => fleet);

  test('when a key has leaked no token of the new one fails anywhere, and none of the old one is believed', async () => {
    const old = await daemonToken();
    assert.equal(await graphStatus(old), 200);
    const rotation = fleet.command('keys', 'rotate', '--now', '--json', '--tenant', seeded.tenant);
    const until = Date.now() + 12_000;
    let changed = 0;
    while (changed < 12 && Date.now() < until) {
      const token = await daemonToken();
      const status = await graphStatus(token);
      const isNew = kidOf(token) !== kidOf(old);
      if (isNew) {
        changed += 1;
        assert.equal(status, 200, 'a token of the new key');
      }
    }
    const { id } = JSON.parse(await rotation) as { id: string };
    assert.equal(kidOf(await daemonToken()), id);
    assert.ok(changed >= 12, 'the new key signs');
    for (const _ of fleet.nodes) assert.equal(await graphStatus(old), 401);
    assert.match(await fleet.command('keys', 'list', '--tenant', seeded.tenant), /what it has signed is worth nothing/);
  });

  test('a node that is killed in the middle of work takes nothing with it, and one that drains fails nothing', async (t) => {
    const acknowledged: string[] = [];
    let failures = 0;
    let running = true;
    let token = await signIn();
    const bearer = await daemonToken();
    const writer = (async () => {
      while (running) {
        const displayName = `written ${acknowledged.length} ${Date.now()}`;
        const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
        const sent = fetch(`${front.url}/v1.0/applications`, {
          method: 'POST',
          headers,
          body: JSON.stringify({ displayName }),
        });
        const response = await sent.catch(() => undefined);
        if (response?.status === 201) acknowledged.push(((await response.json()) as { id: string }).id);
        else failures += 1;
      }
    })();
    await wait(500);
    const [, victim] = fleet.nodes;
    assert.ok(victim);
    await victim.stop('SIGKILL');
    fleet.retire(victim);
    await wait(500);
    const failedByKill = failures;
    assert.ok(failedByKill <= 2, `${failedByKill} requests failed`);
    const added = await fleet.add();
    const drained = fleet.nodes.find((node) => node !== added && node.pid !== front.pid);
    assert.ok(drained);
    fleet.retire(drained);
    assert.equal(await drained.stop('SIGTERM'), 0);
    await wait(300);
    running = false;
    await writer;
    assert.equal(failures, failedByKill, 'draining fails nothing');
    let lost = 0;
    for (const id of acknowledged) {
      const response = await fetch(`${front.url}/v1.0/applications/${id}`, {
        headers: { authorization: `Bearer ${bearer}` },
      });
      await response.arrayBuffer();
      if (response.status !== 200) lost += 1;
    }
    const { status, answer } = await refresh(front, token);
    assert.equal(status, 200, JSON.stringify(answer) + fleet.nodes.map((n) => n.log()).join());
    token = answer.refresh_token ?? '';
    t.diagnostic(ledgerLine({ ...emptyLedger, kills: 1, acknowledged: acknowledged.length, lost }));
    assert.ok(acknowledged.length > 0);
    assert.equal(lost, 0);
  });
});
