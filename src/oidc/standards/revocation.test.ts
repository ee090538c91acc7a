import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, askRaw, configure, webAuthorizeUrl, webRedemption } from '../testing/client.ts';
import { type House, ids, openHouse, origin, secret } from '../testing/harness.ts';
import { createBrowser, postToken, readRedirect, signedIn, signIn } from '../testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
  await configure(house, ids.spa, { isRevocationAllowed: true });
  await configure(house, ids.web, { isRevocationAllowed: true });
});
after(() => house.close());

const own = { scope: `openid offline_access ${ids.spa}` };

async function signedInAtWeb() {
  const response = await signIn(house, createBrowser(house), { url: webAuthorizeUrl() });
  const code = readRedirect(response).params.get('code') ?? '';
  return (await postToken(house, { ...webRedemption(code), client_secret: secret })).body;
}

const refresh = (token: unknown) =>
  postToken(house, { grant_type: 'refresh_token', client_id: ids.spa, refresh_token: String(token) });

const userinfo = (token: unknown): Promise<Response> =>
  house.fetch(`${origin}/contoso.onmicrosoft.com/b2c_1_susi/openid/v2.0/userinfo`, {
    headers: { authorization: `Bearer ${String(token)}` },
  });

test('a refresh token that was taken back is good for nothing, nor is what came of it', async () => {
  const { body } = await signedIn(house);
  const renewed = (await refresh(body['refresh_token'])).body;
  const { status } = await ask(house, 'revoke', { client_id: ids.spa, token: String(renewed['refresh_token']) });
  assert.equal(status, 200);
  const refused = await refresh(renewed['refresh_token']);
  assert.deepEqual([refused.status, refused.body['error']], [400, 'invalid_grant']);
});

test('an access token that was taken back opens the user info no more', async () => {
  const { body } = await signedIn(house, own);
  const token = String(body['access_token']);
  assert.equal((await userinfo(token)).status, 200);
  const hint = { token_type_hint: 'refresh_token' };
  assert.equal((await ask(house, 'revoke', { client_id: ids.spa, token, ...hint })).status, 200);
  assert.equal((await userinfo(token)).status, 401);
});

test('with a refresh token end the access tokens that came of the same sign-in', async () => {
  house.clock.advance(1);
  const { body } = await signedIn(house, own);
  house.clock.advance(1);
  const renewed = (await refresh(body['refresh_token'])).body;
  for (const one of [body, renewed]) assert.equal((await userinfo(one['access_token'])).status, 200);
  await ask(house, 'revoke', { client_id: ids.spa, token: String(renewed['refresh_token']) });
  for (const one of [body, renewed]) assert.equal((await userinfo(one['access_token'])).status, 401);
});

test('a token nobody knows is as good as revoked', async () => {
  for (const token of ['unknown', 'a.b.c', 'x'.repeat(20_000)]) {
    assert.equal((await ask(house, 'revoke', { client_id: ids.spa, token })).status, 200);
  }
});

test("another client's tokens stay as they are", async () => {
  house.clock.advance(1);
  const { body } = await signedIn(house, own);
  for (const name of ['refresh_token', 'access_token']) {
    const form = { client_id: ids.web, client_secret: secret, token: String(body[name]) };
    const refused = await ask(house, 'revoke', form);
    assert.deepEqual([refused.status, refused.body['error']], [400, 'invalid_grant']);
    assert.match(String(refused.body['error_description']), /^AADB2C90279/);
  }
  assert.equal((await userinfo(body['access_token'])).status, 200);
  assert.equal((await refresh(body['refresh_token'])).status, 200);
});

test('tokens are taken back where they were given: not at another flow, nor in another tenant', async () => {
  const { body } = await signedIn(house, own);
  const form = { client_id: ids.spa, token: String(body['refresh_token']) };
  const elsewhere = await ask(house, 'revoke', form, { flow: 'b2c_1_signin' });
  assert.match(String(elsewhere.body['error_description']), /^AADB2C90088/);
  const foreign = await ask(house, 'revoke', form, { tenant: 'fabrikam.onmicrosoft.com' });
  assert.deepEqual([foreign.status, foreign.body['error']], [400, 'unauthorized_client']);
  assert.equal((await refresh(body['refresh_token'])).status, 200);
});

test('what a web application got is taken back with its proof alone', async () => {
  const body = await signedInAtWeb();
  const token = String(body['refresh_token']);
  const unproved = await ask(house, 'revoke', { client_id: ids.web, token });
  assert.deepEqual([unproved.status, unproved.body['error']], [401, 'invalid_client']);
  const wrong = await ask(house, 'revoke', { client_id: ids.web, client_secret: 'wrong', token });
  assert.deepEqual([wrong.status, wrong.body['error']], [401, 'invalid_client']);
  assert.equal((await ask(house, 'revoke', { client_id: ids.web, client_secret: secret, token })).status, 200);
});

test('an application that is not allowed to is told so', async () => {
  const refused = await ask(house, 'revoke', { client_id: ids.native, token: 'any' });
  assert.deepEqual([refused.status, refused.body['error']], [400, 'unauthorized_client']);
  assert.match(String(refused.body['error_description']), /isRevocationAllowed/);
});

test('what is no request is refused', async () => {
  const client = `client_id=${ids.spa}`;
  const refused: readonly [string, RegExp][] = [
    [client, /^AADB2C90083.*token/],
    ['token=x', /^AADB2C90083.*client_id/],
    [`${client}&token=a&token=b`, /more than once/],
    [`client_id=${ids.web}&client_secret=a&client_secret=b&token=x`, /more than once/],
  ];
  for (const [body, reason] of refused) {
    const answer = await askRaw(house, 'revoke', body);
    assert.deepEqual([answer.status, answer.body['error']], [400, 'invalid_request'], body);
    assert.match(String(answer.body['error_description']), reason);
  }
  const oversize = await askRaw(house, 'revoke', `${client}&token=${'x'.repeat(70_000)}`);
  assert.equal(oversize.status, 413);
  const got = await house.fetch(`${origin}/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/revoke?token=x`);
  assert.equal(got.status, 400);
});

test('a page of the application reads the answer, a page of others does not', async () => {
  const form = { client_id: ids.spa, token: 'any' };
  const own = await ask(house, 'revoke', form, { headers: { origin: 'http://localhost:3000' } });
  assert.equal(own.headers.get('access-control-allow-origin'), 'http://localhost:3000');
  const other = await ask(house, 'revoke', form, { headers: { origin: 'https://evil.example' } });
  assert.equal(other.headers.get('access-control-allow-origin'), null);
});

test('tokens that an application has for itself end by themselves', async () => {
  const client = { client_id: ids.daemon, client_secret: secret };
  const asked = { ...client, grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' };
  const token = String((await ask(house, 'token', asked, { flow: '' })).body['access_token']);
  await configure(house, ids.daemon, { isRevocationAllowed: true });
  const { status, body } = await ask(house, 'revoke', { ...client, token }, { flow: '' });
  assert.deepEqual([status, body['error']], [400, 'unsupported_token_type']);
});
