import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser, launchProfile } from '../support/browser.ts';
import { setFlow } from '../support/flow-settings.ts';
import { newPerson, signIn, signUp } from '../support/person.ts';
import { type Spa, startSpa } from '../support/spa.ts';
import { seeded, startUsher, temporaryFolder, type Usher } from '../support/usher.ts';

interface Account {
  readonly homeAccountId: string;
  readonly username: string;
  readonly tenantId: string;
}
interface TokenAnswer {
  readonly accessToken: string;
  readonly idToken: string;
  readonly idTokenClaims: Readonly<Record<string, unknown>>;
  readonly account: Account;
  readonly fromCache: boolean;
  readonly scopes: readonly string[];
}
type Result =
  | { readonly kind: 'answer'; readonly answer: TokenAnswer }
  | { readonly kind: 'error'; readonly name: string; readonly code: string; readonly message: string }
  | { readonly kind: 'nothing' | 'fresh' };
type Silent = { readonly ok: TokenAnswer } | { readonly failed: { readonly name: string; readonly code: string } };

let usher: Usher;
let spa: Spa;
let browser: Browser;
let clientId: string;

before(async () => {
  [usher, spa, browser] = await Promise.all([startUsher(), startSpa(), launchBrowser()]);
  clientId = await registerSpa();
});

after(async () => {
  await Promise.all([browser?.close(), spa?.close(), usher?.stop()]);
});

/** Registers the application by Graph, with the seeded API's scopes granted, as an administrator would. */
async function registerSpa(): Promise<string> {
  const api = await (await usher.graph('GET', `/v1.0/applications(appId='${seeded.api}')`)).json();
  const scopes = (api as { api: { oauth2PermissionScopes: { id: string }[] } }).api.oauth2PermissionScopes;
  const created = await usher.graph('POST', '/v1.0/applications', {
    displayName: 'Tasks (single-page)',
    spa: { redirectUris: [spa.home, spa.bridge] },
    requiredResourceAccess: [
      { resourceAppId: seeded.api, resourceAccess: scopes.map(({ id }) => ({ id, type: 'Scope' })) },
    ],
  });
  assert.equal(created.status, 201, await created.clone().text());
  return ((await created.json()) as { appId: string }).appId;
}

const configuration = (authority: string) => ({
  auth: {
    clientId,
    authority: `${usher.url}/${seeded.tenant}${authority}`,
    knownAuthorities: [usher.host],
    redirectUri: spa.home,
    postLogoutRedirectUri: spa.home,
  },
  cache: { cacheLocation: 'sessionStorage' },
});

const scopes = [seeded.scope];

declare const window: unknown;
interface Application {
  begin(configuration: unknown): Promise<void>;
  readonly result: Promise<Result>;
  readonly client: {
    loginRedirect(request: unknown): Promise<void>;
    logoutRedirect(request?: unknown): Promise<void>;
    acquireTokenSilent(request: unknown): Promise<TokenAnswer>;
    ssoSilent(request: unknown): Promise<TokenAnswer>;
    getAllAccounts(): Account[];
  };
}

/** At the seeded flow, or without one at the tenant itself. */
async function openApplication(
  given?: BrowserContext,
  authority = `/${seeded.flow}`,
): Promise<{ context: BrowserContext; page: Page }> {
  const context = given ?? (await browser.newContext({ ignoreHTTPSErrors: true }));
  const page = await context.newPage();
  await page.goto(spa.home);
  await page.evaluate((given) => (window as Application).begin(given), configuration(authority));
  return { context, page };
}

async function login(page: Page): Promise<void> {
  await page.evaluate((given) => void (window as Application).client.loginRedirect({ scopes: given }), scopes);
  await page.waitForURL(`${usher.url}/**`);
}

/** What MSAL made of the answer, once the browser is back at the application. */
async function backHome(page: Page): Promise<Result> {
  await page.waitForURL(`${spa.home}**`);
  await page.waitForFunction(() => (window as Application).client !== undefined);
  return page.evaluate(() => (window as Application).result);
}

async function answered(page: Page): Promise<TokenAnswer> {
  const result = await backHome(page);
  assert.equal(result.kind, 'answer', JSON.stringify(result));
  return (result as { answer: TokenAnswer }).answer;
}

const silently = (page: Page, request: unknown): Promise<Silent> =>
  page.evaluate(async (given) => {
    const { client } = window as Application;
    try {
      return { ok: await client.acquireTokenSilent({ account: client.getAllAccounts()[0], ...(given as object) }) };
    } catch (error) {
      const { name, errorCode } = error as { name: string; errorCode: string };
      return { failed: { name, code: errorCode } };
    }
  }, request);

test('msal-browser: a person signs up, signs out, signs in again, and the tokens are what B2C applications expect', async (t) => {
  const person = newPerson();
  const { context, page } = await openApplication();
  t.after(() => context.close());

  await login(page);
  await signUp(page, usher, person);
  const first = await answered(page);
  assert.equal(first.idTokenClaims['newUser'], true);
  assert.deepEqual(first.idTokenClaims['emails'], [person.email]);
  assert.equal(first.idTokenClaims['tfp'], seeded.flow);
  assert.equal(first.idTokenClaims['given_name'], 'Ada');
  assert.equal(first.idTokenClaims['ver'], '1.0');
  assert.equal(
    first.idTokenClaims['tid'],
    undefined,
    'a tid claim would merge the accounts of different flows in MSAL',
  );
  assert.equal(
    first.account.homeAccountId,
    `${first.idTokenClaims['sub']}-${seeded.flow.toLowerCase()}.${seeded.tenantId}`,
  );
  assert.deepEqual(first.scopes.includes(seeded.scope), true);

  const loggedOut = page.waitForResponse((response) => response.url().includes('/oauth2/v2.0/logout'));
  await page.evaluate(() => void (window as Application).client.logoutRedirect());
  await loggedOut;
  await page.waitForURL(`${spa.home}**`);
  await page.waitForFunction(() => (window as Application).client !== undefined);
  assert.equal(await page.evaluate(() => (window as Application).client.getAllAccounts().length), 0);

  await login(page);
  await signIn(page, person.email, person.password);
  const second = await answered(page);
  assert.equal(second.idTokenClaims['sub'], first.idTokenClaims['sub']);
  assert.equal(second.idTokenClaims['newUser'], undefined);
});

test('msal-browser: tokens are renewed from the cache, by refresh token, and by hidden iframe', async (t) => {
  const { context, page } = await openApplication(await launchProfile(temporaryFolder()));
  t.after(() => context.close());
  await login(page);
  await signIn(page, seeded.user, seeded.password);
  const first = await answered(page);

  const cached = await silently(page, { scopes });
  assert.ok('ok' in cached, JSON.stringify(cached));
  assert.equal(cached.ok.fromCache, true, 'the scopes in the token answer must cover the request');

  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (request.url().startsWith(usher.url) && /(authorize|token)$/.test(pathname))
      asked.push(pathname.split('/').pop() ?? '');
  });
  // Two tokens of one second are equal byte for byte.
  await usher.advance(2);
  const refreshed = await silently(page, { scopes, forceRefresh: true, redirectUri: spa.bridge });
  assert.ok('ok' in refreshed, JSON.stringify(refreshed));
  assert.notEqual(refreshed.ok.accessToken, first.accessToken);
  assert.deepEqual(asked, ['token'], 'a refresh needs no authorize request');

  asked.length = 0;
  // cacheLookupPolicy 5 is MSAL's `Skip`: no cache, no refresh token, straight to the hidden frame.
  const framed = await silently(page, { scopes, cacheLookupPolicy: 5, redirectUri: spa.bridge });
  assert.ok('ok' in framed, JSON.stringify(framed));
  assert.deepEqual(asked, ['authorize', 'token']);
  assert.equal(framed.ok.account.homeAccountId, first.account.homeAccountId);
});

test('msal-browser: at the tenant itself a person signs in, tokens are renewed by token and by hidden iframe', async (t) => {
  const { context, page } = await openApplication(await launchProfile(temporaryFolder()), '');
  t.after(() => context.close());
  await login(page);
  await signIn(page, seeded.user, seeded.password);
  const first = await answered(page);
  const { oid, tid, ver, tfp } = first.idTokenClaims;
  assert.deepEqual([tid, ver, tfp], [seeded.tenantId, '2.0', undefined]);
  assert.equal(first.account.homeAccountId, `${oid}.${tid}`);
  assert.equal(first.account.tenantId, tid);
  assert.equal(first.account.username, seeded.user);
  const cached = await silently(page, { scopes });
  assert.ok('ok' in cached && cached.ok.fromCache, JSON.stringify(cached));
  await usher.advance(2);
  for (const how of [{ forceRefresh: true }, { cacheLookupPolicy: 5 }]) {
    const renewed = await silently(page, { scopes, redirectUri: spa.bridge, ...how });
    assert.ok('ok' in renewed, JSON.stringify(renewed));
    assert.equal(renewed.ok.account.homeAccountId, first.account.homeAccountId);
  }
});

test('msal-browser: without a session the hidden iframe fails as "interaction required", which applications handle', async (t) => {
  const { context, page } = await openApplication();
  t.after(() => context.close());
  const outcome = await page.evaluate(
    async ([given, redirectUri]) => {
      try {
        await (window as Application).client.ssoSilent({ scopes: given, redirectUri });
        return 'answered';
      } catch (error) {
        return (error as { name: string }).name;
      }
    },
    [scopes, spa.bridge] as const,
  );
  assert.equal(outcome, 'InteractionRequiredAuthError');
});

test('msal-browser: "forgot password" comes back to the application as AADB2C90118', async (t) => {
  const answeredHere = (isSelfServicePasswordResetAllowed: boolean) =>
    setFlow(usher, { passwordComplexityConfiguration: { isSelfServicePasswordResetAllowed } });
  await answeredHere(false);
  t.after(() => answeredHere(true));
  const { context, page } = await openApplication();
  t.after(() => context.close());
  await login(page);
  await page.click('#forgotPassword');
  const result = await backHome(page);
  assert.ok(result.kind === 'error', JSON.stringify(result));
  assert.equal(result.code, 'access_denied');
  assert.match(
    result.message,
    /^AADB2C90118: The user has forgotten their password\.\r\nCorrelation ID: [0-9a-f-]{36}\r\nTimestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\r\n$/,
  );
});

test('msal-browser: "cancel" on the sign-up page comes back to the application as AADB2C90091', async (t) => {
  const { context, page } = await openApplication();
  t.after(() => context.close());
  await login(page);
  await page.click('#createAccount');
  await page.click('#cancel');
  const result = await backHome(page);
  assert.ok(result.kind === 'error', JSON.stringify(result));
  assert.equal(result.code, 'access_denied');
  assert.match(result.message, /^AADB2C90091: The user has cancelled entering self-asserted information\.\r\n/);
});
