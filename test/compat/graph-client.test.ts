import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, GraphError } from '@microsoft/microsoft-graph-client';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  randomPKCECodeVerifier,
} from 'openid-client';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { newPerson, signUp } from '../support/person.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';

let usher: Usher;
let browser: Browser;
let client: Client;

before(async () => {
  [usher, browser] = await Promise.all([startUsher(), launchBrowser()]);
  client = Client.init({
    baseUrl: `${usher.url}/`,
    defaultVersion: 'beta',
    customHosts: new Set(['localhost']),
    authProvider: (done) => {
      usher.graphToken().then(
        (token) => done(null, token),
        (error) => done(error, null),
      );
    },
  });
});

after(async () => {
  await Promise.all([browser?.close(), usher?.stop()]);
});

test('graph client: a flow made by the SDK, with provider and attributes, runs at once and collects what it was told to', async (t) => {
  const provider = await client.api('/identity/identityProviders').post({
    '@odata.type': 'microsoft.graph.socialIdentityProvider',
    displayName: 'Login with Amazon',
    identityProviderType: 'Amazon',
    clientId: '00001111-aaaa-2222-bbbb-3333cccc4444',
    clientSecret: 'not-for-eyes',
  });
  assert.equal(provider.id, 'Amazon-OAUTH');
  assert.equal(provider.clientSecret, '******');

  const flow = await client
    .api('/identity/b2cUserFlows')
    .post({ id: 'Customer', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 });
  assert.equal(flow.id, 'B2C_1_Customer');

  await client.api(`/identity/b2cUserFlows/${flow.id}/userflowIdentityProviders/$ref`).post({
    '@odata.id': `https://graph.microsoft.com/beta/identity/identityProviders/${provider.id}`,
  });
  const linked = await client.api(`/identity/b2cUserFlows/${flow.id}/userFlowIdentityProviders`).get();
  assert.deepEqual(
    linked.value.map((one: { id: string }) => one.id),
    ['Amazon-OAUTH'],
  );

  const hobby = await client
    .api('/identity/userFlowAttributes')
    .post({ displayName: 'Hobby', description: 'Your hobby', dataType: 'string' });
  assert.match(hobby.id, /^extension_[0-9a-f]{32}_Hobby$/);
  for (const [id, displayName, isOptional] of [
    ['city', 'City', true],
    [hobby.id, 'What do you like to do?', false],
  ] as const) {
    await client.api(`/identity/b2cUserFlows/${flow.id}/userAttributeAssignments`).post({
      userAttribute: { id },
      displayName,
      isOptional,
      requiresVerification: false,
      userInputType: 'TextBox',
      userAttributeValues: [],
    });
  }

  const claims = await signUpThrough(t, 'b2c_1_customer', { city: 'Utrecht', extension_Hobby: 'Chess' });
  assert.equal(claims['tfp'], 'B2C_1_Customer');
  assert.equal(claims['city'], 'Utrecht');
  assert.equal(claims['extension_Hobby'], 'Chess');

  const stored = await client
    .api(`/users/${claims['oid']}`)
    .version('v1.0')
    .select(`id,city,identities,${hobby.id}`)
    .get();
  assert.equal(stored.city, 'Utrecht');
  assert.equal(stored[hobby.id], 'Chess');
  assert.equal(stored.identities[0].issuer, seeded.tenant);
});

/** Signs a new person up through a flow with `openid-client`, which validates everything, and gives the ID token's claims. */
async function signUpThrough(
  t: { after(done: () => Promise<void>): void },
  flow: string,
  attributes: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, unknown>>> {
  const redirectUri = 'http://localhost:3000/';
  const server = new URL(`${usher.url}/${seeded.tenant}/${flow}/v2.0/.well-known/openid-configuration`);
  const relyingParty = await discovery(server, seeded.spa, {}, undefined, { execute: [allowInsecureRequests] });
  const verifier = randomPKCECodeVerifier();
  const url = buildAuthorizationUrl(relyingParty, {
    redirect_uri: redirectUri,
    scope: `openid offline_access ${seeded.scope}`,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: 'state-1',
    nonce: 'nonce-1',
  });
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.route(`${redirectUri}**`, (route) => route.fulfill({ status: 200, body: 'back' }));
  await page.goto(url.href);
  await signUp(page, usher, newPerson(attributes));
  await page.waitForURL(`${redirectUri}**`);
  const tokens = await authorizationCodeGrant(relyingParty, new URL(page.url()), {
    pkceCodeVerifier: verifier,
    expectedState: 'state-1',
    expectedNonce: 'nonce-1',
    idTokenExpected: true,
  });
  return { ...tokens.claims() };
}

test('graph client: errors arrive as GraphError with code, message and request id', async () => {
  const failure = await client
    .api('/identity/b2cUserFlows/B2C_1_none')
    .get()
    .then(
      () => assert.fail('an unknown flow must not be found'),
      (error: unknown) => error,
    );
  assert.ok(failure instanceof GraphError);
  assert.equal(failure.statusCode, 404);
  assert.ok(failure.code);
  assert.match(failure.requestId ?? '', /^[0-9a-f-]{36}$/);
});
