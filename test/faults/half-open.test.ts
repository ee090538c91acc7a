import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import type { PostgresWire } from '../support/postgres-wire.ts';
import type { Usher } from '../support/usher.ts';
import { startWiredServer, type WiredServer } from '../support/wired-server.ts';

const isWhole = process.env['TEST_FAULTS'] !== undefined;

/** The longest that docs/postgresql.md lets anybody wait: for a connection, and then for an answer; and some time to tell of it. */
const boundMilliseconds = 5_000 + 15_000 + 2_000;

/** As many read and as many write at once, each something of its own; more than a pool has connections. */
const lanes = 12;
const all = 2 * lanes;

describe('a PostgreSQL that vanishes without a word', () => {
  let server: WiredServer;
  let way: PostgresWire;
  let usher: Usher;
  let ids: readonly string[];
  before(async () => {
    server = await startWiredServer();
    ({ way, usher } = server);
    ids = await Promise.all(
      Array.from({ length: lanes }, async (_, index) => {
        const created = await usher.graph('POST', '/v1.0/applications', { displayName: `first ${index}` });
        assert.equal(created.status, 201);
        return ((await created.json()) as { readonly id: string }).id;
      }),
    );
  });
  after(() => server?.end());

  interface Answer {
    readonly status: number;
    readonly milliseconds: number;
  }

  async function ask(method: 'GET' | 'PATCH', lane: number, displayName = ''): Promise<Answer> {
    const began = performance.now();
    const sent = method === 'GET' ? undefined : { displayName };
    const response = await usher.graph(method, `/v1.0/applications/${ids[lane]}`, sent);
    await response.arrayBuffer();
    return { status: response.status, milliseconds: performance.now() - began };
  }

  const crowd = (label: string): Promise<readonly Answer[]> =>
    Promise.all(ids.flatMap((_, lane) => [ask('GET', lane), ask('PATCH', lane, `${label} ${lane}`)]));
  const worst = (answers: readonly Answer[]): number => Math.max(...answers.map(({ milliseconds }) => milliseconds));
  const good = (answers: readonly Answer[]): number => answers.filter(({ status }) => status < 300).length;

  test('connections that were quiet are asked before somebody relies on them: nobody fails', async (t) => {
    assert.equal(good(await crowd('before')), all);
    const { open, made } = way.wire;
    assert.ok(open > 10, `only ${open} connections`);
    await wait(5_200);
    way.wire.vanish();
    // Of those that were not quiet, the one that looks for changes had one.
    await wait(600);
    const answers = await crowd('after');
    assert.deepEqual([good(answers), worst(answers) < 8_000], [all, true], JSON.stringify(answers));
    assert.ok(way.wire.made > made, 'others took their place');
    t.diagnostic(ledgerLine({ ...emptyLedger, faults: open, acknowledged: all }));
  });

  test('whoever was under way waits no longer than is documented, and those who come later not at all', {
    skip: !isWhole,
  }, async (t) => {
    assert.equal(good(await crowd('before')), all);
    const before = way.wire.open;
    const underWay = crowd('under way');
    way.wire.vanish();
    const answers = await underWay;
    for (const { status } of answers) assert.ok([200, 204, 503].includes(status), String(status));
    assert.ok(worst(answers) < boundMilliseconds, JSON.stringify(answers));
    const later = await crowd('later');
    assert.deepEqual([good(later), worst(later) < 3_000], [all, true], JSON.stringify(later));
    t.diagnostic(ledgerLine({ ...emptyLedger, faults: before, acknowledged: good(answers) + all }));
  });

  test('while nothing comes through at all everybody is told so in time, and it goes on by itself', {
    skip: !isWhole,
  }, async (t) => {
    const { open } = way.wire;
    way.wire.vanish({ newToo: true });
    const answers = await crowd('lost');
    for (const { status } of answers) assert.equal(status, 503);
    assert.ok(worst(answers) < boundMilliseconds, JSON.stringify(answers));
    way.wire.heal();
    const until = performance.now() + boundMilliseconds;
    while ((await ask('PATCH', 0, 'healed')).status !== 204) assert.ok(performance.now() < until, 'it does not go on');
    t.diagnostic(ledgerLine({ ...emptyLedger, faults: open, acknowledged: 1 }));
  });

  test('a server that is asked to end does not wait for what has vanished', { skip: !isWhole }, async (t) => {
    assert.equal(good(await crowd('last')), all);
    way.wire.vanish({ newToo: true });
    const began = performance.now();
    assert.equal(await usher.stop(), 0);
    const took = performance.now() - began;
    assert.ok(took < boundMilliseconds, `${took} ms`);
    t.diagnostic(ledgerLine({ ...emptyLedger, faults: 1 }));
  });
});
