import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as client from 'openid-client';
import { apiUri, type House, ids, openHouse, origin, secret } from './testing/harness.ts';
import { createBrowser, signIn } from './testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const scope = `openid offline_access ${apiUri}/tasks.read`;

/** The well-known URL in full: B2C's default issuer is no prefix of it, and the client then compares nothing. */
const discover = (flow: string, clientId: string, proof: client.ClientAuth): Promise<client.Configuration> => {
  const url = new URL(`${origin}/contoso.onmicrosoft.com/${flow}/v2.0/.well-known/openid-configuration`);
  const throughHouse: client.CustomFetch = (target, init) => house.fetch(target, init as RequestInit);
  return client.discovery(url, clientId, undefined, proof, { [client.customFetch]: throughHouse });
};

interface Asked {
  readonly configuration: client.Configuration;
  readonly redirectUri: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

async function walk({ configuration, redirectUri, parameters = {} }: Asked) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...parameters,
  });
  const response = await signIn(house, createBrowser(house), { url: url.href });
  const back = new URL(response.headers.get('location') ?? '');
  const checks = { pkceCodeVerifier, expectedState: state, expectedNonce: nonce };
  return client.authorizationCodeGrant(configuration, back, checks);
}

test('openid-client: code with PKCE, validated in full, then refresh with rotation', async () => {
  const configuration = await discover('B2C_1_susi', ids.spa, client.None());
  const tokens = await walk({ configuration, redirectUri: 'http://localhost:3000/' });
  assert.equal(tokens.claims()?.sub, house.adele.id);
  assert.equal(tokens.claims()?.['tfp'], 'B2C_1_susi');
  const renewed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
  assert.equal(renewed.claims()?.sub, house.adele.id);
  assert.notEqual(renewed.refresh_token, tokens.refresh_token);
  await assert.rejects(client.refreshTokenGrant(configuration, tokens.refresh_token ?? ''), { error: 'invalid_grant' });
});

test('openid-client: a confidential client by Basic and by form, and hybrid with c_hash', async () => {
  const redirectUri = 'http://localhost:3001/cb';
  for (const proof of [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)]) {
    const configuration = await discover('B2C_1_susi', ids.web, proof);
    const tokens = await walk({ configuration, redirectUri });
    assert.equal(tokens.claims()?.aud, ids.web);
  }
  const configuration = await discover('B2C_1_susi', ids.web, client.ClientSecretPost(secret));
  client.useCodeIdTokenResponseType(configuration);
  const tokens = await walk({ configuration, redirectUri });
  assert.equal(tokens.claims()?.sub, house.adele.id);
});

test('openid-client: a flow with an issuer of its own passes strict discovery', async () => {
  const issuer = new URL(`${origin}/tfp/775527ff-9a37-4307-8b3d-cc311f58d925/B2C_1_strict/v2.0/`.toLowerCase());
  const throughHouse: client.CustomFetch = (target, init) => house.fetch(target, init as RequestInit);
  const options = { [client.customFetch]: throughHouse };
  const configuration = await client.discovery(issuer, ids.spa, undefined, client.None(), options);
  assert.equal(configuration.serverMetadata().issuer, issuer.href);
  const tokens = await walk({ configuration, redirectUri: 'http://localhost:3000/' });
  assert.equal(tokens.claims()?.iss, issuer.href);
});

test('openid-client: client credentials and userinfo', async () => {
  const url = new URL(`${origin}/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration`);
  const throughHouse: client.CustomFetch = (target, init) => house.fetch(target, init as RequestInit);
  const options = { [client.customFetch]: throughHouse };
  const daemon = await client.discovery(url, ids.daemon, undefined, client.ClientSecretPost(secret), options);
  const token = await client.clientCredentialsGrant(daemon, { scope: 'https://graph.microsoft.com/.default' });
  assert.equal(token.token_type, 'bearer');
  const configuration = await discover('B2C_1_susi', ids.spa, client.None());
  const own = { scope: `openid ${ids.spa}` };
  const tokens = await walk({ configuration, redirectUri: 'http://localhost:3000/', parameters: own });
  const about = await client.fetchUserInfo(configuration, tokens.access_token, house.adele.id);
  assert.deepEqual(about['emails'], ['adele@contoso.example']);
});
