import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Engine, engines } from '../support/engines.ts';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { authorize, codeFor, redeem } from '../support/sign-in.ts';
import { startUsher, type UsherOptions } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';
import { check, newBooks } from './books.ts';
import { workUntil } from './load.ts';

const root = new URL('../../', import.meta.url);
/** Kills spread over the time that a start takes. */
const kills = process.env['TEST_FAULTS'] === undefined ? 1 : 8;
const quiet = ['--limits', 'none', '--log-level', 'error'];

async function launched({ data, database }: UsherOptions): Promise<ChildProcess> {
  const place = database ? ['--database', await database()] : [];
  const args = ['bin/usher.mjs', 'dev', '--port', '0', '--json', '--data', data ?? '', ...place, ...quiet];
  return spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Starts it and kills it so many milliseconds later. */
async function killedAfter(store: UsherOptions, milliseconds: number): Promise<void> {
  const child = await launched(store);
  const gone = once(child, 'exit');
  await wait(milliseconds);
  child.kill('SIGKILL');
  const [code] = await gone;
  assert.equal(code, null, 'it ended by itself');
}

/** How long a start takes, in milliseconds. */
async function startTime(store: UsherOptions): Promise<number> {
  const began = performance.now();
  const usher = await startUsher({ ...store, args: quiet });
  const took = performance.now() - began;
  await usher.stop('SIGKILL');
  return took;
}

async function worksAsBefore(t: TestContext, store: UsherOptions) {
  const usher = await startUsher({ ...store, args: quiet });
  t.after(() => usher.stop('SIGKILL'));
  const attempt = authorize(usher);
  assert.equal((await redeem(usher, attempt, await codeFor(newVisitor(usher), attempt))).status, 200);
  return usher;
}

function killedAtItsStart(engine: Engine): void {
  test(`${engine.name}: killed with -9 ${kills} times while it makes its tables and its first tenant, it starts all the same`, async (t) => {
    const whole = await startTime(engine.options());
    for (let count = 0; count < kills; count += 1) {
      const store = engine.options();
      await killedAfter(store, (whole * (count + 0.5)) / kills);
      const usher = await worksAsBefore(t, store);
      await usher.stop('SIGKILL');
    }
    t.diagnostic(ledgerLine({ ...emptyLedger, kills }));
  });

  test(`${engine.name}: killed with -9 ${kills} times while it starts on what it has, it loses nothing of it`, async (t) => {
    const store = engine.options();
    const books = newBooks();
    const usher = await worksAsBefore(t, store);
    const act = () => usher.stop('SIGKILL');
    await workUntil({ phase: 'refresh', count: 4, delay: 5, act }, usher, books);
    const whole = await startTime(store);
    for (let count = 0; count < kills; count += 1) await killedAfter(store, (whole * (count + 0.5)) / kills);
    const last = await worksAsBefore(t, store);
    await check(last, books);
    const { acknowledged, lost, doubleSpent } = books;
    t.diagnostic(ledgerLine({ ...emptyLedger, kills: kills + 1, acknowledged, lost, doubleSpent }));
    assert.deepEqual({ lost, doubleSpent }, { lost: 0, doubleSpent: 0 });
  });
}

for (const engine of engines) if (engine.name !== 'memory') killedAtItsStart(engine);
