import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { after, afterEach, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createOutside, type OutsideAnswer } from '../../src/connectors/index.ts';
import { newFlow } from '../support/flow-settings.ts';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { json, type ListeningApi, listeningApi } from '../support/listening-api.ts';
import { authorize, codeFor, codeIn } from '../support/sign-in.ts';
import { startSocketServer } from '../support/smtp.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

const isWhole = process.env['TEST_FAULTS'] !== undefined;
/** In place of the seconds that calls have in the product, and what a busy machine adds. */
const [limitMilliseconds, slackMilliseconds] = [400, 1_500];
const mostBytes = 10_000;
/** Connections that were made too late for their calls are kept for the next ones. */
const spare = 8;

type Manner = (socket: Socket) => void;

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

/** Sends a piece over and over until the connection ends. */
const over = (start: string, piece: string, milliseconds: number): Manner => {
  return (socket) => {
    socket.write(start);
    const timer = setInterval(() => socket.write(piece), milliseconds);
    socket.once('close', () => clearInterval(timer));
  };
};

/** What somebody who is called may do, and why the call then fails. */
const manners: Readonly<Record<string, readonly [Manner, ...(readonly string[])]>> = {
  'accepts and says nothing': [() => undefined, 'timedOut'],
  'drips its headers': [over('HTTP/1.1 200 OK\r\nX-', 'a', 20), 'timedOut'],
  'has no end of headers': [over('HTTP/1.1 200 OK\r\n', `X-${'a'.repeat(1_000)}: b\r\n`, 1), 'unreachable'],
  'drips its body': [over(`${head}Content-Length: 1000\r\n\r\n`, 'a', 20), 'timedOut'],
  'has no end of a body': [
    over(`${head}Transfer-Encoding: chunked\r\n\r\n`, `400\r\n${'a'.repeat(1_024)}\r\n`, 1),
    'tooLong',
  ],
  'goes on with "continue"': [over('', 'HTTP/1.1 100 Continue\r\n\r\n', 20), 'timedOut'],
  'resets at once': [(socket) => socket.resetAndDestroy(), 'unreachable'],
  'resets in the middle': [
    (socket) =>
      void socket.write(`${head}Content-Length: 10\r\n\r\n{`, () => setTimeout(() => socket.resetAndDestroy(), 20)),
    'unreachable',
  ],
  'ends in the middle': [(socket) => void socket.end(`${head}Content-Length: 10\r\n\r\n{`), 'unreachable'],
  'speaks another protocol': [(socket) => void socket.write('SSH-2.0-x\r\n'), 'unreachable'],
};

describe('somebody who is called', () => {
  const open = new Set<Socket>();
  const ends: (() => void)[] = [];
  let manner: Manner = () => undefined;
  let port: number;
  before(async () => {
    const context = { after: (end: () => void) => void ends.push(end) } as TestContext;
    port = await startSocketServer(context, (socket) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      // What it is asked is read by nobody, but what ends has to be noticed.
      socket.resume();
      manner(socket);
    });
  });
  after(() => {
    for (const end of ends) end();
  });
  afterEach(async () => {
    for (let tries = 0; open.size > spare; tries += 1) {
      assert.ok(tries < 100, `${open.size} connections were not given back`);
      await wait(20);
    }
  });

  const outside = createOutside({ allowLoopback: true });
  const limits = { target: 'connector', milliseconds: limitMilliseconds, bytes: mostBytes } as const;
  const call = (purpose: string, scheme = 'http'): Promise<OutsideAnswer> =>
    outside.send({ ...limits, method: 'POST', url: `${scheme}://127.0.0.1:${port}/`, body: '{}', purpose });
  const causeOf = (answer: OutsideAnswer): string => (answer.kind === 'failed' ? answer.cause : answer.kind);

  for (const [what, [does, cause]] of Object.entries(manners))
    test(`${what}: the call is over in its time, and the connection given back`, async (t) => {
      manner = does;
      const began = performance.now();
      assert.equal(causeOf(await call(what)), cause);
      assert.ok(performance.now() - began < limitMilliseconds + slackMilliseconds);
      t.diagnostic(ledgerLine({ ...emptyLedger, faults: 1 }));
    });

  test('never ends the handshake of TLS: the call is over in its time', async () => {
    manner = () => undefined;
    assert.equal(causeOf(await call('tls', 'https')), 'timedOut');
  });

  test('has a name that nobody tells the address of: the call is over in its time', async () => {
    const waiting = createOutside({ allowLoopback: true, resolve: () => undefined });
    const began = performance.now();
    const answer = await waiting.send({ ...limits, method: 'GET', url: 'https://slow.example/' });
    assert.equal(causeOf(answer), 'timedOut');
    assert.ok(performance.now() - began < limitMilliseconds + slackMilliseconds);
  });

  test('hangs under hundreds of calls: they share a bounded number of connections, and others are called meanwhile', async (t) => {
    manner = () => undefined;
    const api = await listeningApi();
    t.after(() => api.close());
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, open.size);
    }, 5);
    const hanging = Promise.all(Array.from({ length: 300 }, () => call('one')));
    const began = performance.now();
    const other = await outside.send({ ...limits, method: 'GET', url: api.origin, purpose: 'other' });
    assert.equal(causeOf(other), 'answered');
    for (const answer of await hanging) assert.equal(causeOf(answer), 'timedOut');
    clearInterval(watch);
    assert.ok(
      performance.now() - began < limitMilliseconds + slackMilliseconds,
      'whoever waits for a connection waits no longer',
    );
    assert.ok(most > 0 && most <= 64, `${most} connections`);
    t.diagnostic(ledgerLine({ ...emptyLedger, faults: 300 }));
  });
});

describe('an API that hangs in the middle of sign-ins', { skip: !isWhole }, () => {
  let usher: Usher;
  let api: ListeningApi;
  before(async () => {
    usher = await startUsher({ args: ['--limits', 'none', '--log-level', 'error'] });
    api = await listeningApi();
  });
  after(async () => {
    await usher?.stop();
    await api?.close();
  });

  /** docs/connectors.md: twenty seconds, twice; and time for the pages of a crowd. */
  const boundMilliseconds = 2 * 20_000 + 5_000;

  async function flowCalling(): Promise<string> {
    const flow = await newFlow(usher, {});
    const draft = {
      displayName: 'Check',
      targetUrl: `${api.origin}/check`,
      authenticationConfiguration: {
        '@odata.type': '#microsoft.graph.basicAuthentication',
        username: 'usher',
        password: 'sesame',
      },
    };
    const made = await usher.graph('POST', '/beta/identity/apiConnectors', draft);
    const { id } = (await made.json()) as { readonly id: string };
    const place = `/beta/identity/b2cUserFlows/${flow}/apiConnectorConfiguration/preTokenIssuance/$ref`;
    const link = { '@odata.id': `${usher.url}/beta/identity/apiConnectors/${id}` };
    assert.equal((await usher.graph('PUT', place, link)).status, 204);
    return flow;
  }

  /** As many as may wait for a hash at once, with those who go on meanwhile. */
  const crowd = 40;

  /** An account of its own: of one that many sign in to at once, too many tries are counted. */
  async function newPerson(): Promise<string> {
    const email = `p${randomUUID()}@contoso.example`;
    const made = await usher.graph('POST', '/v1.0/users', {
      displayName: 'One of many',
      identities: [{ signInType: 'emailAddress', issuer: seeded.tenant, issuerAssignedId: email }],
      passwordProfile: { password: seeded.password, forceChangePasswordNextSignIn: false },
    });
    assert.equal(made.status, 201, await made.text());
    return email;
  }

  test('everybody reads so in time, others sign in meanwhile, and it goes on when the API is itself again', async (t) => {
    const flow = await flowCalling();
    api.answering = () => undefined;
    const { password } = seeded;
    const shown: { readonly visitor: Visitor; readonly email: string; readonly page: Visit }[] = [];
    while (shown.length < crowd) {
      const visitor = newVisitor(usher);
      shown.push({ visitor, email: await newPerson(), page: await visitor.open(authorize(usher, {}, flow).url) });
    }
    const began = performance.now();
    let isOver = false;
    const hanging = Promise.all(
      shown.map(({ visitor, page, email }) => visitor.submit(page, 'next', { email, password })),
    ).finally(() => {
      isOver = true;
    });
    const times: number[] = [];
    while (!isOver) {
      const from = performance.now();
      await codeFor(newVisitor(usher), authorize(usher));
      times.push(performance.now() - from);
      await Promise.race([hanging, wait(250)]);
    }
    const took = performance.now() - began;
    for (const { html } of await hanging) assert.match(textOf(html), /AADB2C90162/);
    assert.ok(took < boundMilliseconds, `${took} ms`);
    // The first ones wait for the hashes of the crowd.
    const median = times.toSorted((one, other) => one - other)[times.length >> 1] ?? 0;
    assert.ok(times.length > 20 && median < 2_000, `${times.length} sign-ins, ${median} ms`);
    assert.ok(api.connections <= 2 * crowd, `${api.connections} connections`);
    api.answering = json({ version: '1.0.0', action: 'Continue' });
    // The API was given a rest of 30 s.
    for (const until = performance.now() + 35_000; ; await wait(500)) {
      const visitor = newVisitor(usher);
      const done = await visitor.submit(await visitor.open(authorize(usher, {}, flow).url), 'next', {
        email: seeded.user,
        password,
      });
      if (done.left !== undefined) {
        codeIn(done);
        break;
      }
      assert.ok(performance.now() < until, 'nobody signs in');
    }
    t.diagnostic(
      `${crowd} told in ${Math.round(took)} ms; ${times.length} other sign-ins, p50 ${Math.round(median)} ms`,
    );
    t.diagnostic(ledgerLine({ ...emptyLedger, faults: crowd, acknowledged: times.length + 1 }));
  });
});
