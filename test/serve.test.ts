import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Deployment, deployment, startServe } from './support/serve.ts';
import { authorize, codeFor, redeem } from './support/sign-in.ts';
import type { Usher } from './support/usher.ts';
import { newVisitor } from './support/visitor.ts';

describe('a server in production', () => {
  let deployed: Deployment;
  let usher: Usher;
  before(async () => {
    deployed = await deployment();
    usher = await startServe(deployed);
  });
  after(() => usher?.stop());

  test('signs people in', async () => {
    const attempt = authorize(usher);
    const code = await codeFor(newVisitor(usher), attempt);
    assert.equal((await redeem(usher, attempt, code)).status, 200);
  });

  test('has no workbench, no outbox, and no clock to move', async () => {
    for (const path of ['/try/', '/dev/outbox', '/dev/outbox/', '/dev/clock', '/dev/reset', '/dev/faults']) {
      for (const method of ['GET', 'POST', 'PUT']) {
        const { status } = await fetch(`${usher.url}${path}`, { method });
        assert.equal(status, 404, `${method} ${path}`);
      }
    }
  });

  test('tells probes that it lives and is ready, and nothing else', async () => {
    const ask = (path: string, method = 'GET') => fetch(`${usher.managementUrl}${path}`, { method });
    for (const path of ['/livez', '/readyz', '/readyz?verbose']) assert.equal((await ask(path)).status, 200, path);
    assert.deepEqual(await (await ask('/readyz')).json(), { status: 'ready' });
    assert.equal((await ask('/readyz', 'HEAD')).status, 200);
    assert.equal((await ask('/readyz', 'POST')).status, 405);
    for (const path of ['/', '/dev/outbox', '/beta/users']) assert.equal((await ask(path)).status, 404, path);
  });
});
