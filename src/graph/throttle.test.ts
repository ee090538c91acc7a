import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Caller, Fault, system } from '../kernel/index.ts';
import { type Body, openWorld, seed, tenants } from './testing/harness.ts';
import { createThrottle } from './throttle.ts';
import type { Throttling } from './throttle-limits.ts';

const app = (appId: string): Caller => ({ kind: 'app', appId, roles: [] });

/** A throttle on a clock that stands still until it is moved. */
function throttleOn(throttling: Throttling) {
  let now = 1_000;
  const throttle = createThrottle(throttling, () => now);
  /** Seconds to wait, 0 when admitted. */
  const ask = (area: string, caller = app('a'), tenantId = 't'): number => {
    try {
      throttle.admit({ tenantId, caller, area });
      return 0;
    } catch (error) {
      assert.ok(error instanceof Fault && error.code === 'graph.throttled');
      return Number(error.data['retryAfterSeconds']);
    }
  };
  const admitted = (times: number, area: string, caller?: Caller, tenantId?: string): number =>
    Array.from({ length: times }, () => ask(area, caller, tenantId)).filter((wait) => wait === 0).length;
  return {
    ask,
    admitted,
    wait(seconds: number) {
      now += seconds;
    },
  };
}

test('an application gets 200 requests a minute for identity, and its tenant 300 with all others', () => {
  const { admitted, ask, wait } = throttleOn('documented');
  assert.equal(admitted(250, 'identity'), 200);
  assert.equal(admitted(250, 'Identity', app('b')), 100);
  assert.equal(admitted(10, 'identityProviders', app('c')), 0);
  assert.equal(admitted(10, 'identity', app('a'), 'other'), 10, 'another tenant has its own');
  assert.equal(admitted(10, 'users'), 10, 'other paths are not meant');
  const seconds = ask('identity', app('c'));
  assert.ok(seconds > 0 && seconds <= 0.2, String(seconds));
  wait(seconds);
  assert.equal(admitted(10, 'identity', app('c')), 1);
  wait(60);
  assert.equal(admitted(250, 'identity'), 200);
});

test('audit logs, invitations and the total have limits of their own', () => {
  const { admitted, wait } = throttleOn('documented');
  assert.equal(admitted(150, 'auditLogs'), 100);
  assert.equal(admitted(50, 'auditLogs', app('b')), 50);
  assert.equal(admitted(200, 'invitations'), 150);
  wait(100);
  assert.equal(admitted(2_500, 'users'), 2_000);
  assert.equal(admitted(10, 'users', app('a')), 0);
  assert.equal(admitted(10, 'users', app('a'), 'other'), 10, 'a client id of another tenant is another application');
});

test('the limits that only protect the server are far away, and can be switched off', () => {
  const generous = throttleOn('generous');
  assert.equal(generous.admitted(25_000, 'identity'), 20_000);
  generous.wait(1);
  assert.equal(generous.admitted(25_000, 'identity'), 2_000);
  assert.equal(throttleOn('none').admitted(50_000, 'identity'), 50_000);
  assert.equal(generous.admitted(10, 'identity', system('seed')), 10, 'the server itself is never held back');
});

test('a request too many is answered 429 with whole seconds, alone and in a batch', async () => {
  let now = 0;
  const world = await openWorld('memory', { throttling: 'documented', now: () => now });
  try {
    await seed(world);
    const path = '/beta/identity/identityProviders';
    for (let count = 0; count < 199; count += 1) assert.equal((await world.get(path)).status, 200);
    const requests = ['1', '2'].map((id) => ({ id, method: 'GET', url: '/identity/identityProviders' }));
    const batch = await world.send('POST', '/beta/$batch', { body: { requests } });
    assert.equal(batch.status, 200);
    const statuses = batch.body.responses.map(({ status }: Body) => status);
    assert.deepEqual(statuses.sort(), [200, 429]);
    const item = batch.body.responses.find(({ status }: Body) => status === 429);
    assert.equal(item.headers['Retry-After'], '1');
    const refused = await world.get(path);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers['retry-after'], '1');
    const { innerError, ...error } = refused.body.error;
    assert.deepEqual(error, { code: 'TooManyRequests', message: 'Please retry again later.' });
    assert.deepEqual(
      { code: innerError.code, message: innerError.message, status: innerError.status },
      { code: '429', message: 'Please retry after', status: '429' },
    );
    assert.equal(innerError['request-id'], refused.headers['request-id']);
    assert.equal((await world.get('/v1.0/users')).status, 200);
    assert.equal((await world.get(path, { as: 'other' })).status, 200, tenants[1]);
    now += 1;
    assert.equal((await world.get(path)).status, 200);
  } finally {
    await world.close();
  }
});
