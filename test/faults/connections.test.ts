import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { authorize, codeFor, redeem } from '../support/sign-in.ts';
import { launch, startUsher, temporaryFolder, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';
import { addressOf, headOf, manners, neverReading, pipelining, reach, reachSecurely } from './peers.ts';

const isWhole = process.env['TEST_FAULTS'] !== undefined;
const args = ['--limits', 'none', '--log-level', 'error', '--management-port', '0'];

/** Milliseconds that each of some whole sign-ins took, one after the other, while `goesOn`. Rejects when one fails. */
async function signIns(usher: Usher, goesOn: () => boolean): Promise<readonly number[]> {
  const taken: number[] = [];
  do {
    const began = performance.now();
    const attempt = authorize(usher);
    assert.equal((await redeem(usher, attempt, await codeFor(newVisitor(usher), attempt))).status, 200);
    taken.push(performance.now() - began);
    await wait(400);
  } while (goesOn());
  return taken;
}

const middle = (numbers: readonly number[]): string =>
  `${Math.round([...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0)} ms`;

const openOf = async ({ managementUrl }: Usher): Promise<number> =>
  Number(/^usher_connections_open (\d+)/m.exec(await (await fetch(`${managementUrl}/metrics`)).text())?.[1]);

const residentKibibytes = ({ pid }: Usher): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

async function until(what: string, seconds: number, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await holds())) {
    assert.ok(performance.now() < end, `not within ${seconds} s: ${what}`);
    await wait(200);
  }
}

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => (socket.destroyed ? resolve() : socket.once('close', () => resolve())));

const seq = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Opens so many, some at once; those that are turned away are not among them. */
async function many<T>(count: number, open: (index: number) => Promise<T | undefined>): Promise<readonly T[]> {
  const opened: T[] = [];
  const left = seq(count).values();
  const lane = async (): Promise<void> => {
    for (const index of left) {
      const one = await open(index);
      if (one !== undefined) opened.push(one);
    }
  };
  await Promise.all(seq(32).map(lane));
  return opened;
}

describe('clients that keep connections', { concurrency: !isWhole }, () => {
  let usher: Usher;
  before(async () => {
    usher = await startUsher({ args });
  });
  after(() => usher?.stop('SIGKILL'));

  const crowd = isWhole ? 100 : 20;
  const tried = manners.filter(({ seconds }) => isWhole || seconds <= 10);

  test('who drips, dawdles or says nothing is cut off in time, while people sign in', async (t) => {
    let left = tried.length;
    const keeping = tried.map(async ({ name, seconds, begin }) => {
      const held = await many(crowd, async (index) => {
        const socket = await begin(usher, addressOf(index));
        const began = performance.now();
        return socket && { ended: closed(socket).then(() => (performance.now() - began) / 1000) };
      });
      const longest = Math.max(...(await Promise.all(held.map(({ ended }) => ended))));
      left -= 1;
      assert.equal(held.length, crowd, name);
      // A look at all of them a second, and a server and a client that have much to do.
      assert.ok(longest < seconds + 12, `${name}: ${longest} s`);
    });
    const taken = await signIns(usher, () => left > 0);
    await Promise.all(keeping);
    t.diagnostic(`${tried.length * crowd} slow clients; ${taken.length} sign-ins meanwhile, ${middle(taken)} each`);
    t.diagnostic(ledgerLine({ ...emptyLedger, faults: tried.length * crowd, acknowledged: taken.length }));
  });

  test('a flood of requests ahead of their answers ends each connection, and nobody else notices', async (t) => {
    let left = 1;
    const flood = Promise.all(seq(isWhole ? 100 : 10).map((index) => pipelining(usher, addressOf(index))));
    flood.finally(() => {
      left = 0;
    });
    const taken = await signIns(usher, () => left > 0);
    const answers = await flood;
    assert.ok(Math.max(...answers) <= 10, `${answers}`);
    t.diagnostic(ledgerLine({ ...emptyLedger, faults: answers.length, acknowledged: taken.length }));
  });

  test('clients that vanish without a word are noticed', async (t) => {
    const count = isWhole ? 200 : 20;
    const sockets = await many(count, (index) => reachSecurely(usher, addressOf(index)));
    t.after(() => {
      for (const socket of sockets) socket.destroy();
    });
    const answers = sockets.map((socket) => once(socket, 'data'));
    for (const socket of sockets) socket.write(`${headOf(usher, '/nothing')}\r\n`);
    await Promise.all(answers);
    // From now on nothing is taken from the server, not even that it ends the connection.
    for (const socket of sockets) socket.pause();
    assert.ok((await openOf(usher)) >= count);
    await until('vanished clients are closed', 40, async () => (await openOf(usher)) < count / 2);
    t.diagnostic(ledgerLine({ ...emptyLedger, faults: count }));
  });

  test('answers that nobody reads are bounded, and given up', { skip: !isWhole && 'takes a minute' }, async (t) => {
    const count = 50;
    const resident = residentKibibytes(usher);
    const sockets = await many(count, (index) => neverReading(usher, addressOf(index)));
    t.after(() => {
      for (const socket of sockets) socket.destroy();
    });
    await until('unread answers are given up', 100, async () => {
      const more = residentKibibytes(usher) - resident;
      // Ten answers of 120 kB each, and what a busy server keeps anyway.
      assert.ok(more < count * 1_500 + 150_000, `${more} KB`);
      return (await openOf(usher)) < count / 2;
    });
    t.diagnostic(ledgerLine({ ...emptyLedger, faults: count }));
  });
});

const files = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout.trim();
const idleCount = 10_000;
const skip =
  (!isWhole && 'takes a minute') ||
  (files !== 'unlimited' && Number(files) < idleCount + 2_000 && `only ${files} files may be open here`);

test(`${idleCount} idle connections: new people are served, and each is closed when its time is over`, {
  skip,
}, async (t) => {
  const usher = await startUsher({ args });
  t.after(() => usher.stop('SIGKILL'));
  await signIns(usher, () => false);
  const resident = residentKibibytes(usher);
  // Each asks again as long as others still come: idle connections end after ten seconds.
  let coming = true;
  const sockets = await many(idleCount, async (index) => {
    const socket = await reachSecurely(usher, addressOf(index));
    if (!socket) return undefined;
    socket.resume();
    const ask = () => socket.write(`${headOf(usher, '/nothing')}\r\n`);
    ask();
    const again = setInterval(() => coming && ask(), 7_000);
    socket.once('close', () => clearInterval(again));
    return socket;
  });
  const taken = await signIns(usher, () => false);
  const open = await openOf(usher);
  const each = (residentKibibytes(usher) - resident) / open;
  coming = false;
  assert.equal(sockets.length, idleCount);
  assert.ok(open > idleCount * 0.95, `${open} open`);
  await until('idle connections are closed', 25, async () => (await openOf(usher)) < 20);
  t.diagnostic(`${open} idle connections, ${each.toFixed(0)} KB each; a sign-in meanwhile took ${middle(taken)}`);
  t.diagnostic(ledgerLine({ ...emptyLedger, faults: open, acknowledged: taken.length }));
});

test('a server that may open few files keeps enough of them for people and its database, whoever connects', async (t) => {
  const data = temporaryFolder();
  const few = ['sh', '-c', 'ulimit -n 400; exec "$0" "$@"'];
  const usher = await launch(['dev', '--port', '0', '--json', '--data', data, ...args], data, '', few);
  t.after(() => usher.stop('SIGKILL'));
  let flooding = true;
  /** As many as they can get, over and over: without TLS, each would have five seconds. */
  const flood = seq(4).map(async (stranger) => {
    const held: Socket[] = [];
    while (flooding) {
      held.push(...seq(200).map(() => reach(usher, addressOf(stranger))));
      await wait(250);
      for (const socket of held.splice(0, Math.max(0, held.length - 400))) socket.destroy();
    }
    for (const socket of held) socket.destroy();
  });
  let most = 0;
  const watching = (async () => {
    for (; flooding; await wait(100)) most = Math.max(most, await openOf(usher));
  })();
  const [enough, late] = [isWhole ? 15_000 : 2_500, 30_000].map((more) => performance.now() + more);
  // A crowded machine takes its time to connect so often.
  const taken = await signIns(usher, () => performance.now() < ((most > 100 ? enough : late) ?? 0));
  const created = await usher.graph('POST', '/v1.0/applications', { displayName: 'meanwhile' });
  assert.equal(created.status, 201);
  assert.equal((await fetch(`${usher.managementUrl}/readyz`)).status, 200);
  flooding = false;
  await Promise.all([...flood, watching]);
  assert.ok(most > 100 && most <= 200, `${most} open`);
  assert.doesNotMatch(usher.log(), /EMFILE|unhandled|uncaught/i);
  t.diagnostic(`${most} of 200 places taken; ${taken.length} sign-ins meanwhile, ${middle(taken)} each`);
  t.diagnostic(ledgerLine({ ...emptyLedger, faults: 4, acknowledged: taken.length }));
});
