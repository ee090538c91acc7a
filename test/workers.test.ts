import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { get } from 'node:https';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type TestDatabase, testDatabase } from './support/postgres.ts';
import { type Deployment, deployment, startServe } from './support/serve.ts';
import { authorize, codeFor, redeem } from './support/sign-in.ts';
import type { Usher } from './support/usher.ts';
import { newVisitor } from './support/visitor.ts';

/** The processes that another one has started. */
const childrenOf = (pid: number): readonly number[] =>
  spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .stdout.split('\n')
    .map(Number)
    .filter((found) => found > 0);

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `${what}, in vain`);
    await wait(20);
  }
}

/** A request on a connection of its own, so that any worker may get it; resolves to its status, or to the code of its error. */
const ask = (url: string): Promise<number | string> =>
  new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 5_000 }, (response) => {
      response.resume();
      response.once('close', () => resolve(response.complete ? (response.statusCode ?? 0) : 'cut off'));
    });
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });

describe('a server of several workers', () => {
  let database: TestDatabase;
  let deployed: Deployment;
  let usher: Usher;
  before(async () => {
    database = await testDatabase();
    deployed = await deployment(database.url);
    usher = await startServe(deployed, { args: ['--workers', '2', '--log-level', 'error'] });
  });
  after(async () => {
    await usher?.stop();
    await database?.drop();
  });

  const discovery = () => `${usher.url}/contoso.onmicrosoft.com/B2C_1_susi/v2.0/.well-known/openid-configuration`;
  const isReady = async () => (await fetch(`${usher.managementUrl}/readyz`)).status === 200;

  test('signs people in, whichever worker gets which request', async () => {
    assert.equal(childrenOf(usher.pid).length, 2);
    const people = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const attempt = authorize(usher);
        return (await redeem(usher, attempt, await codeFor(newVisitor(usher), attempt))).status;
      }),
    );
    assert.deepEqual(people, [200, 200, 200, 200]);
  });

  test('a worker that is killed is replaced, and nobody notices but whose requests it had', async () => {
    const [victim = 0, survivor = 0] = childrenOf(usher.pid);
    const answers: (number | string)[] = [];
    let asking = true;
    const askOn = async () => {
      while (asking) {
        answers.push(await ask(discovery()));
        // Else the new worker would have no core to start on.
        await wait(20);
      }
    };
    const clients = [askOn(), askOn()];
    try {
      await until('waited for answers', () => answers.length > 10);
      process.kill(victim, 'SIGKILL');
      await until('waited for another worker', () => {
        const children = childrenOf(usher.pid);
        return children.length === 2 && children.includes(survivor) && !children.includes(victim);
      });
      const before = answers.length;
      await until('waited for answers', () => answers.length > before + 20);
    } finally {
      asking = false;
      await Promise.all(clients);
    }
    const failed = answers.filter((answer) => answer !== 200);
    assert.ok(failed.length <= clients.length, `failed: ${failed}`);
    assert.ok(await isReady());
    assert.match(usher.log(), /"server\.workerLost"/);
  });

  test('every worker ends with the one that started them, after what is under way', async () => {
    const workers = childrenOf(usher.pid);
    const asked = Array.from({ length: 20 }, () => ask(discovery()));
    const answered = await asked[0];
    assert.equal(await usher.stop(), 0);
    assert.equal(answered, 200);
    for (const worker of workers) assert.throws(() => process.kill(worker, 0), { code: 'ESRCH' });
    for (const answer of await Promise.all(asked))
      assert.ok([200, 'ECONNREFUSED', 'ECONNRESET'].includes(answer), `${answer}`);
  });

  test('when no worker can be kept running, it gives up with the exit code of the last', async () => {
    usher = await startServe(deployed, { args: ['--workers', '2', '--log-level', 'error'] });
    await database.query('INSERT INTO usher.usher_migration (version, at) VALUES (999, 0)');
    for (const worker of childrenOf(usher.pid)) process.kill(worker, 'SIGKILL');
    await until('waited for its end', () => childrenOf(process.pid).every((pid) => pid !== usher.pid));
    assert.equal(await usher.stop(), 78);
    assert.match(usher.log(), /it was written by a newer version \(schema 999;/);
  });
});
