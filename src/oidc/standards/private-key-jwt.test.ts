import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, type TestContext, test } from 'node:test';
import * as client from 'openid-client';
import {
  assertionClaims,
  type Claims,
  createSigner,
  keySet,
  signAny,
  tokenUrl,
  withAssertion,
} from '../testing/assertion.ts';
import { ask, change, configure, webAuthorizeUrl, webRedemption } from '../testing/client.ts';
import { apiUri, type House, ids, openHouse, origin, secret } from '../testing/harness.ts';
import { createBrowser, postToken, signIn } from '../testing/visitor.ts';

const signers = {
  ES256: createSigner('ES256', 'es'),
  EdDSA: createSigner('EdDSA', 'ed'),
  PS256: createSigner('PS256', 'ps'),
  RS256: createSigner('RS256'),
};
const registered = keySet(...Object.values(signers));

let house: House;
before(async () => {
  house = await openHouse();
  await configure(house, ids.web, { jwks: registered, isIntrospectionAllowed: true });
});
after(() => house.close());

const claims = (changes: Claims = {}): Claims => assertionClaims(house.clock.now(), changes);
const proof = (changes: Claims = {}) => withAssertion(signers.ES256.sign(claims(changes)));

async function backAtWeb(): Promise<URL> {
  const response = await signIn(house, createBrowser(house), { url: webAuthorizeUrl() });
  return new URL(response.headers.get('location') ?? '');
}

const codeForWeb = async (): Promise<string> => (await backAtWeb()).searchParams.get('code') ?? '';

/** Asks the cheapest endpoint that wants a proof. */
const shown = (form: Readonly<Record<string, string>>, asking = {}) =>
  ask(house, 'introspect', { token: 'x', ...form }, asking);

async function refusedFor(form: Readonly<Record<string, string>>, reason: RegExp): Promise<void> {
  const { status, body } = await shown(form);
  assert.deepEqual([status, body['error']], [401, 'invalid_client']);
  assert.match(String(body['error_description']), reason);
}

test('a code is redeemed with an assertion in place of a secret, with each algorithm', async () => {
  for (const signer of Object.values(signers)) {
    const assertion = withAssertion(signer.sign(claims()));
    const { status, body } = await postToken(house, { ...webRedemption(await codeForWeb()), ...assertion });
    assert.equal(status, 200, JSON.stringify(body));
    const renewal = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
    // The assertion names the client by itself (RFC 7523 §3).
    assert.equal((await postToken(house, { ...renewal, ...proof() })).status, 200);
  }
});

test('an assertion may be for the issuer, or for an address of this server in any of its forms', async () => {
  const tid = house.contoso.tenant.id;
  const good = [
    `${origin}/${tid}/v2.0/`,
    tokenUrl,
    [tokenUrl, 'https://elsewhere.example/'],
    `${origin}/contoso.onmicrosoft.com/oauth2/v2.0/token?p=B2C_1_susi`,
    `${origin}/tfp/${tid}/b2c_1_susi/oauth2/v2.0/token`,
    `${origin}/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/introspect`,
  ];
  for (const aud of good) assert.equal((await shown(proof({ aud }))).status, 200, String(aud));
  const bad = [
    undefined,
    'https://elsewhere.example/token',
    `${origin}/fabrikam.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/token`,
    `${origin}/contoso.onmicrosoft.com/b2c_1_signin/oauth2/v2.0/token`,
    `${origin}/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/authorize`,
  ];
  for (const aud of bad) await refusedFor(proof({ aud }), /aud is not this server/);
});

test('an assertion is good once, also when it comes many times at the same moment', async () => {
  const assertion = proof();
  const answers = await Promise.all(Array.from({ length: 8 }, () => shown(assertion)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  await refusedFor(assertion, /used before/);
  await refusedFor(proof({ jti: undefined }), /jti is missing/);
  await refusedFor(proof({ jti: 'x'.repeat(600) }), /jti is missing/);
});

test('an assertion must be alive, not of the future, and not for long', async () => {
  const now = house.clock.now();
  await refusedFor(proof({ exp: now }), /expired/);
  await refusedFor(proof({ exp: undefined }), /expired/);
  await refusedFor(proof({ exp: now + 4_000 }), /longer than 3600 seconds/);
  await refusedFor(proof({ nbf: now + 120 }), /of the future/);
  await refusedFor(proof({ iat: String(now) }), /of the future/);
});

test('only the keys of the application count, and only signatures', async () => {
  const stranger = createSigner('ES256', 'es');
  await refusedFor(withAssertion(stranger.sign(claims())), /no key/);
  const [head, , tail] = signers.ES256.sign(claims()).split('.');
  const other = signers.ES256.sign(claims({ jti: 'other' })).split('.')[1];
  await refusedFor(withAssertion(`${head}.${other}.${tail}`), /no key/);
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${other}.`;
  await refusedFor({ client_id: ids.web, ...withAssertion(unsigned) }, /not a signed JWT/);
  const symmetric = signAny('HS256', signers.RS256.privateKey, claims(), {});
  await refusedFor(withAssertion(symmetric), /algorithm is not allowed/);
  const wrongKind = signAny('PS256', signers.PS256.privateKey, claims(), { kid: 'es' });
  await refusedFor(withAssertion(wrongKind), /no key/);
  const critical = signers.ES256.sign(claims(), { kid: 'es', crit: ['exp'] });
  await refusedFor(withAssertion(critical), /not a signed JWT/);
  await refusedFor({ client_id: ids.web, ...withAssertion('x'.repeat(20_000)) }, /not a signed JWT/);
});

test('an assertion speaks for the client that signed it alone', async () => {
  await refusedFor(proof({ iss: ids.spa }), /iss and sub/);
  await refusedFor({ client_id: ids.web, ...proof({ sub: ids.spa }) }, /iss and sub/);
  // Of an application without keys, nothing is right.
  await refusedFor(proof({ iss: ids.spa, sub: ids.spa }), /no key/);
});

test('proofs are not added up', async () => {
  for (const more of [{ client_secret: secret }, {}]) {
    const headers = 'client_secret' in more ? {} : { authorization: `Basic ${btoa(`${ids.web}:${secret}`)}` };
    const { status, body } = await shown({ ...proof(), ...more }, { headers });
    assert.deepEqual([status, body['error']], [400, 'invalid_request']);
  }
  const unknownType = { ...proof(), client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' };
  await refusedFor(unknownType, /client_assertion_type/);
});

test('openid-client: private_key_jwt at the token endpoint, introspection and revocation', async () => {
  await configure(house, ids.web, { isRevocationAllowed: true });
  const throughHouse: client.CustomFetch = (target, init) => house.fetch(target, init as RequestInit);
  const key = await crypto.subtle.importKey(
    'pkcs8',
    signers.ES256.privateKey.export({ type: 'pkcs8', format: 'der' }),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  );
  const url = new URL(`${origin}/contoso.onmicrosoft.com/b2c_1_susi/v2.0/.well-known/openid-configuration`);
  const party = await client.discovery(url, ids.web, undefined, client.PrivateKeyJwt({ key, kid: 'es' }), {
    [client.customFetch]: throughHouse,
  });
  const checks = { expectedNonce: 'n-0', expectedState: 'c3RhdGU=|mine' };
  const tokens = await client.authorizationCodeGrant(party, await backAtWeb(), checks);
  const about = await client.tokenIntrospection(party, tokens.access_token);
  assert.deepEqual([about.active, about.sub], [true, house.adele.id]);
  await client.tokenRevocation(party, tokens.access_token);
  assert.equal((await client.tokenIntrospection(party, tokens.access_token)).active, false);
});

async function publish(t: TestContext, answer: () => string) {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json').end(answer());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/jwks`, asked: () => asked };
}

test('keys are read where the application publishes them, and again when it has new ones', async (t) => {
  t.after(() => configure(house, ids.web, { jwks: registered, jwksUri: null }));
  const [first, second] = [createSigner('ES256', 'first'), createSigner('ES256', 'second')];
  let published = keySet(first);
  const { url, asked } = await publish(t, () => published);
  await configure(house, ids.web, { jwks: null, jwksUri: url });
  for (let time = 0; time < 3; time += 1) {
    assert.equal((await shown(withAssertion(first.sign(claims())))).status, 200);
  }
  assert.equal(asked(), 1);
  published = keySet(second);
  // An unknown key may be anybody's: it does not make the server call others as often as somebody likes.
  await refusedFor(withAssertion(second.sign(claims())), /no key/);
  assert.equal(asked(), 1);
  house.clock.advance(31);
  assert.equal((await shown(withAssertion(second.sign(claims())))).status, 200);
  assert.equal(asked(), 2);
  published = 'x'.repeat(100_000);
  house.clock.advance(301);
  await refusedFor(withAssertion(second.sign(claims())), /no key/);
  assert.ok(house.observed.some((one) => one.kind === 'warning' && /key set could not be read/.test(one.message)));
});

test("at the tenant's own authority an application asks for itself with its certificate", async () => {
  const signer = createSigner('RS256');
  const settings = { jwks: keySet(signer) };
  await change(house, ids.daemon, { settings: settings as never });
  const aud = `${origin}/contoso.onmicrosoft.com/oauth2/v2.0/token`;
  const assertion = withAssertion(signer.sign(claims({ iss: ids.daemon, sub: ids.daemon, aud })));
  const form = { grant_type: 'client_credentials', client_id: ids.daemon, scope: `${apiUri}/.default` };
  const { status, body } = await postToken(house, { ...form, ...assertion }, { flow: '' });
  assert.equal(status, 200, JSON.stringify(body));
  const again = await postToken(house, { ...form, ...assertion }, { flow: '' });
  assert.deepEqual([again.status, again.body['error']], [401, 'invalid_client']);
});
