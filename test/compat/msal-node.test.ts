import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ConfidentialClientApplication, InteractionRequiredAuthError, type ServerError } from '@azure/msal-node';
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

const application = (authority: string, clientId: string, clientSecret: string = seeded.secret) =>
  new ConfidentialClientApplication({
    auth: { clientId, clientSecret, authority, knownAuthorities: [usher.host] },
  });

test('msal-node: a confidential web application signs a person in and renews by refresh token', async (t) => {
  const client = application(`${usher.url}/${seeded.tenant}/${seeded.flow}`, seeded.web);
  const url = await client.getAuthCodeUrl({ scopes: [seeded.scope], redirectUri, state: 'web|state', nonce: 'n-1' });
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.route(`${redirectUri}**`, (route) => route.fulfill({ status: 200, body: 'back' }));
  await page.goto(url);
  await signIn(page, seeded.user, seeded.password);
  await page.waitForURL(`${redirectUri}**`);
  const back = new URL(page.url());
  assert.equal(back.searchParams.get('state'), 'web|state');

  const code = back.searchParams.get('code') ?? '';
  const tokens = await client.acquireTokenByCode({ code, scopes: [seeded.scope], redirectUri, nonce: 'n-1' });
  assert.ok(tokens.account);
  assert.ok(tokens.accessToken);
  assert.equal(tokens.account.homeAccountId.includes(seeded.flow.toLowerCase()), true);

  // Two tokens of one second are equal byte for byte.
  await usher.advance(2);
  const renewed = await client.acquireTokenSilent({
    account: tokens.account,
    scopes: [seeded.scope],
    forceRefresh: true,
  });
  assert.notEqual(renewed.accessToken, tokens.accessToken);
  assert.equal(renewed.uniqueId, tokens.uniqueId);
});

test('msal-node: at the tenant itself a person signs in, and is known by their id and the tenant’s', async () => {
  const client = application(`${usher.url}/${seeded.tenant}`, seeded.web);
  const url = await client.getAuthCodeUrl({ scopes: ['email'], redirectUri, state: 'web|state', nonce: 'n-1' });
  const visitor = newVisitor(usher);
  const shown = await visitor.open(url);
  const { left } = await visitor.submit(shown, 'next', { email: seeded.user, password: seeded.password });
  const code = left?.searchParams.get('code') ?? assert.fail(`no code: ${left?.href}`);
  const tokens = await client.acquireTokenByCode({ code, scopes: ['email'], redirectUri, nonce: 'n-1' });
  const { oid, tid } = tokens.idTokenClaims as Readonly<Record<string, string>>;
  assert.equal(tokens.account?.homeAccountId, `${oid}.${tid}`);
  assert.equal(tokens.account?.username, seeded.user);
  assert.equal(tokens.tenantId, seeded.tenantId);
  // Two tokens of one second are equal byte for byte.
  await usher.advance(2);
  const { account } = tokens;
  assert.ok(account);
  const renewed = await client.acquireTokenSilent({ account, scopes: ['email'], forceRefresh: true });
  assert.notEqual(renewed.accessToken, tokens.accessToken);
  assert.equal(renewed.uniqueId, tokens.uniqueId);
});

test('msal-node: a daemon gets a Graph token by client credentials, from the tenant by name and by id', async () => {
  for (const tenant of [seeded.tenant, seeded.tenantId]) {
    const client = application(`${usher.url}/${tenant}`, seeded.daemon);
    const answer = await client.acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] });
    assert.ok(answer?.accessToken);
    const response = await fetch(`${usher.url}/beta/identity/b2cUserFlows`, {
      headers: { authorization: `Bearer ${answer.accessToken}` },
    });
    assert.equal(response.status, 200);
  }
});

test("msal-node: the server's own origin is accepted as the Graph resource", async () => {
  const client = application(`${usher.url}/${seeded.tenant}`, seeded.daemon);
  const answer = await client.acquireTokenByClientCredential({ scopes: [`${usher.url}/.default`] });
  assert.ok(answer?.accessToken);
});

test('msal-node: a wrong secret is refused as invalid_client with the AADSTS number MSAL shows', async () => {
  const client = application(`${usher.url}/${seeded.tenant}`, seeded.daemon, 'wrong');
  const failure = await client
    .acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] })
    .then(
      () => assert.fail('a wrong secret must not be accepted'),
      (error: ServerError) => error,
    );
  assert.equal(failure instanceof InteractionRequiredAuthError, false);
  assert.equal(failure.errorCode, 'invalid_client');
  assert.match(failure.errorMessage, /7000215/);
});
