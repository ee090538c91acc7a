import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as client from 'openid-client';
import { assertionClaims, type Claims, createSigner, keySet, withAssertion } from '../testing/assertion.ts';
import { ask, configure, webRedemption } from '../testing/client.ts';
import { dpopProof } from '../testing/dpop.ts';
import { type House, ids, openHouse, origin, secret } from '../testing/harness.ts';
import {
  authorizeUrl,
  challenge,
  createBrowser,
  postToken,
  readRedirect,
  signIn,
  verifier,
} from '../testing/visitor.ts';

const signer = createSigner('ES256', 'es');
const rsa = createSigner('RS256', 'rs');

let house: House;
let issuer: string;
before(async () => {
  house = await openHouse();
  issuer = `${origin}/${house.contoso.tenant.id}/v2.0/`;
  const keys = { jwks: keySet(signer, rsa), isIntrospectionAllowed: true, isRevocationAllowed: true };
  await configure(house, ids.web, { securityProfile: 'fapi2', ...keys });
});
after(() => house.close());

const proved = (changes: Claims = {}, by = signer) =>
  withAssertion(by.sign(assertionClaims(house.clock.now(), { aud: issuer, ...changes })));

const request = {
  client_id: ids.web,
  redirect_uri: 'http://localhost:3001/cb',
  response_type: 'code',
  scope: `openid offline_access ${ids.web}`,
  state: 's',
  nonce: 'n-0',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};

async function codeFor(changes: Readonly<Record<string, string>> = {}): Promise<string> {
  const { status, body } = await ask(house, 'par', { ...request, ...changes, ...proved() });
  assert.equal(status, 201, JSON.stringify(body));
  const params = new URLSearchParams({ client_id: ids.web, request_uri: String(body['request_uri']) });
  const url = `${origin}/contoso.onmicrosoft.com/B2C_1_susi/oauth2/v2.0/authorize?${params}`;
  const { params: answer } = readRedirect(await signIn(house, createBrowser(house), { url }));
  assert.equal(answer.get('iss'), issuer);
  return answer.get('code') ?? '';
}

const dpop = () => ({ dpop: dpopProof(signer, house.clock.now()) });

const redeem = (code: string, proof: Readonly<Record<string, string>>, headers: Record<string, string> = dpop()) =>
  postToken(house, { ...webRedemption(code), code_verifier: verifier, ...proof }, { headers });

test('a request must be pushed, with PKCE by S256, for a code alone', async () => {
  const plain = authorizeUrl({ client_id: ids.web, redirect_uri: request.redirect_uri, response_mode: null });
  const { params } = readRedirect(await createBrowser(house).get(plain));
  assert.match(params.get('error_description') ?? '', /must push/);
  assert.equal(params.get('iss'), issuer);
  const refused: readonly [Readonly<Record<string, string | null>>, string][] = [
    [{ code_challenge: null, code_challenge_method: null }, 'invalid_request'],
    [{ code_challenge: verifier, code_challenge_method: 'plain' }, 'invalid_request'],
    [{ response_type: 'code id_token' }, 'unsupported_response_type'],
    [{ response_type: 'id_token' }, 'unsupported_response_type'],
    [{ response_type: 'code token' }, 'unsupported_response_type'],
  ];
  for (const [changes, error] of refused) {
    const { status, body } = await ask(house, 'par', { ...request, ...changes, ...proved() });
    assert.deepEqual([status, body['error']], [400, error], JSON.stringify(changes));
  }
});

test('only a signed assertion for the issuer proves the application, everywhere', async () => {
  const form = { ...request, client_id: ids.web };
  const wrong = [
    {},
    { client_secret: secret },
    proved({ aud: `${origin}/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/token` }),
    proved({ aud: [issuer] }),
    proved({}, rsa),
  ];
  for (const proof of wrong) {
    for (const endpoint of ['par', 'introspect', 'revoke']) {
      const { status, body } = await ask(house, endpoint, { ...form, token: 'x', ...proof });
      assert.deepEqual([status, body['error']], [401, 'invalid_client'], endpoint);
    }
  }
  const code = await codeFor();
  const withSecret = await redeem(code, { client_secret: secret });
  assert.deepEqual([withSecret.status, withSecret.body['error']], [401, 'invalid_client']);
  assert.equal((await redeem(code, {})).status, 401);
  assert.equal((await redeem(code, proved(), {})).body['error'], 'invalid_dpop_proof');
  const { status, body } = await redeem(code, proved());
  assert.deepEqual([status, body['token_type']], [200, 'DPoP'], JSON.stringify(body));
});

test('a refresh token lasts', async () => {
  const { body } = await redeem(await codeFor(), proved());
  const form = { grant_type: 'refresh_token', client_id: ids.web, refresh_token: String(body['refresh_token']) };
  for (let time = 0; time < 2; time += 1) {
    const renewed = await postToken(house, { ...form, ...proved() }, { headers: dpop() });
    assert.equal(renewed.status, 200, JSON.stringify(renewed.body));
    assert.equal(renewed.body['refresh_token'], undefined);
  }
  await ask(house, 'revoke', { client_id: ids.web, token: form.refresh_token, ...proved() });
  const over = await postToken(house, { ...form, ...proved() }, { headers: dpop() });
  assert.equal(over.body['error'], 'invalid_grant');
});

test('openid-client: the whole profile', async () => {
  const throughHouse: client.CustomFetch = (target, init) => house.fetch(target, init as RequestInit);
  const der = signer.privateKey.export({ type: 'pkcs8', format: 'der' });
  const curve = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = await crypto.subtle.importKey('pkcs8', der, curve, false, ['sign']);
  const url = new URL(`${origin}/contoso.onmicrosoft.com/b2c_1_susi/v2.0/.well-known/openid-configuration`);
  const party = await client.discovery(url, ids.web, undefined, client.PrivateKeyJwt({ key, kid: 'es' }), {
    [client.customFetch]: throughHouse,
  });
  const DPoP = client.getDPoPHandle(party, await client.randomDPoPKeyPair('ES256'));
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const to = await client.buildAuthorizationUrlWithPAR(
    party,
    {
      redirect_uri: request.redirect_uri,
      scope: request.scope,
      nonce: 'nonce',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    },
    { DPoP },
  );
  const response = await signIn(house, createBrowser(house), { url: to.href });
  const back = new URL(response.headers.get('location') ?? '');
  const checks = { pkceCodeVerifier, expectedNonce: 'nonce' };
  const tokens = await client.authorizationCodeGrant(party, back, checks, undefined, { DPoP });
  assert.equal(tokens.claims()?.sub, house.adele.id);
  const again = await client.refreshTokenGrant(party, tokens.refresh_token ?? '', undefined, { DPoP });
  assert.equal(again.claims()?.sub, house.adele.id);
});

test('a code is good for a minute', async () => {
  const [inTime, late] = [await codeFor(), await codeFor()];
  house.clock.advance(59);
  assert.equal((await redeem(inTime, proved())).status, 200);
  house.clock.advance(1);
  const over = await redeem(late, proved());
  assert.deepEqual([over.body['error'], over.status], ['invalid_grant', 400]);
  assert.match(String(over.body['error_description']), /^AADB2C90080/);
});
