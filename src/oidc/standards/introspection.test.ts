import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isoDateTime, system } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { addSecret, ask, basic, change, configure } from '../testing/client.ts';
import { apiUri, type House, ids, openHouse, secret } from '../testing/harness.ts';
import { claimsOf, postToken, signedIn } from '../testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
  for (const appId of [ids.api, ids.spa, ids.web]) await configure(house, appId, { isIntrospectionAllowed: true });
  for (const appId of [ids.api, ids.spa]) await addSecret(house, appId);
});
after(() => house.close());

const forApi = { scope: `openid offline_access ${apiUri}/tasks.read` };

const inspect = (token: unknown, appId: string = ids.api, asking = {}) =>
  ask(house, 'introspect', { token: String(token) }, { headers: { authorization: basic(appId, secret) }, ...asking });

test('an API learns what an access token for it is worth', async () => {
  const { body } = await signedIn(house, forApi);
  const { status, headers, body: told } = await inspect(body['access_token']);
  const { iat, nbf, exp, iss } = claimsOf(body['access_token']);
  assert.equal(status, 200);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.deepEqual(told, {
    active: true,
    client_id: ids.spa,
    token_type: 'Bearer',
    scope: 'tasks.read',
    iss,
    sub: house.adele.id,
    oid: house.adele.id,
    aud: ids.api,
    tfp: 'B2C_1_susi',
    iat,
    nbf,
    exp,
  });
});

test('a client learns the same of its own tokens, and alone of its refresh tokens', async () => {
  const { body } = await signedIn(house, forApi);
  assert.equal((await inspect(body['access_token'], ids.spa)).body['active'], true);
  const { body: told } = await inspect(body['refresh_token'], ids.spa);
  assert.deepEqual([told['active'], told['client_id'], told['sub']], [true, ids.spa, house.adele.id]);
  assert.deepEqual((await inspect(body['refresh_token'])).body, { active: false });
});

test('nothing is said of tokens for others, of other flows, other tenants, ID tokens and what is no token', async () => {
  const { body } = await signedIn(house, forApi);
  const token = body['access_token'];
  assert.deepEqual((await inspect(token, ids.web)).body, { active: false });
  assert.deepEqual((await inspect(token, ids.api, { flow: 'b2c_1_signin' })).body, { active: false });
  assert.deepEqual((await inspect(token, ids.api, { flow: '' })).body, { active: false });
  for (const other of [body['id_token'], 'x', 'a.b.c', `${String(token)}A`]) {
    assert.deepEqual((await inspect(other)).body, { active: false });
    assert.deepEqual((await inspect(other, ids.spa)).body, { active: false });
  }
  const foreign = await inspect(token, ids.api, { tenant: 'fabrikam.onmicrosoft.com' });
  assert.equal(foreign.status, 401);
});

test('a token is worth nothing once it was taken back, used up, outlived, or its person is shut out', async (t) => {
  await configure(house, ids.spa, { isRevocationAllowed: true });
  const { body } = await signedIn(house, forApi);
  const renewal = { grant_type: 'refresh_token', client_id: ids.spa, refresh_token: String(body['refresh_token']) };
  const renewed = (await postToken(house, renewal)).body;
  assert.deepEqual((await inspect(body['refresh_token'], ids.spa)).body, { active: false });
  assert.equal((await inspect(renewed['refresh_token'], ids.spa)).body['active'], true);
  await ask(house, 'revoke', { client_id: ids.spa, client_secret: secret, token: String(renewed['refresh_token']) });
  assert.deepEqual((await inspect(renewed['refresh_token'], ids.spa)).body, { active: false });

  // What came of the same sign-in ends with it.
  assert.deepEqual((await inspect(renewed['access_token'])).body, { active: false });

  house.clock.advance(1);
  const single = (await signedIn(house, forApi)).body;
  assert.equal((await inspect(single['access_token'])).body['active'], true);
  await ask(house, 'revoke', { client_id: ids.spa, client_secret: secret, token: String(single['access_token']) });
  assert.deepEqual((await inspect(single['access_token'])).body, { active: false });
  assert.equal((await inspect(single['refresh_token'], ids.spa)).body['active'], true);

  const other = (await signedIn(house, forApi)).body;
  const ref = { type: entities.user, id: house.adele.id };
  const later = isoDateTime(house.clock.now() + 1);
  await house.contoso.directory.update(system('test'), ref, { signInSessionsValidFromDateTime: later });
  t.after(() =>
    house.contoso.directory.update(system('test'), ref, {
      signInSessionsValidFromDateTime: isoDateTime(house.clock.now() - 100),
    }),
  );
  for (const name of ['access_token', 'refresh_token']) {
    assert.deepEqual((await inspect(other[name], ids.spa)).body, { active: false });
  }
});

test("tokens of applications are asked for at the tenant's own authority", async () => {
  const form = { grant_type: 'client_credentials', client_id: ids.daemon, client_secret: secret };
  const { body } = await postToken(house, { ...form, scope: `${apiUri}/.default` }, { flow: '' });
  const { body: told } = await inspect(body['access_token'], ids.api, { flow: '' });
  assert.deepEqual([told['active'], told['client_id'], told['roles']], [true, ids.daemon, ['Tasks.Sync']]);
  assert.deepEqual((await inspect(body['access_token'])).body, { active: false });
  await change(house, ids.daemon, { isDisabled: true });
  assert.deepEqual((await inspect(body['access_token'], ids.api, { flow: '' })).body, { active: false });
});

test('who asks must prove who it is, and be allowed to', async () => {
  const unproved = await ask(house, 'introspect', { client_id: ids.api, token: 'x' });
  assert.deepEqual([unproved.status, unproved.body['error']], [401, 'invalid_client']);
  assert.match(unproved.headers.get('www-authenticate') ?? '', /^Basic/);
  const wrong = await ask(house, 'introspect', { client_id: ids.api, client_secret: 'wrong', token: 'x' });
  assert.deepEqual([wrong.status, wrong.body['error']], [401, 'invalid_client']);
  const headers = { authorization: basic(ids.api, secret) };
  const twice = await ask(house, 'introspect', { client_secret: secret, token: 'x' }, { headers });
  assert.equal(twice.body['error'], 'invalid_request');
  await configure(house, ids.web, { isIntrospectionAllowed: false });
  const off = await inspect('x', ids.web);
  assert.deepEqual([off.status, off.body['error']], [400, 'unauthorized_client']);
});
