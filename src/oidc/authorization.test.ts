import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { digest, newSecret } from '../kernel/index.ts';
import { tenantAuthority } from './authority.ts';
import { type AuthorizationRequest, newWaiting, takeWaiting } from './authorization.ts';
import { findFlow } from './flow.ts';
import { type House, ids, openHouse } from './testing/harness.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const request: AuthorizationRequest = {
  appId: ids.spa,
  target: { redirectUri: 'http://localhost:3000/', mode: 'query' },
  types: ['code'],
  ticket: {
    flowId: 'B2C_1_susi',
    platform: 'spa',
    clientInfo: false,
    openid: true,
    offline: false,
    echo: 'openid',
    correlationId: '11111111-2222-4333-8444-555555555555',
  },
};

async function waiting() {
  const { ephemeral } = house.contoso.store;
  const flow = await findFlow(house.contoso.directory, 'B2C_1_susi');
  assert.ok(flow);
  const place = newWaiting('https://login.usher.test/resume');
  await ephemeral.together([place.keeping(request)]);
  return { ...place, flow, ephemeral };
}

const lost = { code: 'oidc.AADB2C90046' };

test('of eight requests that come for what waits at the same moment one gets it', async () => {
  const { id, secret, flow, ephemeral } = await waiting();
  const took = await Promise.allSettled(Array.from({ length: 8 }, () => takeWaiting({ id, secret }, flow, ephemeral)));
  const got = took.filter((one) => one.status === 'fulfilled');
  assert.deepEqual(
    got.map(({ value }) => value),
    [{ request, result: undefined }],
  );
  await assert.rejects(takeWaiting({ id, secret }, flow, ephemeral), lost);
});

test('what waits is taken by the browser that knows its name, at its own authority, and outlives whoever else asks', async () => {
  const { id, secret, returnTo, flow, ephemeral } = await waiting();
  assert.equal(returnTo, `https://login.usher.test/resume/${digest(secret)}`);
  await assert.rejects(takeWaiting({ id, secret: undefined }, flow, ephemeral), lost);
  await assert.rejects(takeWaiting({ id, secret: newSecret() }, flow, ephemeral), lost);
  await assert.rejects(takeWaiting({ id, secret: id }, flow, ephemeral), lost);
  await assert.rejects(takeWaiting({ id, secret }, tenantAuthority, ephemeral), lost);
  await assert.rejects(takeWaiting({ id, secret }, { ...flow, id: 'B2C_1_signin' }, ephemeral), lost);
  assert.deepEqual((await takeWaiting({ id, secret }, flow, ephemeral)).request, request);
});

test('what waits for a device is no request of a browser', async () => {
  const { ephemeral, flow } = await waiting();
  const secret = newSecret();
  const payload = { returnTo: 'https://login.usher.test/device', device: 'one', browser: digest('another') };
  await ephemeral.put('oidc.Interaction', { id: digest(secret), payload, ttlSeconds: 60 });
  await assert.rejects(takeWaiting({ id: digest(secret), secret }, flow, ephemeral), lost);
  assert.ok(await ephemeral.get('oidc.Interaction', digest(secret)), 'it stays');
});
