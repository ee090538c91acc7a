/** Standards that Azure AD B2C lacks, switched on through Graph, with the clients people use. */

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, type TestContext, test } from 'node:test';
import { ConfidentialClientApplication, PublicClientApplication } from '@azure/msal-node';
import * as client from 'openid-client';
import type { Browser, Page } from 'playwright-core';
import { assertAccessible, assertFits } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { certificateFor } from '../support/certificate.ts';
import { signIn } from '../support/person.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';

let usher: Usher;
let browser: Browser;
const redirectUri = 'http://localhost:3001/cb';

before(async () => {
  [usher, browser] = await Promise.all([startUsher(), launchBrowser()]);
});

after(async () => {
  await Promise.all([browser?.close(), usher?.stop()]);
});

async function configure(appId: string, patch: Readonly<Record<string, unknown>>): Promise<void> {
  const answer = await usher.graph('PATCH', `/v1.0/applications(appId='${appId}')`, patch);
  assert.equal(answer.status, 204, await answer.text());
}

async function openPage(t: TestContext): Promise<Page> {
  const viewport = { width: 320, height: 640 };
  const context = await browser.newContext({ ignoreHTTPSErrors: true, bypassCSP: true, viewport });
  t.after(() => context.close());
  return context.newPage();
}

async function check(page: Page, name: string): Promise<void> {
  await assertAccessible(page, name);
  await assertFits(page, name);
}

/** A device shows an address and a code; a person goes there, says yes and signs in. */
async function letIn(page: Page, address: string, code: string): Promise<void> {
  await page.goto(address);
  await check(page, 'enter');
  await page.fill('#user_code', 'BBBB-BBBB');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#user_code[aria-invalid=true]');
  await check(page, 'unknown code');
  await page.fill('#user_code', code.toLowerCase());
  await page.click('#find');
  await page.waitForSelector('#continue');
  assert.ok((await page.textContent('#api'))?.includes(code));
  await check(page, 'confirm');
  await page.click('#continue');
  await signIn(page, seeded.user, seeded.password);
  await page.waitForURL('**/deviceauth/*');
  await check(page, 'done');
  assert.match((await page.textContent('h1')) ?? '', /signed in/);
}

// A device asks every five seconds: the others go on meanwhile.
describe('clients of the standards', { concurrency: true }, () => {
  test('msal-node: a device signs a person in by a code, through pages that everybody can use', async (t) => {
    await configure(seeded.spa, { settings: { isDeviceFlowAllowed: true } });
    const authority = `${usher.url}/${seeded.tenant}/${seeded.flow}`;
    const device = new PublicClientApplication({
      auth: { clientId: seeded.spa, authority, knownAuthorities: [usher.host] },
    });
    const page = await openPage(t);
    let entering: Promise<void> | undefined;
    const tokens = await device.acquireTokenByDeviceCode({
      scopes: [seeded.scope],
      deviceCodeCallback: ({ message, userCode, verificationUri }) => {
        assert.ok(message.includes(userCode));
        entering = letIn(page, verificationUri, userCode);
      },
    });
    await entering;
    assert.ok(tokens?.accessToken);
    assert.ok(tokens.account?.homeAccountId.includes(seeded.flow.toLowerCase()));
  });

  test('msal-node: an application proves itself with its certificate, at the tenant and at a flow', async (t) => {
    const { certificate, key } = certificateFor('app.example');
    const der = new X509Certificate(certificate).raw.toString('base64');
    const thumbprintSha256 = new X509Certificate(certificate).fingerprint256.replaceAll(':', '');
    for (const appId of [seeded.daemon, seeded.web]) {
      await configure(appId, { keyCredentials: [{ key: der, type: 'AsymmetricX509Cert', usage: 'Verify' }] });
    }
    const application = (authority: string, clientId: string) =>
      new ConfidentialClientApplication({
        auth: {
          clientId,
          authority,
          knownAuthorities: [usher.host],
          clientCertificate: { thumbprintSha256, privateKey: key },
        },
      });
    const daemon = application(`${usher.url}/${seeded.tenant}`, seeded.daemon);
    const own = await daemon.acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] });
    assert.ok(own?.accessToken);

    const web = application(`${usher.url}/${seeded.tenant}/${seeded.flow}`, seeded.web);
    const url = await web.getAuthCodeUrl({ scopes: [seeded.scope], redirectUri, nonce: 'n-1', state: 's' });
    const page = await openPage(t);
    await page.route(`${redirectUri}**`, (route) => route.fulfill({ status: 200, body: 'back' }));
    await page.goto(url);
    await signIn(page, seeded.user, seeded.password);
    await page.waitForURL(`${redirectUri}**`);
    const code = new URL(page.url()).searchParams.get('code') ?? '';
    const tokens = await web.acquireTokenByCode({ code, scopes: [seeded.scope], redirectUri, nonce: 'n-1' });
    assert.ok(tokens.accessToken);
  });

  test('openid-client: FAPI 2.0 against the whole server', async (t) => {
    const { publicKey, privateKey } = await client.randomDPoPKeyPair('ES256', { extractable: true });
    const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'one' };
    const created = await usher.graph('POST', '/v1.0/applications', {
      displayName: 'Bank',
      web: { redirectUris: [redirectUri] },
      settings: { securityProfile: 'fapi2', jwks: JSON.stringify({ keys: [jwk] }) },
    });
    assert.equal(created.status, 201);
    const { appId } = (await created.json()) as { appId: string };
    const address = new URL(`${usher.url}/${seeded.tenant}/${seeded.flow}/v2.0/.well-known/openid-configuration`);
    const proof = client.PrivateKeyJwt({ key: privateKey, kid: 'one' });
    const party = await client.discovery(address, appId, undefined, proof);
    const DPoP = client.getDPoPHandle(party, await client.randomDPoPKeyPair('ES256'));
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const to = await client.buildAuthorizationUrlWithPAR(
      party,
      {
        redirect_uri: redirectUri,
        scope: `openid offline_access ${appId}`,
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
      },
      { DPoP },
    );
    const page = await openPage(t);
    await page.route(`${redirectUri}**`, (route) => route.fulfill({ status: 200, body: 'back' }));
    await page.goto(to.href);
    await signIn(page, seeded.user, seeded.password);
    await page.waitForURL(`${redirectUri}**`);
    const checks = { pkceCodeVerifier };
    const tokens = await client.authorizationCodeGrant(party, new URL(page.url()), checks, undefined, { DPoP });
    const person = await client.fetchUserInfo(party, tokens.access_token, tokens.claims()?.sub ?? '', { DPoP });
    assert.equal(person.sub, tokens.claims()?.sub);
    const renewed = await client.refreshTokenGrant(party, tokens.refresh_token ?? '', undefined, { DPoP });
    assert.ok(renewed.access_token);
  });
});
