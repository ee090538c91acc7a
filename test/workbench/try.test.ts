import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { assertAccessible, assertFits } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { setFlow } from '../support/flow-settings.ts';
import { newPerson, signIn, signUp } from '../support/person.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';

let usher: Usher;
let browser: Browser;

before(async () => {
  [usher, browser] = await Promise.all([startUsher(), launchBrowser()]);
});

after(() => Promise.all([browser?.close(), usher?.stop()]));

async function atTry(options: BrowserContextOptions, visit: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, bypassCSP: true, ...options });
  try {
    const page = await context.newPage();
    await page.goto(`${usher.url}/`);
    await visit(page);
  } finally {
    await context.close();
  }
}

const run = (page: Page) => page.getByRole('button', { name: 'Run' }).click();

test('a person opens /try/, signs up with a code from the outbox and sees an ID token', async () => {
  await atTry({}, async (page) => {
    assert.equal(new URL(page.url()).pathname, '/try/');
    const person = newPerson();
    await run(page);
    await signUp(page, usher, person);
    await page.waitForSelector('.greeting');
    assert.equal(await page.textContent('.greeting'), 'Signed in as Ada Example');
    const idToken = page.locator('section', { has: page.getByRole('heading', { name: 'ID token' }) });
    const claims = idToken.getByRole('table');
    assert.match(String(await claims.textContent()), new RegExp(`emails.*${person.email}`));
    assert.match(String(await claims.textContent()), /newUsertrue/);
    assert.ok(await page.getByRole('heading', { name: 'Access token' }).isVisible());
    assert.equal(new URL(page.url()).search, '', 'no code stays in the address');
    const { code } = (await usher.outbox(person.email))[0] ?? {};
    assert.equal(await page.textContent('.code code'), code);
  });
});

test('tokens can be renewed, and after signing out the next run asks again', async () => {
  await atTry({}, async (page) => {
    await run(page);
    await signIn(page, seeded.user, seeded.password);
    await page.waitForSelector('.greeting');
    const expiry = async () => page.locator('tr', { hasText: 'Not valid after' }).first().locator('code').textContent();
    const first = await expiry();
    await usher.advance(60);
    await page.getByRole('button', { name: 'Refresh the tokens' }).click();
    await page.waitForFunction(
      `![...document.querySelectorAll('td code')].some((one) => one.textContent === '${first}')`,
    );
    assert.ok(Number(await expiry()) >= Number(first) + 60);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/try/');
    await run(page);
    assert.ok(await page.waitForSelector('#password'));
  });
});

test('what a person did instead of signing in is said in plain words', async () => {
  await setFlow(usher, { passwordComplexityConfiguration: { isSelfServicePasswordResetAllowed: false } });
  await atTry({}, async (page) => {
    await run(page);
    await page.click('#forgotPassword');
    await page.waitForSelector('.problem');
    assert.match(String(await page.textContent('.problem')), /Forgot your password.*AADB2C90118/s);
    await page.getByRole('button', { name: 'Clear' }).click();
    assert.equal(await page.locator('.problem').count(), 0);
  });
});

test('a flow that does not run is shown with the reason and cannot be chosen', async () => {
  await atTry({}, async (page) => {
    const flows = page.getByLabel('User flow');
    assert.equal(await flows.inputValue(), 'B2C_1_susi');
    assert.ok(await flows.locator('option', { hasText: 'B2C_1_ropc' }).isDisabled());
    await page.getByText(/^Cannot run here: \d/).click();
    await page.getByText("'B2C_1_ropc' is of type resourceOwner and has no pages").waitFor();
    await assertAccessible(page, 'flows that do not run');
    await assertFits(page, 'flows that do not run');
  });
});

test('an answer that belongs to no request of this tab is not used', async () => {
  await atTry({}, async (page) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${usher.url}/try/?code=stolen&state=foreign`);
    await page.waitForSelector('.problem');
    assert.ok(!asked.some((path) => path.endsWith('/token')));
  });
});

test('new messages appear by themselves', async () => {
  await atTry({}, async (page) => {
    await page.goto(`${usher.url}/dev/outbox/`);
    const person = newPerson();
    await atTry({}, async (other) => {
      await run(other);
      await other.click('#createAccount');
      await other.fill('#email', person.email);
      await other.click('#email_ver_but_send');
      await other.waitForSelector('#email_ver_input');
    });
    await page.getByText(`To ${person.email}`).waitFor();
    assert.equal(await page.locator('.code code').first().textContent(), await usher.code(person.email));
  });
});

for (const [colorScheme, viewport] of [
  ['light', { width: 1280, height: 860 }],
  ['dark', { width: 320, height: 640 }],
] as const) {
  test(`the workbench is accessible and fits: ${colorScheme}, ${viewport.width} pixels`, async () => {
    await atTry({ colorScheme, viewport }, async (page) => {
      await page.getByText('Parameters').click();
      await assertAccessible(page, 'try');
      await assertFits(page, 'try');
      await run(page);
      await signIn(page, seeded.user, seeded.password);
      await page.waitForSelector('.greeting');
      for (const folded of await page.locator('#result summary').all()) await folded.click();
      await assertAccessible(page, 'tokens');
      await assertFits(page, 'tokens');
      await page.goto(`${usher.url}/dev/outbox/`);
      await assertAccessible(page, 'outbox');
      await assertFits(page, 'outbox');
    });
  });
}

test('reset forgets the accounts and the messages of everybody', async () => {
  await atTry({}, async (page) => {
    const person = newPerson();
    await run(page);
    await signUp(page, usher, person);
    await page.waitForSelector('.greeting');
    page.on('dialog', (dialog) => dialog.accept());
    await page.getByRole('button', { name: 'Reset everything' }).click();
    await page.waitForURL('**/try/');
    await page.getByText('No messages yet').waitFor();
    assert.deepEqual(await usher.outbox(person.email), []);
    await run(page);
    await signIn(page, person.email, person.password);
    await page.waitForSelector('.error.pageLevel');
  });
});
