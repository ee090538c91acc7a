import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as client from 'openid-client';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { signIn } from '../support/person.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

let usher: Usher;
let browser: Browser;
const redirectUri = 'http://localhost:3001/cb';

before(async () => {
  [usher, browser] = await Promise.all([startUsher(), launchBrowser()]);
});

after(async () => {
  await Promise.all([browser?.close(), usher?.stop()]);
});

/** A flow whose issuer names it, so that OpenID Connect Discovery 1.0 §4.3 (issuer equals the address asked) holds. */
async function strictFlow(): Promise<string> {
  const created = await usher.graph('POST', '/beta/identity/b2cUserFlows', {
    id: 'strict',
    userFlowType: 'signUpOrSignIn',
    userFlowTypeVersion: 3,
    tokenClaimsConfiguration: { isIssuerEntityUserFlow: true },
  });
  assert.equal(created.status, 201, await created.clone().text());
  return 'b2c_1_strict';
}

test('openid-client: discovery by issuer, code flow, user info and refresh pass every check it has', async (t) => {
  const flow = await strictFlow();
  const issuer = new URL(`${usher.url}/tfp/${seeded.tenantId}/${flow}/v2.0/`);
  const party = await client.discovery(issuer, seeded.web, undefined, client.ClientSecretBasic(seeded.secret));
  client.enableNonRepudiationChecks(party);
  assert.equal(party.serverMetadata().issuer, issuer.href);

  const verifier = client.randomPKCECodeVerifier();
  const url = client.buildAuthorizationUrl(party, {
    redirect_uri: redirectUri,
    scope: `openid offline_access ${seeded.web}`,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: 'state-1',
    nonce: 'nonce-1',
    max_age: '3600',
  });
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.route(`${redirectUri}**`, (route) => route.fulfill({ status: 200, body: 'back' }));
  await page.goto(url.href);
  await signIn(page, seeded.user, seeded.password);
  await page.waitForURL(`${redirectUri}**`);

  const tokens = await client.authorizationCodeGrant(party, new URL(page.url()), {
    pkceCodeVerifier: verifier,
    expectedState: 'state-1',
    expectedNonce: 'nonce-1',
    idTokenExpected: true,
    maxAge: 3600,
  });
  const subject = tokens.claims()?.sub ?? '';
  const person = await client.fetchUserInfo(party, tokens.access_token, subject);
  assert.equal(person.sub, subject);

  const renewed = await client.refreshTokenGrant(party, tokens.refresh_token ?? '');
  assert.equal(renewed.claims()?.sub, subject);
  await assert.rejects(client.refreshTokenGrant(party, tokens.refresh_token ?? ''), { error: 'invalid_grant' });
});

test("openid-client: B2C's default form, by its well-known address, passes too", async () => {
  const address = new URL(`${usher.url}/${seeded.tenant}/${seeded.flow}/v2.0/.well-known/openid-configuration`);
  const party = await client.discovery(address, seeded.web, undefined, client.ClientSecretPost(seeded.secret));
  assert.equal(party.serverMetadata().issuer, `${usher.url}/${seeded.tenantId}/v2.0/`);
});

test('openid-client: the tenant itself is found by its issuer, and code, user info and refresh pass every check', async () => {
  const issuer = new URL(`${usher.url}/${seeded.tenantId}/v2.0`);
  const party = await client.discovery(issuer, seeded.web, undefined, client.ClientSecretPost(seeded.secret));
  client.enableNonRepudiationChecks(party);
  assert.equal(party.serverMetadata().issuer, issuer.href);
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const url = client.buildAuthorizationUrl(party, {
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: 'state-1',
    nonce: 'nonce-1',
    max_age: '3600',
  });
  const visitor = newVisitor(usher);
  const shown = await visitor.open(url);
  const { left } = await visitor.submit(shown, 'next', { email: seeded.user, password: seeded.password });
  assert.ok(left, 'nobody came back');
  const checks = { pkceCodeVerifier, expectedState: 'state-1', expectedNonce: 'nonce-1', maxAge: 3600 };
  const tokens = await client.authorizationCodeGrant(party, left, checks);
  const subject = tokens.claims()?.sub ?? '';
  const person = await client.fetchUserInfo(party, tokens.access_token, subject);
  assert.equal(person.email, seeded.user);
  const renewed = await client.refreshTokenGrant(party, tokens.refresh_token ?? '');
  assert.equal(renewed.claims()?.sub, subject);
});
