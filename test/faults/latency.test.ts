import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import type { PostgresWire, Trip } from '../support/postgres-wire.ts';
import { authorize, codeIn, redeem, refresh } from '../support/sign-in.ts';
import { daemonForm, seeded, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';
import { startWiredServer, type WiredServer } from '../support/wired-server.ts';

/** Trips to the database that each operation waits for; whoever saves one writes the lower number here. */
const trips = {
  page: 4,
  password: 16,
  code: 4,
  refresh: 4,
  'client credentials': 0,
  'create application': 8,
  'change application': 13,
  'get application': 1,
  'list users': 1,
} as const;
type Operation = keyof typeof trips;

const isWhole = process.env['TEST_FAULTS'] !== undefined;
/** Trips are the same however long they take, so these are waited for in the whole run alone. */
const oneWayMilliseconds = 10;
/** Of each operation the least counts: what servers do by themselves falls into some rounds and not into others. */
const rounds = isWhole ? 12 : 3;

/** What a server asks by itself: changes of other processes, and notices for them. */
const isOwn = (trip: Trip): boolean =>
  trip.some((text) => /pg_notify|^LISTEN|pg_locks|FROM change WHERE|name = 'forgotten'/.test(text));

describe('with 20 ms between server and PostgreSQL', () => {
  let server: WiredServer;
  let way: PostgresWire;
  let usher: Usher;
  before(async () => {
    server = await startWiredServer();
    ({ way, usher } = server);
    await usher.graphToken();
  });
  after(() => server?.end());

  const counts = new Map<Operation, number>();
  const times = new Map<Operation, number[]>();
  async function watched<T>(operation: Operation, act: () => Promise<T>): Promise<T> {
    way.trips();
    const began = performance.now();
    const done = await act();
    times.set(operation, [...(times.get(operation) ?? []), performance.now() - began]);
    const count = way.trips().filter((trip) => !isOwn(trip)).length;
    counts.set(operation, Math.min(count, counts.get(operation) ?? count));
    return done;
  }

  const body = async <T>(response: Response, status: number): Promise<T> => {
    const text = await response.text();
    assert.equal(response.status, status, text);
    return (text === '' ? {} : JSON.parse(text)) as T;
  };

  async function signIn(): Promise<void> {
    const attempt = authorize(usher);
    const visitor = newVisitor(usher);
    const shown = await watched('page', () => visitor.open(attempt.url));
    const typed = { email: seeded.user, password: seeded.password };
    const code = codeIn(await watched('password', () => visitor.submit(shown, 'next', typed)));
    const first = await watched('code', () => redeem(usher, attempt, code));
    assert.equal(first.status, 200);
    assert.equal((await watched('refresh', () => refresh(usher, first.answer.refresh_token ?? ''))).status, 200);
  }

  async function manage(): Promise<void> {
    const tokens = `${usher.url}/${seeded.tenantId}/oauth2/v2.0/token`;
    await watched('client credentials', async () =>
      body(await fetch(tokens, { method: 'POST', body: daemonForm() }), 200),
    );
    const graph = (operation: Operation, status: number, method: string, path: string, sent?: object) =>
      watched(operation, async () => body<{ id: string }>(await usher.graph(method, `/v1.0/${path}`, sent), status));
    const { id } = await graph('create application', 201, 'POST', 'applications', { displayName: 'one' });
    await graph('change application', 204, 'PATCH', `applications/${id}`, { displayName: 'other' });
    await graph('get application', 200, 'GET', `applications/${id}`);
    await graph('list users', 200, 'GET', 'users?$top=25');
  }

  const median = (values: readonly number[]): number =>
    [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;

  test('each operation waits for the database no more often than this', async (t) => {
    // Connections, and what is kept in memory.
    await signIn();
    await manage();
    for (const measured of [counts, times]) measured.clear();
    if (isWhole) way.wire.delay = oneWayMilliseconds;
    for (let round = 0; round < rounds; round += 1) {
      await signIn();
      await manage();
    }
    way.wire.delay = 0;
    for (const [operation, taken] of times)
      t.diagnostic(`${operation}: ${counts.get(operation)} trips, p50 ${Math.round(median(taken))} ms`);
    t.diagnostic(ledgerLine({ ...emptyLedger, faults: 1, acknowledged: rounds * 4 }));
    assert.deepEqual(Object.fromEntries(counts), trips);
  });
});
