import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as client from 'openid-client';
import { createBearer } from '../bearer.ts';
import { type Claims, createSigner, signAny, thumbprintOf } from '../testing/assertion.ts';
import { addSecret, ask, configure, webAuthorizeUrl, webRedemption } from '../testing/client.ts';
import { athOf, dpopProof } from '../testing/dpop.ts';
import { type House, ids, openHouse, origin, secret } from '../testing/harness.ts';
import {
  authorizeUrl,
  claimsOf,
  createBrowser,
  postToken,
  readRedirect,
  redemption,
  signedIn,
  signIn,
} from '../testing/visitor.ts';

const signer = createSigner('ES256');
const other = createSigner('ES256');
const userinfoUrl = `${origin}/contoso.onmicrosoft.com/b2c_1_susi/openid/v2.0/userinfo`;

let house: House;
before(async () => {
  house = await openHouse();
  await configure(house, ids.spa, { tokenBinding: 'dpop' });
});
after(() => house.close());

const proof = (changes: Claims = {}, by = signer): Record<string, string> => ({
  dpop: dpopProof(by, house.clock.now(), changes),
});

const codeFor = (changes: Readonly<Record<string, string | null>> = {}): Promise<string> =>
  codeAt(authorizeUrl({ scope: `openid offline_access ${ids.spa}`, ...changes }));

async function codeAt(url: string): Promise<string> {
  return readRedirect(await signIn(house, createBrowser(house), { url })).params.get('code') ?? '';
}

const redeemed = async (headers = proof()) => postToken(house, redemption(await codeFor()), { headers });

const refresh = (token: unknown, headers = {}) =>
  postToken(house, { grant_type: 'refresh_token', client_id: ids.spa, refresh_token: String(token) }, { headers });

function userinfo(token: unknown, scheme: string, headers = {}): Promise<Response> {
  return house.fetch(userinfoUrl, { headers: { authorization: `${scheme} ${String(token)}`, ...headers } });
}

const forUserinfo = (token: unknown, changes: Claims = {}, by = signer) =>
  proof({ htm: 'GET', htu: userinfoUrl, ath: athOf(String(token)), ...changes }, by);

test('tokens are bound to the key of the proof, in every algorithm', async () => {
  for (const algorithm of ['ES256', 'EdDSA', 'PS256', 'RS256'] as const) {
    const by = createSigner(algorithm);
    const { status, body } = await redeemed(proof({}, by));
    assert.deepEqual([status, body['token_type']], [200, 'DPoP'], JSON.stringify(body));
    assert.ok(claimsOf(body['access_token'])['cnf']);
  }
  const { body } = await redeemed();
  assert.deepEqual(claimsOf(body['access_token'])['cnf'], { jkt: thumbprintOf(signer) });
  assert.equal(claimsOf(body['id_token'])['cnf'], undefined);
});

test('without a right proof there are no tokens, and the code stays good', async () => {
  const now = house.clock.now();
  const [head, payload, tail] = (proof()['dpop'] ?? '').split('.');
  const used = proof();
  await postToken(house, redemption('unknown'), { headers: used });
  const symmetric = signAny('HS256', createSigner('RS256').privateKey, { htm: 'POST' }, { typ: 'dpop+jwt' });
  const wrong: readonly [Record<string, string>, RegExp][] = [
    [{}, /header is missing/],
    [{ dpop: 'x' }, /not one JWT/],
    [{ dpop: `${proof()['dpop']}, ${proof()['dpop']}` }, /not one JWT/],
    [{ dpop: `${head}.${payload}.${tail?.slice(0, -4)}AAAA` }, /not signed with the key/],
    [{ dpop: symmetric }, /algorithm/],
    [proof({ header: { typ: 'JWT' } }), /dpop\+jwt/],
    [proof({ header: { crit: ['b64'] } }), /dpop\+jwt/],
    [proof({ header: { jwk: other.publicJwk } }), /not signed with the key/],
    [proof({ header: { jwk: undefined } }), /no public key/],
    [proof({ header: { jwk: signer.privateKey.export({ format: 'jwk' }) } }), /no public key/],
    [proof({ header: { jwk: { kty: 'oct', k: 'AA' } } }), /no public key/],
    [proof({ htm: 'GET' }), /htm/],
    [proof({ htu: `${origin}/fabrikam.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/token` }), /htu/],
    [proof({ htu: undefined }), /htu/],
    [proof({ iat: now - 61 }), /iat/],
    [proof({ iat: now + 61 }), /iat/],
    [proof({ iat: String(now) }), /iat/],
    [proof({ jti: undefined }), /jti/],
    [used, /used before/],
  ];
  const code = await codeFor();
  for (const [headers, reason] of wrong) {
    const { status, body } = await postToken(house, redemption(code), { headers });
    assert.deepEqual([status, body['error']], [400, 'invalid_dpop_proof'], String(reason));
    assert.match(String(body['error_description']), reason);
  }
  const good = proof({ htu: `${origin}/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/token?ignored=1#too` });
  assert.equal((await postToken(house, redemption(code), { headers: good })).status, 200);
});

test('a proof is good once, also when it comes many times at the same moment', async () => {
  const headers = proof();
  // One after the other: a journey is ended as the last one that was started.
  const codes: string[] = [];
  for (let count = 0; count < 6; count += 1) codes.push(await codeFor());
  assert.ok(codes.every((code) => code !== ''));
  const answers = await Promise.all(codes.map((code) => postToken(house, redemption(code), { headers })));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
});

test("a public client's refresh token is good with the key it was given to alone", async () => {
  const { body } = await redeemed();
  const stolen = await refresh(body['refresh_token'], proof({}, other));
  assert.deepEqual([stolen.status, stolen.body['error']], [400, 'invalid_grant']);
  assert.equal((await refresh(body['refresh_token'])).body['error'], 'invalid_dpop_proof');
  // Neither try has used it up; and it stays bound when the setting is taken back.
  await configure(house, ids.spa, { tokenBinding: 'none' });
  assert.equal((await refresh(body['refresh_token'])).body['error'], 'invalid_dpop_proof');
  await configure(house, ids.spa, { tokenBinding: 'dpop' });
  const renewed = await refresh(body['refresh_token'], proof());
  assert.deepEqual([renewed.status, renewed.body['token_type']], [200, 'DPoP']);
});

test('a client with a proof of its own may change its key', async () => {
  await configure(house, ids.web, { tokenBinding: 'dpop' });
  const code = await codeAt(webAuthorizeUrl());
  const proved = { client_id: ids.web, client_secret: secret };
  const first = await postToken(house, { ...webRedemption(code), ...proved }, { headers: proof() });
  const form = { grant_type: 'refresh_token', refresh_token: String(first.body['refresh_token']), ...proved };
  const renewed = await postToken(house, form, { headers: proof({}, other) });
  assert.deepEqual(claimsOf(renewed.body['access_token'])['cnf'], { jkt: thumbprintOf(other) });
});

test('a code is bound to the key that was named when it was asked for', async () => {
  const code = await codeFor({ dpop_jkt: thumbprintOf(signer) });
  const stolen = await postToken(house, redemption(code), { headers: proof({}, other) });
  assert.deepEqual([stolen.status, stolen.body['error']], [400, 'invalid_grant']);
  assert.equal((await postToken(house, redemption(code), { headers: proof() })).status, 200);
  const odd = await createBrowser(house).get(authorizeUrl({ dpop_jkt: 'short' }));
  assert.match(readRedirect(odd).params.get('error_description') ?? '', /^AADB2C90122/);
});

test('a pushed request is bound by its proof', async () => {
  const form = Object.fromEntries(new URL(authorizeUrl()).searchParams);
  const htu = `${origin}/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/par`;
  const differs = await ask(house, 'par', { ...form, dpop_jkt: thumbprintOf(other) }, { headers: proof({ htu }) });
  assert.equal(differs.body['error'], 'invalid_dpop_proof');
  const { body } = await ask(house, 'par', form, { headers: proof({ htu }) });
  const url = `${origin}/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/authorize?client_id=${ids.spa}&request_uri=${body['request_uri']}`;
  const code = readRedirect(await signIn(house, createBrowser(house), { url })).params.get('code') ?? '';
  const stolen = await postToken(house, redemption(code), { headers: proof({}, other) });
  assert.equal(stolen.body['error'], 'invalid_grant');
  assert.equal((await postToken(house, redemption(code), { headers: proof() })).status, 200);
});

test('the user info takes a bound token with its proof, and in no other way', async () => {
  const token = (await redeemed()).body['access_token'];
  assert.equal((await userinfo(token, 'DPoP', forUserinfo(token))).status, 200);
  const wrong: readonly [string, Record<string, string>][] = [
    ['Bearer', {}],
    ['Bearer', forUserinfo(token)],
    ['DPoP', {}],
    ['DPoP', forUserinfo(token, {}, other)],
    ['DPoP', forUserinfo(token, { ath: athOf('another') })],
    ['DPoP', forUserinfo(token, { ath: undefined })],
    ['DPoP', forUserinfo(token, { htm: 'POST' })],
  ];
  for (const [scheme, headers] of wrong) {
    const response = await userinfo(token, scheme, headers);
    assert.equal(response.status, 401);
    assert.match(response.headers.get('www-authenticate') ?? '', /^DPoP error="invalid_dpop_proof"/);
  }
});

test('a token that is not bound is no better with a proof', async () => {
  await configure(house, ids.spa, { tokenBinding: 'none' });
  const { body } = await signedIn(house, { scope: `openid ${ids.spa}` });
  await configure(house, ids.spa, { tokenBinding: 'dpop' });
  assert.equal(body['token_type'], 'Bearer');
  const token = body['access_token'];
  assert.equal((await userinfo(token, 'Bearer')).status, 200);
  assert.equal((await userinfo(token, 'DPoP', forUserinfo(token))).status, 401);
});

test('no bound token passes through the browser', async () => {
  await configure(house, ids.web, { tokenBinding: 'dpop' });
  const url = authorizeUrl({
    client_id: ids.web,
    redirect_uri: 'http://localhost:3001/cb',
    response_type: 'code token',
    scope: `openid ${ids.web}`,
  });
  const { params } = readRedirect(await createBrowser(house).get(url));
  assert.equal(params.get('error'), 'unsupported_response_type');
});

test('Graph takes a bound token with its proof alone', async () => {
  await configure(house, ids.daemon, { tokenBinding: 'dpop' });
  const htu = `${origin}/contoso.onmicrosoft.com/oauth2/v2.0/token`;
  const form = { grant_type: 'client_credentials', client_id: ids.daemon, client_secret: secret };
  const asked = { ...form, scope: 'https://graph.microsoft.com/.default' };
  const { body } = await postToken(house, asked, { flow: '', headers: proof({ htu }) });
  const token = String(body['access_token']);
  const url = new URL(`${origin}/v1.0/users`);
  const bearer = createBearer({ tenantOf: house.tenantOf, clock: house.clock });
  const call = (authorization: string, headers = {}) =>
    bearer.callerOf({
      method: 'GET',
      url,
      headers: { authorization, ...headers },
      body: async () => Buffer.alloc(0),
      remoteAddress: '127.0.0.1',
      correlationId: 'c',
      route: '/v1.0/users',
    });
  const right = { htm: 'GET', htu: url.href, ath: athOf(token) };
  assert.equal((await call(`DPoP ${token}`, proof(right))).caller.kind, 'app');
  await assert.rejects(call(`Bearer ${token}`), { code: 'oidc.tokenRefused' });
  await assert.rejects(call(`DPoP ${token}`), { code: 'oidc.tokenRefused' });
  await assert.rejects(call(`DPoP ${token}`, proof(right, other)), { code: 'oidc.tokenRefused' });
});

test('introspection tells the key', async () => {
  await configure(house, ids.spa, { isIntrospectionAllowed: true });
  await addSecret(house, ids.spa);
  const { body } = await redeemed();
  const form = { client_id: ids.spa, client_secret: secret, token: String(body['access_token']) };
  const told = (await ask(house, 'introspect', form)).body;
  assert.deepEqual([told['token_type'], told['cnf']], ['DPoP', { jkt: thumbprintOf(signer) }]);
});

test('openid-client: a public client with DPoP, from code to user info and renewal', async () => {
  const throughHouse: client.CustomFetch = (target, init) => house.fetch(target, init as RequestInit);
  const url = new URL(`${origin}/contoso.onmicrosoft.com/b2c_1_susi/v2.0/.well-known/openid-configuration`);
  const party = await client.discovery(url, ids.spa, undefined, client.None(), { [client.customFetch]: throughHouse });
  const DPoP = client.getDPoPHandle(party, await client.randomDPoPKeyPair('ES256'));
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const to = await client.buildAuthorizationUrlWithPAR(
    party,
    {
      redirect_uri: 'http://localhost:3000/',
      scope: `openid offline_access ${ids.spa}`,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    },
    { DPoP },
  );
  const response = await signIn(house, createBrowser(house), { url: to.href });
  const back = new URL(response.headers.get('location') ?? '');
  const tokens = await client.authorizationCodeGrant(party, back, { pkceCodeVerifier }, undefined, { DPoP });
  assert.equal(tokens.token_type, 'dpop');
  const about = await client.fetchUserInfo(party, tokens.access_token, house.adele.id, { DPoP });
  assert.equal(about.sub, house.adele.id);
  const renewed = await client.refreshTokenGrant(party, tokens.refresh_token ?? '', undefined, { DPoP });
  assert.equal(renewed.token_type, 'dpop');
  await assert.rejects(client.fetchUserInfo(party, tokens.access_token, house.adele.id));
});
