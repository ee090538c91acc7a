import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { apiUri, type House, ids, openHouse, secret } from './testing/harness.ts';
import {
  authorizeUrl,
  createBrowser,
  postToken,
  readRedirect,
  redemption,
  signIn,
  type TokenAnswer,
  verifier,
} from './testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const webRedirect = 'http://localhost:3001/cb';
const asWeb = { client_id: ids.web, redirect_uri: webRedirect };

async function freshCode(changes: Readonly<Record<string, string | null>> = {}): Promise<string> {
  const response = await signIn(house, createBrowser(house), { url: authorizeUrl(changes) });
  return readRedirect(response).params.get('code') ?? '';
}

const seen = ({ status, body }: TokenAnswer): string =>
  `${status} ${body['error']} ${/^AADB2C\d+/.exec(String(body['error_description']))?.[0]}`;

test('errors are JSON with the code first, then correlation id and time on lines of their own', async () => {
  const { status, headers, body } = await postToken(house, redemption('no-such-code'));
  assert.equal(status, 400);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.equal(body['error'], 'invalid_grant');
  assert.match(
    String(body['error_description']),
    /^AADB2C90090: [^\r\n]+\r\nCorrelation ID: [0-9a-f-]{36}\r\nTimestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\r\n$/,
  );
});

test('a confidential client proves itself in the form or by Basic, with any secret in force', async () => {
  const form = { ...redemption(await freshCode(asWeb)), ...asWeb };
  assert.equal(seen(await postToken(house, form)), '400 invalid_request AADB2C90079');
  assert.equal(seen(await postToken(house, { ...form, client_secret: 'wrong' })), '401 invalid_client AADB2C90081');
  const basic = Buffer.from(`${ids.web}:${encodeURIComponent('another-one-in-rollover')}`).toString('base64');
  const headers = { authorization: `Basic ${basic}` };
  assert.equal((await postToken(house, { ...form, client_id: null }, { headers })).status, 200);
  const again = { ...redemption(await freshCode(asWeb)), ...asWeb, client_secret: secret };
  assert.equal((await postToken(house, again)).status, 200);
});

test('an Authorization header that is no Basic, or names another client, is refused also where no proof is needed', async () => {
  const form = redemption(await freshCode());
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  for (const authorization of ['Bearer x', 'Basic *', basic('no-colon'), basic(`${ids.spa}:`), basic(`:${secret}`)]) {
    const { body } = await postToken(house, form, { headers: { authorization } });
    assert.equal(body['error'], 'invalid_request', authorization);
  }
  const other = { headers: { authorization: basic(`${ids.web}:${secret}`) } };
  const asSomeoneElse = { ...redemption(await freshCode(asWeb)), ...asWeb, client_id: ids.web };
  assert.equal((await postToken(house, { ...asSomeoneElse, client_id: ids.spa }, other)).status, 400);
  assert.equal((await postToken(house, asSomeoneElse, other)).status, 200);
  assert.equal((await postToken(house, form)).status, 200);
});

test('scopes of a renewal are separated by one space', async () => {
  const { body } = await postToken(
    house,
    redemption(await freshCode({ scope: `openid offline_access ${apiUri}/tasks.read` })),
  );
  const form = { ...redemption('x'), grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
  assert.equal(
    seen(await postToken(house, { ...form, scope: 'openid  offline_access' })),
    '400 invalid_scope AADB2C90117',
  );
  assert.equal((await postToken(house, { ...form, scope: 'openid offline_access' })).status, 200);
});

test('a public client must not send a secret', async () => {
  const form = { ...redemption(await freshCode()), client_secret: secret };
  assert.equal(seen(await postToken(house, form)), '400 invalid_request AADB2C90084');
});

test('PKCE holds both ways', async () => {
  const code = await freshCode();
  assert.equal(
    seen(await postToken(house, { ...redemption(code), code_verifier: null })),
    '400 invalid_grant AADB2C90183',
  );
  const wrong = `${verifier.slice(0, -1)}${verifier.endsWith('A') ? 'B' : 'A'}`;
  const other = Buffer.from(wrong).toString('base64url');
  assert.equal(
    seen(await postToken(house, { ...redemption(code), code_verifier: other })),
    '400 invalid_grant AADB2C90182',
  );
  const plain = await freshCode({ ...asWeb, code_challenge: null, code_challenge_method: null });
  const downgraded = { ...redemption(plain), ...asWeb, client_secret: secret };
  assert.equal(seen(await postToken(house, downgraded)), '400 invalid_grant AADB2C90182');
  assert.equal((await postToken(house, { ...downgraded, code_verifier: null })).status, 200);
});

test('the redirect URI of the code must be repeated', async () => {
  const code = await freshCode();
  const elsewhere = { ...redemption(code), redirect_uri: 'https://spa.example/cb' };
  assert.equal(seen(await postToken(house, elsewhere)), '400 invalid_grant AADB2C90287');
  assert.equal(
    seen(await postToken(house, { ...redemption(code), redirect_uri: null })),
    '400 invalid_grant AADB2C90287',
  );
  assert.equal((await postToken(house, redemption(code))).status, 200);
});

const faulty: Readonly<Record<string, readonly [Readonly<Record<string, string | null>>, string]>> = {
  'no grant type': [{ grant_type: null }, '400 invalid_request AADB2C90083'],
  'an unknown grant type': [{ grant_type: 'password' }, '400 unsupported_grant_type AADB2C90086'],
  'a name every object has': [{ grant_type: 'constructor' }, '400 unsupported_grant_type AADB2C90086'],
  'the name of a prototype': [{ grant_type: '__proto__' }, '400 unsupported_grant_type AADB2C90086'],
  'client credentials': [{ grant_type: 'client_credentials' }, '400 unsupported_grant_type AADB2C90086'],
  'no code': [{ code: null }, '400 invalid_request AADB2C90083'],
  'no client': [{ client_id: null }, '400 invalid_request AADB2C90083'],
  'an unknown client': [{ client_id: '99999999-9999-4999-8999-999999999999' }, '400 unauthorized_client AADB2C90018'],
  'a client id that is none': [{ client_id: "' OR 1=1" }, '400 unauthorized_client AADB2C90018'],
};

for (const [name, [changes, expected]] of Object.entries(faulty)) {
  test(`the token endpoint answers ${name} with ${expected}`, async () => {
    assert.equal(seen(await postToken(house, { ...redemption('x'), ...changes })), expected);
  });
}

test('a parameter sent twice, another media type and another method are refused', async () => {
  const url = '/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/token';
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const twice = await house.fetch(url, {
    method: 'POST',
    headers,
    body: 'grant_type=refresh_token&grant_type=authorization_code',
  });
  assert.equal(twice.status, 400);
  const json = await house.fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  assert.equal(json.status, 400);
  assert.equal(((await json.json()) as { error: string }).error, 'invalid_request');
  const get = await house.fetch(url);
  assert.match(((await get.json()) as { error_description: string }).error_description, /^AADB2C90226: /);
});

test('a page of a single-page application may read good and bad answers, and others may not', async () => {
  const url = '/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/token';
  const headers = { origin: 'https://spa.example' };
  const bad = await postToken(house, redemption('x'), { headers });
  assert.equal(bad.headers.get('access-control-allow-origin'), 'https://spa.example');
  const good = await postToken(house, redemption(await freshCode()), { headers });
  assert.equal(good.status, 200);
  assert.equal(good.headers.get('access-control-allow-origin'), 'https://spa.example');
  const foreign = await postToken(house, redemption('x'), { headers: { origin: 'https://evil.example' } });
  assert.equal(foreign.headers.get('access-control-allow-origin'), null);
  // Registered, but by another application: its pages do not speak for this client.
  const other = await postToken(house, { ...redemption('x'), client_id: ids.native }, { headers });
  assert.equal(other.headers.get('access-control-allow-origin'), null);
  const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };
  const preflight = await house.fetch(url, { method: 'OPTIONS', headers: { ...headers, ...asked } });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get('access-control-allow-origin'), 'https://spa.example');
  assert.equal(preflight.headers.get('access-control-allow-headers'), 'content-type');
  const refused = await house.fetch(url, { method: 'OPTIONS', headers: { origin: 'https://evil.example', ...asked } });
  assert.equal(refused.headers.get('access-control-allow-origin'), null);
});

test('the flow may stand in the query, and client ids in letters of any case', async () => {
  const code = await freshCode({ client_id: ids.spa.toUpperCase(), scope: `openid ${apiUri}/.default` });
  const form = new URLSearchParams({ ...redemption(code), client_id: ids.spa.toUpperCase() });
  const response = await house.fetch('/contoso.onmicrosoft.com/oauth2/v2.0/token?p=B2C_1_SUSI&client-request-id=1', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  const body = (await response.json()) as { scope: string };
  assert.equal(response.status, 200);
  assert.equal(body.scope, `${apiUri}/tasks.read ${apiUri}/tasks.write ${apiUri}/.default openid`);
});

test('each token answer is observed without what is in it', async () => {
  house.observed.length = 0;
  await postToken(house, redemption(await freshCode()));
  const kinds = house.observed.filter(({ kind }) => kind === 'token.issued');
  assert.deepEqual(kinds.at(-1), {
    kind: 'token.issued',
    tenantId: house.contoso.tenant.id,
    flowId: 'B2C_1_susi',
    appId: ids.spa,
    grant: 'authorization_code',
  });
});
