import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as client from 'openid-client';
import { ask, askRaw, configure } from '../testing/client.ts';
import { type House, ids, openHouse, origin, secret } from '../testing/harness.ts';
import {
  authorizeUrl,
  challenge,
  createBrowser,
  postToken,
  readRedirect,
  redemption,
  signIn,
} from '../testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const request = {
  client_id: ids.spa,
  redirect_uri: 'http://localhost:3000/',
  response_type: 'code',
  response_mode: 'fragment',
  scope: 'openid offline_access',
  state: 'pushed-state',
  nonce: 'n-0',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};

const webRequest = {
  ...request,
  client_id: ids.web,
  redirect_uri: 'http://localhost:3001/cb',
  scope: `openid ${ids.web}`,
  code_challenge: null,
  code_challenge_method: null,
};

async function push(form: Readonly<Record<string, string | null>> = request, asking = {}): Promise<string> {
  const { status, body } = await ask(house, 'par', form, asking);
  assert.equal(status, 201, JSON.stringify(body));
  return String(body['request_uri']);
}

const urlWith = (requestUri: string, changes: Readonly<Record<string, string>> = {}, flow = 'B2C_1_susi'): string => {
  const params = new URLSearchParams({ client_id: ids.spa, request_uri: requestUri, ...changes });
  return `${origin}/contoso.onmicrosoft.com/${flow}/oauth2/v2.0/authorize?${params}`;
};

const refusedOnPage = async (url: string): Promise<void> => {
  const response = await createBrowser(house).get(url);
  assert.equal(response.status, 400);
  assert.equal(response.headers.get('location'), null);
  assert.match(await response.text(), /request_uri is not known/);
};

test('a pushed request signs in with what was pushed, and nothing of what the browser adds', async () => {
  const pushed = await ask(house, 'par', request);
  assert.equal(pushed.status, 201);
  assert.equal(pushed.headers.get('cache-control'), 'no-store');
  assert.equal(pushed.body['expires_in'], 60);
  const requestUri = String(pushed.body['request_uri']);
  assert.match(requestUri, /^urn:ietf:params:oauth:request_uri:[\w-]{40,}$/);
  const url = urlWith(requestUri, { state: 'injected', redirect_uri: 'https://spa.example/cb', scope: 'openid' });
  const { to, params } = readRedirect(await signIn(house, createBrowser(house), { url }));
  assert.deepEqual([to, params.get('state')], ['http://localhost:3000/', 'pushed-state']);
  const { status, body } = await postToken(house, redemption(params.get('code') ?? ''));
  assert.equal(status, 200);
  assert.ok(body['refresh_token']);
});

test('the name of a request is good once, also when it comes many times at the same moment', async () => {
  const url = urlWith(await push());
  const answers = await Promise.all(Array.from({ length: 6 }, () => createBrowser(house).get(url)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 400, 400, 400, 400, 400]);
  await refusedOnPage(url);
});

test('it is good for its client, its flow and its tenant', async () => {
  const uri = await push();
  await refusedOnPage(urlWith(uri, { client_id: ids.web }));
  await refusedOnPage(urlWith(uri, {}, 'B2C_1_signin'));
  await refusedOnPage(urlWith(uri).replace('contoso', 'fabrikam'));
  await refusedOnPage(urlWith(`${uri}x`));
  // None of those strangers has used it up.
  assert.equal((await createBrowser(house).get(urlWith(uri, { client_id: ids.spa.toUpperCase() }))).status, 303);
});

test('what authorize would refuse is refused when it is pushed', async () => {
  const refused: readonly [Readonly<Record<string, string | null>>, string, RegExp][] = [
    [{ redirect_uri: 'https://evil.example/' }, 'invalid_request', /^AADB2C90006/],
    [{ scope: null }, 'invalid_request', /^AADB2C90010/],
    [{ response_type: 'none' }, 'unsupported_response_type', /^AADB2C90013/],
    [{ code_challenge: null, code_challenge_method: null }, 'invalid_request', /^AADB2C99059/],
    [{ client_id: null }, 'invalid_request', /^AADB2C90083/],
    [{ client_id: '99999999-9999-4999-8999-999999999999' }, 'unauthorized_client', /^AADB2C90018/],
    [{ state: 'x'.repeat(5_000) }, 'invalid_request', /^AADB2C90122/],
    [{ request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request_uri', /request_uri/],
  ];
  for (const [changes, error, text] of refused) {
    const { status, body } = await ask(house, 'par', { ...request, ...changes });
    assert.deepEqual([status, body['error']], [400, error], JSON.stringify(changes));
    assert.match(String(body['error_description']), text);
  }
  const twice = await askRaw(house, 'par', `client_id=${ids.spa}&scope=a&scope=b`);
  assert.deepEqual([twice.status, twice.body['error']], [400, 'invalid_request']);
  assert.equal((await askRaw(house, 'par', `client_id=${ids.spa}&state=${'x'.repeat(70_000)}`)).status, 413);
});

test('a web application pushes with its proof alone', async () => {
  const unproved = await ask(house, 'par', webRequest);
  assert.deepEqual([unproved.status, unproved.body['error']], [401, 'invalid_client']);
  const wrong = await ask(house, 'par', { ...webRequest, client_secret: 'wrong' });
  assert.deepEqual([wrong.status, wrong.body['error']], [401, 'invalid_client']);
  const uri = await push({ ...webRequest, client_secret: secret });
  const url = urlWith(uri, { client_id: ids.web });
  assert.ok(readRedirect(await signIn(house, createBrowser(house), { url })).params.get('code'));
});

test('an application may be made to push', async (t) => {
  await configure(house, ids.spa, { isPushedAuthorizationRequired: true });
  t.after(() => configure(house, ids.spa, { isPushedAuthorizationRequired: false }));
  const { to, params } = readRedirect(await createBrowser(house).get(authorizeUrl()));
  assert.deepEqual([to, params.get('error')], ['http://localhost:3000/', 'invalid_request']);
  assert.match(params.get('error_description') ?? '', /must push/);
  assert.equal((await createBrowser(house).get(urlWith(await push()))).status, 303);
});

test('openid-client: a pushed request, from the metadata on', async () => {
  const throughHouse: client.CustomFetch = (target, init) => house.fetch(target, init as RequestInit);
  const url = new URL(`${origin}/contoso.onmicrosoft.com/b2c_1_susi/v2.0/.well-known/openid-configuration`);
  const party = await client.discovery(url, ids.web, undefined, client.ClientSecretBasic(secret), {
    [client.customFetch]: throughHouse,
  });
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const to = await client.buildAuthorizationUrlWithPAR(party, {
    redirect_uri: 'http://localhost:3001/cb',
    scope: `openid ${ids.web}`,
    state: 'state',
    nonce: 'nonce',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  assert.deepEqual([...to.searchParams.keys()].sort(), ['client_id', 'request_uri']);
  const response = await signIn(house, createBrowser(house), { url: to.href });
  const back = new URL(response.headers.get('location') ?? '');
  const checks = { pkceCodeVerifier, expectedState: 'state', expectedNonce: 'nonce' };
  const tokens = await client.authorizationCodeGrant(party, back, checks);
  assert.equal(tokens.claims()?.sub, house.adele.id);
});

test('it is good for a minute', async () => {
  const [inTime, late] = [await push(), await push()];
  house.clock.advance(59);
  assert.equal((await createBrowser(house).get(urlWith(inTime))).status, 303);
  house.clock.advance(1);
  await refusedOnPage(urlWith(late));
});
