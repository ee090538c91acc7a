import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { type Input, proofNames } from '../../src/flows/index.ts';
import { answers, journeyOf, pageNames, secret } from './gallery.ts';
import { screens } from './screens.ts';
import { desktop, phone, problemsOf, showGallery } from './shown.ts';

const email = proofNames({ field: 'email' });

/** Leads through a whole sign-up, so that a person can be followed through it. */
const walk: Readonly<Record<string, string>> = {
  createAccount: 'sign-up',
  [email.send]: 'sign-up-sent',
  [email.verify]: 'sign-up-verified',
  [email.edit]: 'sign-up',
  cancel: 'sign-in',
};

const { addressOf, inBrowser, open } = showGallery(walk);

const sentBy = (screen: string): readonly Input[] => answers.get(journeyOf({ screen })) ?? [];

test('a language written from right to left mirrors the page', async () => {
  await inBrowser({ viewport: phone }, async (page) => {
    await open(page, { screen: 'attributes', language: 'ar' });
    assert.equal(await page.getAttribute('html', 'dir'), 'rtl');
    assert.equal(await page.getAttribute('html', 'lang'), 'ar');
    const label = await page.locator('#jobTitle_label').boundingBox();
    const field = await page.locator('#jobTitle').boundingBox();
    assert.ok(
      label && field && Math.abs(label.x + label.width - (field.x + field.width)) < 2,
      'labels begin at the right',
    );
  });
});

test('codes and keys keep their order on a page from right to left', async () => {
  const leftOf = (selector: string) =>
    `[...document.querySelectorAll('${selector}')].map((one) => one.getBoundingClientRect().left)`;
  await inBrowser({ viewport: desktop }, async (page) => {
    await open(page, { screen: 'totp', language: 'ar' });
    const groups = (await page.evaluate(leftOf('.letters span'))) as readonly number[];
    assert.equal(groups.length, 4);
    assert.deepEqual(
      groups,
      [...groups].sort((a, b) => a - b),
    );
    for (const [screen, selector] of [
      ['recovery-codes', '.codes'],
      ['error', '.error-page-detail'],
      ['error', '.error-page-timestamp .copyable'],
    ] as const) {
      await open(page, { screen, language: 'ar' });
      const direction = await page.evaluate(`getComputedStyle(document.querySelector('${selector}')).direction`);
      assert.equal(direction, 'ltr', selector);
    }
  });
});

/** Signs up with the keyboard alone, as far as the application's page. */
async function signUpByKeyboard(page: Page, journey: string): Promise<void> {
  const press = async (key: string) => page.keyboard.press(key);
  const focused = () => page.evaluate('document.activeElement.id');
  // The browser moves the focus where the page says with one of the next frames; what is typed before is lost.
  const arrive = async (selector: string) => {
    await page.waitForSelector(selector);
    await page.waitForSelector('input:focus');
  };
  await open(page, journey);
  assert.equal(await focused(), 'email');
  for (let step = 0; (await focused()) !== 'createAccount'; step += 1) {
    assert.ok(step < 10, 'the link to sign up cannot be reached');
    await press('Tab');
  }
  await press('Enter');
  await arrive('#email_ver_but_send');
  await page.keyboard.type('ada@example.com');
  await press('Enter');
  await arrive('#email_ver_input');
  assert.equal(await focused(), 'email_ver_input');
  await page.keyboard.type('123456');
  await press('Enter');
  await arrive('#newPassword');
  await page.keyboard.type('Correct-horse-9-battery');
  while ((await focused()) !== 'reenterPassword') await press('Tab');
  await page.keyboard.type('Correct-horse-9-battery');
  while ((await focused()) !== 'displayName') await press('Tab');
  await page.keyboard.type('Ada');
  await press('Enter');
  await page.waitForURL('**/back');
}

const expected = [
  ['createAccount', {}],
  [email.send, { email: 'ada@example.com' }],
  [email.verify, { [email.code]: '123456' }],
  [
    'continue',
    { newPassword: 'Correct-horse-9-battery', reenterPassword: 'Correct-horse-9-battery', displayName: 'Ada' },
  ],
] as const;

for (const javaScriptEnabled of [true, false]) {
  test(`a person signs up with the keyboard alone, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
    const journey = `walk-${javaScriptEnabled}`;
    // Without scripts `evaluate` still looks at the page; only the page's own scripts do not run.
    await inBrowser({ javaScriptEnabled }, (page) => signUpByKeyboard(page, journey));
    const sent = sentBy(journey);
    assert.deepEqual(
      sent.map(({ action }) => action),
      expected.map(([action]) => action),
    );
    for (const [index, [, values]] of expected.entries()) {
      for (const [name, value] of Object.entries(values)) assert.equal(sent[index]?.values[name], value, name);
    }
  });
}

test('a person signs in by pressing Enter in the password field', async () => {
  await inBrowser({ javaScriptEnabled: false }, async (page) => {
    await open(page, 'walk-enter');
    await page.fill('#email', 'ada@example.com');
    await page.fill('#password', 'secret words');
    await page.press('#password', 'Enter');
    await page.waitForURL('**/back');
  });
  assert.deepEqual(sentBy('walk-enter'), [
    { action: 'next', values: { email: 'ada@example.com', password: 'secret words' } },
  ]);
});

test('what every kind of field holds arrives as the step reads it', async () => {
  await inBrowser({ javaScriptEnabled: false }, async (page) => {
    await open(page, 'attributes');
    await page.selectOption('#country', 'small');
    await page.check('#extension_size_large');
    await page.uncheck('#extension_topics_small');
    await page.fill('#dateOfBirth_day', '7');
    await page.selectOption('#dateOfBirth_month', { label: 'March' });
    await page.fill('#extension_age', '42');
    await page.click('#continue');
    await page.waitForURL('**/back');
  });
  assert.deepEqual(sentBy('attributes')[0]?.values, {
    jobTitle: 'Analyst',
    country: 'small',
    extension_size: 'large',
    extension_topics: 'large',
    dateOfBirth: '1990-03-07',
    extension_age: '42',
    extension_code: '',
    identityProvider: '2019',
  });
});

test('the browser asks for what is required, and lets a person leave without it', async () => {
  await inBrowser({}, async (page) => {
    await open(page, 'walk-required');
    await page.click('#next');
    assert.deepEqual(sentBy('walk-required'), []);
    await page.click('#forgotPassword');
    await page.waitForLoadState();
    assert.deepEqual(
      sentBy('walk-required').map(({ action }) => action),
      ['forgotPassword'],
    );
  });
});

test('a password can be shown, and is sent as a password all the same', async () => {
  await inBrowser({}, async (page) => {
    await open(page, 'walk-reveal');
    await page.fill('#password', 'secret words');
    await page.getByRole('button', { name: 'Show password' }).click();
    assert.equal(await page.getAttribute('#password', 'type'), 'text');
    await page.getByRole('button', { name: 'Hide password' }).click();
    assert.equal(await page.getAttribute('#password', 'type'), 'password');
  });
});

test('a button pressed twice sends the form once', async () => {
  await inBrowser({}, async (page) => {
    await open(page, 'walk-twice');
    await page.fill('#email', 'ada@example.com');
    await page.fill('#password', 'secret words');
    await page.evaluate("document.querySelector('#next').click(); document.querySelector('#next').click()");
    await page.waitForURL('**/back');
  });
  assert.equal(sentBy('walk-twice').length, 1);
});

test('the policy of the pages lets them work and blocks everything else', async () => {
  await inBrowser({}, async (page) => {
    const problems = problemsOf(page);
    for (const name of Object.keys(screens)) await open(page, name);
    assert.deepEqual(problems, []);
    await page.evaluate(
      "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.hacked = 1' }))",
    );
    assert.equal(await page.evaluate('window.hacked'), undefined);
    assert.equal(problems.length, 1);
  });
});

test('no page weighs more than 15 KB compressed, with its style sheets and scripts', async () => {
  for (const name of pageNames) {
    const response = await fetch(addressOf(name), {
      headers: { cookie: `x-ms-cpim-trans=${secret}` },
    });
    const html = await response.text();
    const links = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, link = '']) => link);
    const files = await Promise.all(
      links.map(async (link) => Buffer.from(await (await fetch(new URL(link, addressOf(name)))).arrayBuffer())),
    );
    const bytes = [Buffer.from(html), ...files].reduce((sum, file) => sum + gzipSync(file).length, 0);
    assert.ok(links.length >= 1 && bytes <= 15 * 1024, `${name}: ${bytes} bytes`);
  }
});
