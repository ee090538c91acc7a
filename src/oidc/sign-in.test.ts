import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { apiUri, type House, ids, openHouse, origin } from './testing/harness.ts';
import {
  authorizeUrl,
  claimsOf,
  createBrowser,
  postToken,
  readRedirect,
  redemption,
  signedIn,
  signIn,
} from './testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

test('a sign-in ends with a code at the application, with the state as it was sent', async () => {
  const browser = createBrowser(house);
  const asked = await browser.get(authorizeUrl());
  assert.equal(asked.status, 303);
  assert.match(asked.headers.get('location') ?? '', /^\/journey\/775527ff-9a37-4307-8b3d-cc311f58d925\/[0-9a-f-]{36}$/);
  const journey = browser.cookies().find((cookie) => cookie.startsWith('x-ms-cpim-trans='));
  assert.match(journey ?? '', /Path=\/journey\/775527ff[^;]+; Secure; HttpOnly; SameSite=Lax/);
  const response = await signIn(house, browser);
  const { to, params } = readRedirect(response);
  assert.equal(response.status, 302);
  assert.equal(to, 'http://localhost:3000/');
  assert.equal(params.get('state'), 'c3RhdGU=|mine');
  assert.ok(params.get('code'));
});

test('the code becomes tokens with the claims of the flow', async () => {
  const { status, body } = await signedIn(house, {
    scope: `openid offline_access ${apiUri}/tasks.read`,
    client_info: '1',
  });
  assert.equal(status, 200);
  const { tid, iat, nbf, exp, auth_time: authTime, ...idToken } = claimsOf(body['id_token']);
  assert.equal(tid, undefined);
  assert.equal(Number(exp) - Number(iat), 3600);
  assert.equal(nbf, iat);
  assert.equal(typeof authTime, 'number');
  assert.deepEqual(idToken, {
    iss: `${origin}/775527ff-9a37-4307-8b3d-cc311f58d925/v2.0/`,
    aud: ids.spa,
    sub: house.adele.id,
    oid: house.adele.id,
    tfp: 'B2C_1_susi',
    ver: '1.0',
    nonce: 'n-0',
    name: 'Adele Vance',
    given_name: 'Adele',
    emails: ['adele@contoso.example'],
  });
  const accessToken = claimsOf(body['access_token']);
  assert.equal(accessToken['aud'], ids.api);
  assert.equal(accessToken['azp'], ids.spa);
  assert.equal(accessToken['scp'], 'tasks.read');
  assert.equal(accessToken['nonce'], undefined);
  const clientInfo = JSON.parse(Buffer.from(String(body['client_info']), 'base64url').toString());
  assert.deepEqual(clientInfo, { uid: `${house.adele.id}-b2c_1_susi`, utid: '775527ff-9a37-4307-8b3d-cc311f58d925' });
  assert.equal(body['scope'], `${apiUri}/tasks.read openid offline_access`);
  assert.equal(body['resource'], ids.api);
  assert.equal(body['refresh_token_expires_in'], 86_400);
  assert.equal(body['token_type'], 'Bearer');
});

test('without a resource scope there is no access token, and the answer is still complete', async () => {
  const { status, body } = await signedIn(house);
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body).sort(), [
    'id_token',
    'id_token_expires_in',
    'not_before',
    'profile_info',
    'refresh_token',
    'refresh_token_expires_in',
    'scope',
    'token_type',
  ]);
});

test('the token endpoint refuses a code at another flow, then takes it at its own', async () => {
  const response = await signIn(house, createBrowser(house));
  const code = readRedirect(response).params.get('code') ?? '';
  const elsewhere = await postToken(house, redemption(code), { flow: 'b2c_1_edit' });
  assert.equal(elsewhere.status, 400);
  assert.match(String(elsewhere.body['error_description']), /^AADB2C90088: /);
  assert.equal((await postToken(house, redemption(code))).status, 200);
});
