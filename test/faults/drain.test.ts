import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { before, type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { listeningApi } from '../support/listening-api.ts';
import { testDatabase } from '../support/postgres.ts';
import { type Deployment, deployment, serveFlags, startServe } from '../support/serve.ts';
import { startUsher, temporaryFolder, type Usher } from '../support/usher.ts';
import { type Books, check, newBooks } from './books.ts';
import { manage, signIn, startWork } from './load.ts';
import { addressOf, headOf, manners, reachSecurely } from './peers.ts';

const isWhole = process.env['TEST_FAULTS'] !== undefined;
const root = new URL('../../', import.meta.url);
const args = ['--limits', 'none', '--log-level', 'error'];
/** Milliseconds between what somebody does: how much is under way is counted in the whole run, that something is in the short one. */
const rest = isWhole ? 0 : 100;

let deployed: Deployment;
before(async () => {
  deployed = await deployment();
});

/** Seconds that docs/production.md gives to what is under way, and what a machine with much else to do may take besides. */
const drainSeconds = 25;
const slack = 8;

interface Sending {
  readonly sent: ClientRequest;
  readonly answer: Promise<IncomingMessage>;
}

/** Most of a large body, on a connection of its own. `rest` is what is missing. */
async function uploading(usher: Usher): Promise<Sending & { readonly rest: string }> {
  const rest = '"displayName":"uploaded while it drained"}';
  const begun = `{${' '.repeat(900_000)}`;
  const headers = {
    authorization: `Bearer ${await usher.graphToken()}`,
    'content-type': 'application/json',
    'content-length': begun.length + rest.length,
  };
  const sent = request(`${usher.url}/v1.0/applications`, { method: 'POST', headers, agent: false });
  const answer = once(sent, 'response').then(([response]) => response as IncomingMessage);
  answer.catch(() => undefined);
  await new Promise((resolve) => sent.write(begun, resolve));
  return { sent, answer, rest };
}

/** Ends it after the server was asked to end; resolves to the id of what was made. */
async function uploaded({ sent, answer, rest }: Awaited<ReturnType<typeof uploading>>): Promise<string> {
  sent.end(rest);
  const response = await answer;
  const said = await text(response);
  assert.equal(response.statusCode, 201, said);
  assert.equal(response.headers.connection, 'close');
  return (JSON.parse(said) as { readonly id: string }).id;
}

/** Connections that have been answered and say nothing more. */
async function idle(usher: Usher, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const socket = await reachSecurely(usher, addressOf(index));
    assert.ok(socket);
    const answered = once(socket, 'data');
    socket.resume().write(`${headOf(usher, '/nothing')}\r\n`);
    await answered;
  }
}

/** An API that takes so long to answer, asked by the server on somebody's behalf. */
async function hanging(t: TestContext, usher: Usher, milliseconds: number): Promise<Promise<number>> {
  const api = await listeningApi();
  t.after(() => api.close());
  const called = new Promise<void>((resolve) => {
    api.answering = (response) => {
      resolve();
      setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'), milliseconds);
    };
  });
  const made = await usher.graph('POST', '/beta/identity/apiConnectors', {
    displayName: 'hangs',
    targetUrl: `${api.origin}/`,
    authenticationConfiguration: {
      '@odata.type': '#microsoft.graph.basicAuthentication',
      username: 'usher',
      password: 'a long word',
    },
  });
  const { id } = (await made.json()) as { readonly id: string };
  assert.equal(made.status, 201);
  const trial = { step: 'PostAttributeCollection', audience: 'b2c' };
  const asked = usher.graph('POST', `/beta/identity/apiConnectors/${id}/test`, trial).then(({ status }) => status);
  await called;
  return asked;
}

async function ends(usher: Usher, within: number): Promise<number> {
  const began = performance.now();
  const code = await usher.stop('SIGTERM');
  const took = (performance.now() - began) / 1000;
  assert.ok(took < within + slack, `it took ${took} s to end`);
  assert.doesNotMatch(usher.log(), /unhandled|uncaught/i);
  return code ?? -1;
}

function tell(t: TestContext, faults: number, { acknowledged, lost, doubleSpent }: Books): void {
  t.diagnostic(ledgerLine({ ...emptyLedger, faults, acknowledged, lost, doubleSpent }));
  assert.deepEqual({ lost, doubleSpent }, { lost: 0, doubleSpent: 0 });
  assert.ok(acknowledged > 10, `only ${acknowledged} writes were acknowledged`);
}

test('asked to end in the middle of everything, it answers what it began, keeps what it said, and ends with 0', async (t) => {
  const data = temporaryFolder();
  const usher = await startUsher({ data, args });
  t.after(() => usher.stop('SIGKILL'));
  const books = newBooks();
  const work = await startWork(usher, books, undefined, { rest });
  await idle(usher, isWhole ? 1_000 : 50);
  const slow = manners.filter(({ seconds }) => isWhole || seconds <= 10);
  for (const { begin } of slow)
    for (let index = 0; index < 5; index += 1) assert.ok(await begin(usher, addressOf(index)));
  const [upload, called] = [await uploading(usher), await hanging(t, usher, 3_000)];
  let made = '';
  await work.end(async () => {
    const ended = ends(usher, isWhole ? drainSeconds : 5);
    await wait(500);
    made = await uploaded(upload);
    assert.equal(await called, 200);
    assert.equal(await ended, 0);
  });
  const next = await startUsher({ data, args });
  t.after(() => next.stop('SIGKILL'));
  assert.equal((await next.graph('GET', `/v1.0/applications/${made}`)).status, 200);
  await check(next, books);
  tell(t, 1, books);
});

async function drained(t: TestContext, on: Deployment, more: readonly string[]): Promise<void> {
  const usher = await startServe(on, { args: [...args, '--drain-delay', '2', ...more] });
  t.after(() => usher.stop('SIGKILL'));
  const books = newBooks();
  const work = await startWork(usher, books, undefined, { lanes: [manage, signIn, signIn], rest });
  await idle(usher, 20);
  const kept = await reachSecurely(usher, addressOf(1));
  assert.ok(kept);
  const upload = await uploading(usher);
  let made = '';
  await work.end(async () => {
    const ended = ends(usher, 2 + 5);
    // Within the delay people are answered, and told to come back on another connection.
    await wait(700);
    const told = once(kept, 'data');
    kept.write(`${headOf(usher, '/nothing')}\r\n`);
    assert.match(String(await told), /^HTTP\/1\.1 404 [\s\S]*\r\nconnection: close\r\n/i);
    await wait(2_000);
    made = await uploaded(upload);
    assert.equal(await ended, 0);
  });
  const next = await startServe(on, { args });
  t.after(() => next.stop('SIGKILL'));
  assert.equal((await next.graph('GET', `/v1.0/applications/${made}`)).status, 200);
  await check(next, books);
  tell(t, 1, books);
}

test('one process: while it drains every answer says that it is the last of its connection', async (t) => {
  await drained(t, deployed, []);
});

test('two workers: the same', { skip: !isWhole && 'test/workers.test.ts has a small one' }, async (t) => {
  const database = await testDatabase();
  t.after(() => database.drop());
  const { certificate, certificateKey } = deployed;
  await drained(t, { ...(await deployment(database.url)), certificate, certificateKey }, ['--workers', '2']);
});

test('a second signal ends it at once, whatever is under way', async (t) => {
  const again = [['SIGINT', 130] as const, ...(isWhole ? [['SIGTERM', 143] as const] : [])];
  for (const [signal, code] of again) {
    const usher = await startServe(deployed, { args });
    t.after(() => usher.stop('SIGKILL'));
    const { sent, answer } = await uploading(usher);
    void usher.stop('SIGTERM');
    // Sooner, it would count as the same wish.
    await wait(800);
    const began = performance.now();
    assert.equal(await usher.stop(signal), code);
    assert.ok(performance.now() - began < 3_000);
    await assert.rejects(answer);
    sent.destroy();
  }
  t.diagnostic(ledgerLine({ ...emptyLedger, faults: again.length }));
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly err: string;
}

async function endOf(child: ChildProcess): Promise<Ended> {
  assert.ok(child.stdout && child.stderr);
  child.stdout.resume();
  const [err, [code, signal]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code, signal, err };
}

test('asked to end while it starts, it ends soon and quietly', async (t) => {
  const listen = ['--port', '0', '--management-port', '0', '--public-url', 'https://localhost'];
  const moments = isWhole ? [100, 200, 300, 400, 500, 600, 700, 800] : [500];
  for (const milliseconds of moments) {
    const given = ['bin/usher.mjs', 'serve', ...listen, ...serveFlags(deployed), ...args];
    const child = spawn(process.execPath, given, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    t.after(() => child.kill('SIGKILL'));
    const ended = endOf(child);
    await wait(milliseconds);
    const began = performance.now();
    child.kill('SIGTERM');
    const { code, signal, err } = await ended;
    // Before it listens for signals, the system's own answer holds.
    assert.ok(code === 0 || signal === 'SIGTERM', `${code} ${signal} ${err}`);
    assert.ok(performance.now() - began < 5_000 + slack * 1000);
    assert.doesNotMatch(err, /unhandled|uncaught| at /i);
  }
  t.diagnostic(ledgerLine({ ...emptyLedger, faults: moments.length }));
});
