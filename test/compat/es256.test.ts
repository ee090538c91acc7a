/** A tenant whose tokens are signed with ES256, and the libraries that applications bring along. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ConfidentialClientApplication } from '@azure/msal-node';
import * as client from 'openid-client';
import { launchBrowser } from '../support/browser.ts';
import { publishedYesterday } from '../support/earlier-key.ts';
import { graph } from '../support/federation.ts';
import { newApplication, newFlow } from '../support/flow-settings.ts';
import { signIn } from '../support/person.ts';
import { headerIn } from '../support/sign-in.ts';
import { startSpa } from '../support/spa.ts';
import { seeded, startUsher, temporaryFolder, type Usher } from '../support/usher.ts';
import { newVisitor, type Visitor } from '../support/visitor.ts';

let usher: Usher;
const redirectUri = 'http://localhost:3001/cb';

before(async () => {
  const [data, key] = [temporaryFolder(), randomBytes(32).toString('hex')];
  const options = { data, args: ['--encryption-key', key] };
  const first = await startUsher(options);
  const settings = { signingAlgorithm: 'ES256' };
  await graph(first, 'PATCH', `/v1.0/organization/${seeded.tenantId}`, { settings });
  await first.stop();
  await publishedYesterday({ database: `sqlite:${join(data, 'usher.db')}`, key }, 0);
  usher = await startUsher(options);
});

after(() => usher?.stop());

const algorithmOf = (jwt: string | undefined): string => headerIn(jwt).alg;

async function backWith(visitor: Visitor, url: string | URL): Promise<URL> {
  const shown = await visitor.open(url);
  const { left } = await visitor.submit(shown, 'next', { email: seeded.user, password: seeded.password });
  return left ?? assert.fail('nobody came back');
}

test('openid-client: every check it has passes, the signature too, and the ID token says who signs out', async () => {
  const flow = await newFlow(usher, {
    tokenClaimsConfiguration: { isIssuerEntityUserFlow: true },
    singleSignOnSessionConfiguration: { enforceIdTokenHintOnLogout: true },
  });
  const issuer = new URL(`${usher.url}/tfp/${seeded.tenantId}/${flow.toLowerCase()}/v2.0/`);
  const party = await client.discovery(issuer, seeded.web, undefined, client.ClientSecretBasic(seeded.secret));
  client.enableNonRepudiationChecks(party);
  assert.deepEqual(new Set(party.serverMetadata().id_token_signing_alg_values_supported), new Set(['RS256', 'ES256']));
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const url = client.buildAuthorizationUrl(party, {
    redirect_uri: redirectUri,
    scope: `openid offline_access ${seeded.web}`,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: 'state-1',
    nonce: 'nonce-1',
  });
  const visitor = newVisitor(usher);
  const checks = { pkceCodeVerifier, expectedState: 'state-1', expectedNonce: 'nonce-1', idTokenExpected: true };
  const tokens = await client.authorizationCodeGrant(party, await backWith(visitor, url), checks);
  assert.deepEqual([algorithmOf(tokens.id_token), algorithmOf(tokens.access_token)], ['ES256', 'ES256']);
  const subject = tokens.claims()?.sub ?? '';
  assert.equal((await client.fetchUserInfo(party, tokens.access_token, subject)).sub, subject);
  const renewed = await client.refreshTokenGrant(party, tokens.refresh_token ?? '');
  assert.equal(renewed.claims()?.sub, subject);

  const ending = { post_logout_redirect_uri: redirectUri, id_token_hint: tokens.id_token ?? '' };
  assert.equal((await visitor.open(client.buildEndSessionUrl(party, ending))).left?.href, redirectUri);
  url.searchParams.set('prompt', 'none');
  assert.ok((await visitor.open(url)).left?.searchParams.has('error'), 'nobody is signed in');
});

test('msal-node: a web application signs a person in, renews, and a daemon gets its token', async () => {
  const application = (authority: string, clientId: string) =>
    new ConfidentialClientApplication({
      auth: { clientId, clientSecret: seeded.secret, authority, knownAuthorities: [usher.host] },
    });
  const web = application(`${usher.url}/${seeded.tenant}/${seeded.flow}`, seeded.web);
  const asked = { scopes: [seeded.scope], redirectUri };
  const back = await backWith(newVisitor(usher), await web.getAuthCodeUrl({ ...asked, nonce: 'n-1' }));
  const tokens = await web.acquireTokenByCode({ ...asked, code: back.searchParams.get('code') ?? '', nonce: 'n-1' });
  assert.deepEqual([algorithmOf(tokens.idToken), algorithmOf(tokens.accessToken)], ['ES256', 'ES256']);
  const { account } = tokens;
  assert.ok(account);
  const renewed = await web.acquireTokenSilent({ account, scopes: asked.scopes, forceRefresh: true });
  assert.equal(renewed.uniqueId, tokens.uniqueId);

  const daemon = application(`${usher.url}/${seeded.tenant}`, seeded.daemon);
  const scopes = ['https://graph.microsoft.com/.default'];
  const own = await daemon.acquireTokenByClientCredential({ scopes });
  const headers = { authorization: `Bearer ${own?.accessToken}` };
  assert.equal((await fetch(`${usher.url}/v1.0/users?$top=1`, { headers })).status, 200);
});

declare const window: unknown;
interface Application {
  begin(configuration: unknown): Promise<void>;
  readonly result: Promise<{ readonly kind: string; readonly answer?: { readonly idToken: string } }>;
  readonly client: {
    loginRedirect(request: unknown): Promise<void>;
    logoutRedirect(request: unknown): Promise<void>;
    getAllAccounts(): unknown[];
  };
}

test('msal-browser: a person signs in, and out with the ID token as the hint', async (t) => {
  const [spa, browser] = await Promise.all([startSpa(), launchBrowser()]);
  t.after(() => Promise.all([browser.close(), spa.close()]));
  const { appId: clientId } = await newApplication(usher, { spa: { redirectUris: [spa.home] } });
  const authority = `${usher.url}/${seeded.tenant}/${seeded.flow}`;
  const auth = { clientId, authority, knownAuthorities: [usher.host], redirectUri: spa.home };
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  await page.goto(spa.home);
  const configuration = { auth, cache: { cacheLocation: 'sessionStorage' } };
  await page.evaluate((given) => (window as Application).begin(given), configuration);
  await page.evaluate(() => void (window as Application).client.loginRedirect({ scopes: ['openid'] }));
  await page.waitForURL(`${usher.url}/**`);
  await signIn(page, seeded.user, seeded.password);
  await page.waitForURL(`${spa.home}**`);
  await page.waitForFunction(() => (window as Application).client !== undefined);
  const result = await page.evaluate(() => (window as Application).result);
  assert.equal(result.kind, 'answer', JSON.stringify(result));
  assert.equal(algorithmOf(result.answer?.idToken), 'ES256');

  const hint = { idTokenHint: result.answer?.idToken, postLogoutRedirectUri: spa.home };
  const loggedOut = page.waitForResponse((response) => response.url().includes('/oauth2/v2.0/logout'));
  await page.evaluate((given) => void (window as Application).client.logoutRedirect(given), hint);
  const { searchParams } = new URL((await loggedOut).url());
  assert.equal(algorithmOf(searchParams.get('id_token_hint') ?? ''), 'ES256');
  await page.waitForURL(`${spa.home}**`);
  await page.waitForFunction(() => (window as Application).client !== undefined);
  assert.equal(await page.evaluate(() => (window as Application).client.getAllAccounts().length), 0);
});
