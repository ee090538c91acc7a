import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { assertAccessible, assertFits } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { newApplication, newFlow } from '../support/flow-settings.ts';
import { logged } from '../support/logs.ts';
import { type NewPerson, newPerson, signIn, signUp } from '../support/person.ts';
import { authorize, claimsIn, type TokenAnswer } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { plugIn, type VirtualAuthenticator } from '../support/virtual-authenticator.ts';
import { newVisitor, textOf } from '../support/visitor.ts';

/** Passkeys in a real browser, with an authenticator of Chromium's own. */

let usher: Usher;
let browser: Browser;
let clientId: string;
let redirectUri: string;

/** Where people come back to. */
const application = createServer((_, response) => response.end('arrived'));

before(async () => {
  [usher, browser] = await Promise.all([startUsher(), launchBrowser()]);
  await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
  redirectUri = `http://localhost:${(application.address() as AddressInfo).port}/`;
  clientId = (await newApplication(usher, { spa: { redirectUris: [redirectUri] } })).appId;
});
after(async () => {
  await Promise.all([usher?.stop(), browser?.close()]);
  application.close();
});

const all = { isSignInAllowed: true, isEnrolmentOffered: true, isPasswordOptional: true, countsAsSecondFactor: true };
const mfa = {
  multifactorAuthenticationConfiguration: {
    multifactorAuthenticationState: 'on',
    multifactorAuthenticationMethod: 'authenticator',
  },
};

const userAgent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';

interface Device extends VirtualAuthenticator {
  readonly page: Page;
  readonly context: BrowserContext;
}

/** A browser of its own, which recognises its owner at once; `javaScriptEnabled: false`: it runs no scripts. */
async function withDevice(run: (device: Device) => Promise<void>, javaScriptEnabled = true): Promise<void> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, bypassCSP: true, userAgent, javaScriptEnabled });
  try {
    const page = await context.newPage();
    await run({ page, context, ...(await plugIn(page)) });
  } finally {
    await context.close();
  }
}

/** Goes to the flow as an application sends people there, and resolves to what redeems the code. */
async function open({ page }: Pick<Device, 'page'>, flow: string, changes: Readonly<Record<string, string>> = {}) {
  const parameters = { client_id: clientId, redirect_uri: redirectUri, scope: 'openid', ...changes };
  const attempt = authorize(usher, parameters, flow);
  await page.goto(attempt.url.href);
  return attempt;
}

/** The claims of whoever has come back to the application. */
async function arrived({ page }: Pick<Device, 'page'>, flow: string, { verifier }: { readonly verifier: string }) {
  await page.waitForURL(`${redirectUri}**`);
  const code = new URL(page.url()).searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', client_id: clientId, redirect_uri: redirectUri };
  const response = await fetch(`${usher.url}/${seeded.tenant}/${flow}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { origin: new URL(redirectUri).origin },
    body: new URLSearchParams({ ...form, code, code_verifier: verifier }),
  });
  const answer = (await response.json()) as TokenAnswer;
  assert.equal(response.status, 200, JSON.stringify(answer));
  return claimsIn(answer.id_token);
}

/** Up to the choice between password and passkey. */
async function proveAddress(page: Page, { email }: NewPerson): Promise<void> {
  await page.click('#createAccount');
  await page.fill('#email', email);
  await page.click('#email_ver_but_send');
  await page.waitForSelector('#email_ver_input');
  await page.fill('#email_ver_input', await usher.code(email));
  await page.click('#email_ver_but_verify');
  await page.waitForSelector('#email_success');
}

/** The browser offers nothing by itself, so the button can be pressed in peace. */
const quietly = (context: BrowserContext) =>
  context.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false');

const makePasskey = (page: Page) => page.getByRole('button', { name: 'Create a passkey' }).click();
const usePasskey = (page: Page) => page.getByRole('button', { name: 'Sign in with a passkey' }).click();

interface Method {
  readonly id: string;
  readonly kind: string;
  readonly displayName: string | null;
}

async function methodsOf(userId: unknown): Promise<readonly Method[]> {
  const filter = encodeURIComponent(`userId eq ${String(userId)}`);
  const response = await usher.graph('GET', `/beta/usher/authenticationMethods?$filter=${filter}`);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  assert.doesNotMatch(text, /credentialId|publicKey|userHandle|signCount/);
  return (JSON.parse(text) as { readonly value: readonly Method[] }).value;
}

test('signs up with a passkey in place of a password, signs in by what the browser offers, and by the button', async () => {
  const flow = await newFlow(usher, { settings: { passkeys: all } });
  await withDevice(async (device) => {
    const { page, context, cdp, authenticatorId } = device;
    const person = newPerson();
    const first = await open(device, flow);
    await proveAddress(page, person);
    await page.click('#withPasskey');
    await assertAccessible(page, 'sign-up with a passkey');
    await page.setViewportSize({ width: 320, height: 640 });
    await assertFits(page, 'sign-up with a passkey');
    await makePasskey(page);
    const made = await arrived(device, flow, first);
    assert.equal(made['newUser'], true);
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
    assert.deepEqual(
      credentials.map(({ rpId, isResidentCredential, userName }) => [rpId, isResidentCredential, userName]),
      [['localhost', true, person.email]],
    );
    assert.equal(Buffer.from(credentials[0]?.userHandle ?? '', 'base64').length, 64);
    assert.deepEqual(
      (await methodsOf(made['sub'])).map(({ kind, displayName }) => [kind, displayName]),
      [['passkey', 'Chrome, Linux']],
    );

    const offered = await open(device, flow, { prompt: 'login' });
    assert.equal((await arrived(device, flow, offered))['sub'], made['sub']);

    await quietly(context);
    const pressed = await open(device, flow, { prompt: 'login' });
    await assertAccessible(page, 'sign-in with a passkey');
    await usePasskey(page);
    assert.equal((await arrived(device, flow, pressed))['sub'], made['sub']);

    // An administrator takes it away; the device does not know.
    const [method] = await methodsOf(made['sub']);
    await usher.graph('DELETE', `/beta/usher/authenticationMethods/${method?.id}`);
    await open(device, flow, { prompt: 'login' });
    await usePasskey(page);
    await page.getByText('This passkey does not work here').waitFor();
  });
});

test('is offered after sign-in, can be put off, and is then the second factor', async () => {
  const [plain, flow] = await Promise.all([
    newFlow(usher, { settings: { passkeys: { isSignInAllowed: true, isEnrolmentOffered: true } } }),
    newFlow(usher, { ...mfa, settings: { passkeys: { countsAsSecondFactor: true, userVerification: 'required' } } }),
  ]);
  const person = newPerson();
  await withDevice(async (device) => {
    const { page, context } = device;
    await quietly(context);
    const first = await open(device, plain);
    await signUp(page, usher, person);
    await assertAccessible(page, 'the offer of a passkey');
    await page.click('#notNow');
    const { sub } = await arrived(device, plain, first);
    const again = await open(device, plain, { prompt: 'login' });
    await signIn(page, person.email, person.password);
    assert.equal((await arrived(device, plain, again))['sub'], sub, 'it was put off on this browser');
  });
  await withDevice(async (device) => {
    const { page, context } = device;
    await quietly(context);
    const other = newPerson();
    const first = await open(device, plain);
    await signUp(page, usher, other);
    await makePasskey(page);
    const { sub } = await arrived(device, plain, first);
    const second = await open(device, flow, { prompt: 'login' });
    await signIn(page, other.email, other.password);
    await page.getByText('As a second step, use your passkey').waitFor();
    await assertAccessible(page, 'a passkey as second factor');
    await usePasskey(page);
    assert.equal((await arrived(device, flow, second))['sub'], sub);
  });
});

test('without scripts everything but the passkey is there', async () => {
  const flow = await newFlow(usher, { settings: { passkeys: all } });
  await withDevice(async (device) => {
    const { page } = device;
    const person = newPerson();
    const first = await open(device, flow);
    assert.equal(await page.getByText('Sign in with a passkey').isVisible(), false);
    await proveAddress(page, person);
    await page.click('#withPasskey');
    await page.click('#usePassword');
    await page.fill('#newPassword', person.password);
    await page.fill('#reenterPassword', person.password);
    await page.click('#continue');
    await page.click('#notNow');
    assert.equal((await arrived(device, flow, first))['newUser'], true);
    const again = await open(device, flow, { prompt: 'login' });
    await signIn(page, person.email, person.password);
    assert.equal((await arrived(device, flow, again))['tfp'], flow);
  }, false);
});

test('passkeys are a setting of the flow: without it no page speaks of them', async () => {
  await withDevice(async (device) => {
    await open(device, seeded.flow);
    assert.equal(await device.page.locator('#passkey').count(), 0);
  });
});

test('a passkey that is nobody’s is told on the page, and stands in the sign-in log', async () => {
  const flow = await newFlow(usher, { settings: { passkeys: { isSignInAllowed: true } } });
  const correlationId = randomUUID();
  const visitor = newVisitor(usher, { 'client-request-id': correlationId });
  const shown = await visitor.open(authorize(usher, {}, flow).url);
  const refused = await visitor.submit(shown, 'passkey', { passkey: '{}', email: '' });
  assert.match(textOf(refused.html), /This passkey does not work here/);
  const filter = `correlationId eq '${correlationId}'`;
  const [entry] = await logged<{ readonly status: { errorCode: number } }>(usher, 'auditLogs/signIns', filter);
  assert.equal(entry?.status.errorCode, 90053);
});
