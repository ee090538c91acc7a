import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, type TestContext, test } from 'node:test';
import { type Fleet, startFleet } from '../nodes/fleet.ts';
import { daemonToken, graphStatus } from '../support/daemon.ts';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { type Machine, machine } from '../support/machine.ts';
import { authorize, claimsIn, codeFor, codeIn, headerIn, redeem, refresh } from '../support/sign-in.ts';
import { seeded, startUsher, temporaryFolder, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

const isWhole = process.env['TEST_FAULTS'] !== undefined;
const minutes = 60;
const args = ['--limits', 'none', '--log-level', 'error'];
const credentials = { email: seeded.user, password: seeded.password };

interface Counted {
  faults: number;
  acknowledged: number;
  doubleSpent: number;
}

/** A sign-in and three renewals; `strike` is called between two requests. Everything is then presented again. */
async function signIn(usher: Usher, counted: Counted, strike: () => void = () => {}): Promise<void> {
  const struck = <T>(act: Promise<T>): Promise<T> => act.finally(strike);
  const spent: string[] = [];
  const attempt = authorize(usher);
  const visitor = newVisitor(usher);
  const shown = await struck(visitor.open(attempt.url));
  const code = codeIn(await struck(visitor.submit(shown, 'next', credentials)));
  const first = await struck(redeem(usher, attempt, code));
  assert.equal(first.status, 200, JSON.stringify(first.answer));
  let { answer } = first;
  for (let count = 0; count < 3; count += 1) {
    const token = answer.refresh_token ?? '';
    const renewed = await struck(refresh(usher, token));
    assert.equal(renewed.status, 200, JSON.stringify(renewed.answer));
    spent.push(token);
    ({ answer } = renewed);
  }
  for (const token of spent) if ((await struck(refresh(usher, token))).status === 200) counted.doubleSpent += 1;
  if ((await struck(redeem(usher, attempt, code))).status === 200) counted.doubleSpent += 1;
  counted.acknowledged += 5;
}

function tell(t: TestContext, counted: Counted): void {
  t.diagnostic(ledgerLine({ ...emptyLedger, ...counted }));
  assert.equal(counted.doubleSpent, 0);
}

describe('clocks that are set', () => {
  for (const ahead of isWhole ? [5, -5] : [-5])
    test(`SQLite: a sign-in, its tokens and what was spent outlive a clock that is set by ${ahead} minutes, and back`, async (t) => {
      const own: Machine = machine();
      const usher = await own.run(() => startUsher({ data: temporaryFolder(), args }));
      t.after(() => usher.stop('SIGKILL'));
      const counted = { faults: 0, acknowledged: 0, doubleSpent: 0 };
      const token = await usher.graphToken();
      let isMoved = false;
      const strike = () => {
        isMoved = !isMoved;
        own.set(isMoved ? ahead * minutes : 0);
        counted.faults += 1;
      };
      await signIn(usher, counted, strike);
      for (let count = 0; count < 2; count += 1) {
        strike();
        assert.equal(await graphStatus(usher, token), 200);
      }
      assert.doesNotMatch(usher.log(), /unhandled|uncaught/i);
      tell(t, counted);
    });

  describe('PostgreSQL: two nodes whose clocks differ by ten minutes', () => {
    const [early, late] = [machine(5 * minutes), machine(-5 * minutes)];
    const counted = { faults: 2, acknowledged: 0, doubleSpent: 0 };
    let fleet: Fleet;
    let nodes: readonly [Usher, Usher];
    before(async () => {
      fleet = await early.run(() => startFleet(1));
      nodes = [fleet.nodes[0] ?? assert.fail('no node'), await late.run(() => fleet.add())];
    });
    after(() => fleet?.stop());

    /** Who answers from now on; both in turn, when nobody is named. */
    const answering = (...who: readonly Usher[]): void =>
      fleet.balancer.use((who.length > 0 ? who : nodes).map(({ port }) => port));

    test('a sign-in goes on at the other one with every request, and nothing is spent twice', async (t) => {
      for (let count = 0; count < 2; count += 1) await signIn(nodes[0], counted);
      tell(t, counted);
    });

    test('both tell the time of the database, and believe what the other has signed', async () => {
      for (const [own, other] of [nodes, nodes.toReversed()] as const) {
        answering(own);
        const token = await daemonToken(nodes[0]);
        const { iat, nbf } = claimsIn(token);
        const [{ now } = { now: 0 }] = (await fleet.query('SELECT extract(epoch FROM now())::int AS now')) as [
          { readonly now: number }?,
        ];
        for (const said of [iat, nbf]) assert.ok(Math.abs(Number(said) - now) <= 2, `${said} is not ${now}`);
        answering(other);
        assert.equal(await graphStatus(nodes[0], token), 200);
      }
      answering();
    });

    test('whoever has got a new password at the one signs in with it at the other at once', async () => {
      const name = randomUUID();
      const draft = {
        displayName: name,
        identities: [
          { signInType: 'emailAddress', issuer: seeded.tenant, issuerAssignedId: `${name}@contoso.example` },
        ],
        passwordProfile: { password: 'Correct-horse-9-battery', forceChangePasswordNextSignIn: false },
      };
      const created = await nodes[0].graph('POST', '/v1.0/users', draft);
      assert.equal(created.status, 201, await created.clone().text());
      const { id } = (await created.json()) as { readonly id: string };
      answering(nodes[0]);
      const password = 'Another-horse-7-battery';
      const changed = await nodes[0].graph('PATCH', `/v1.0/users/${id}`, {
        passwordProfile: { password, forceChangePasswordNextSignIn: false },
      });
      assert.equal(changed.status, 204);
      answering(nodes[1]);
      const attempt = authorize(nodes[0]);
      const code = await codeFor(newVisitor(nodes[0]), attempt, `${name}@contoso.example`, password);
      const { status, answer } = await redeem(nodes[0], attempt, code);
      assert.equal(status, 200, JSON.stringify(answer));
      answering(nodes[0]);
      assert.equal((await refresh(nodes[0], answer.refresh_token ?? '')).status, 200);
      answering();
    });

    test('while both clocks are set forth and back nobody notices', async (t) => {
      let turn = 0;
      const strike = () => {
        const ahead = turn++ % 2 === 0 ? -5 : 5;
        early.set(ahead * minutes);
        late.set(-ahead * minutes);
        counted.faults += 2;
      };
      const token = await daemonToken(nodes[0]);
      for (let count = 0; count < (isWhole ? 10 : 2); count += 1) {
        await signIn(nodes[0], counted, strike);
        assert.equal(await graphStatus(nodes[0], token), 200);
      }
      tell(t, counted);
    });

    test('a key that is withdrawn from a machine whose clock is wrong is withdrawn for everybody', {
      skip: !isWhole,
    }, async () => {
      const before = await daemonToken(nodes[0]);
      const { id } = JSON.parse(await early.run(() => fleet.command('keys', 'rotate', '--now', '--json'))) as {
        readonly id: string;
      };
      const until = performance.now() + 12_000;
      while (headerIn(await daemonToken(nodes[0])).kid !== id)
        assert.ok(performance.now() < until, 'the new key does not sign');
      for (const _ of nodes) {
        assert.equal(await graphStatus(nodes[0], await daemonToken(nodes[0])), 200);
        assert.equal(await graphStatus(nodes[0], before), 401);
      }
    });
  });
});
