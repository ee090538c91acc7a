import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Shown, secret } from './gallery.ts';
import { problemsOf, showGallery } from './shown.ts';

const { addressOf, asked, inBrowser, open: openIn, siteOrigin } = showGallery();

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><rect width="120" height="40" fill="#123"/></svg>';

/** Opens a page; `problems` are what the browser complained about. */
const open = (shown: Shown, look: (page: Page, problems: readonly string[]) => Promise<void>): Promise<void> =>
  inBrowser({ colorScheme: 'dark' }, async (page) => {
    const problems = problemsOf(page);
    await page.route('https://images.example/**', (route) =>
      route.fulfill({ contentType: 'image/svg+xml', body: picture }),
    );
    await openIn(page, shown);
    await look(page, problems);
  });

const widthOf = (page: Page, selector: string) =>
  page.evaluate(`document.querySelector('${selector}')?.naturalWidth ?? -1`);
const styleOf = (page: Page, selector: string, name: string) =>
  page.evaluate(`getComputedStyle(document.querySelector('${selector}')).getPropertyValue('${name}')`);

test('logo, background and colours of a flow are shown, and its words on the accent colour are dark', async () => {
  await open({ screen: 'sign-in', look: 'branded' }, async (page, problems) => {
    assert.ok(Number(await widthOf(page, '[data-tenant-branding-logo]')) > 0);
    assert.ok(Number(await widthOf(page, '[data-tenant-branding-background]')) > 0);
    assert.equal(await page.getAttribute('.companyLogo', 'alt'), 'Contoso');
    assert.equal(await styleOf(page, '#next', 'background-color'), 'rgb(255, 183, 3)');
    assert.equal(await styleOf(page, '#next', 'color'), 'rgb(0, 0, 0)');
    assert.equal(
      await styleOf(page, '[data-tenant-branding-background-color]', 'background-color'),
      'rgb(34, 87, 122)',
    );
    assert.deepEqual(problems, []);
  });
});

test('pictures of other origins than those of the branding are not loaded', async () => {
  for (const [look, loads] of [
    ['branded', true],
    ['usher', false],
  ] as const) {
    await open({ screen: 'sign-in', look }, async (page) => {
      await page.evaluate(
        "window.loaded = new Promise((done) => { const image = new Image(); image.onload = () => done(true); image.onerror = () => done(false); image.src = 'https://images.example/other.svg' })",
      );
      assert.equal(await page.evaluate('window.loaded'), loads, look);
    });
  }
});

test('a custom page stands around ours, in its own style, and nothing in it runs', async () => {
  await open({ screen: 'sign-in', look: 'custom' }, async (page, problems) => {
    assert.equal(await page.title(), 'Woodgrove Groceries');
    assert.equal(await page.getAttribute('#api', 'data-name'), 'Unified');
    assert.equal(await page.locator('#localAccountForm').count(), 1);
    assert.equal(await page.getByText('Loading').count(), 0);
    assert.equal(await styleOf(page, 'body', 'font-family'), 'Georgia, serif');
    assert.equal(await styleOf(page, '.slogan', 'font-style'), 'italic');
    assert.equal(await styleOf(page, '.slogan', 'color'), 'rgb(29, 77, 43)');
    assert.ok(Number(await widthOf(page, 'header img')) > 0);
    assert.ok(Number(await widthOf(page, '[data-tenant-branding-background]')) > 0);
    assert.equal(await page.locator('iframe').count(), 0);
    const seen = 'window.hacked ?? window.early ?? window.late ?? window.SETTINGS';
    assert.equal(await page.evaluate(seen), undefined);
    assert.deepEqual(
      problems.filter((text) => !text.includes('404')),
      [],
    );
  });
});

test('a page that knows no dark mode is shown in the light', async () => {
  await open({ screen: 'sign-in', look: 'custom' }, async (page) => {
    assert.equal(await styleOf(page, '.card', 'background-color'), 'rgb(255, 255, 255)');
    assert.equal(await styleOf(page, '#email', 'background-color'), 'rgb(255, 255, 255)');
  });
  await open({ screen: 'sign-in' }, async (page) => {
    assert.notEqual(await styleOf(page, '#email', 'background-color'), 'rgb(255, 255, 255)');
  });
});

test('scripts of a custom page run when the flow says so, and read where they are', async () => {
  await open({ screen: 'sign-in', look: 'customScripts', language: 'de' }, async (page, problems) => {
    await page.waitForSelector('[data-ran=yes]');
    assert.deepEqual(await page.evaluate('[window.early, window.late, window.hacked]'), ['de', 'Unified', undefined]);
    const settings = (await page.evaluate('window.SETTINGS')) as {
      readonly api: string;
      readonly remoteResource: string;
    };
    assert.equal(settings.api, 'CombinedSigninAndSignup');
    assert.ok(settings.remoteResource.startsWith(siteOrigin()));
    assert.equal(await page.evaluate('window.SA_FIELDS.AttributeFields[0].ID'), 'email');
    await page.evaluate(
      "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.hacked = 1' }))",
    );
    assert.equal(await page.evaluate('window.hacked'), undefined);
    assert.ok(problems.some((text) => text.includes('Content Security Policy')));
  });
});

test('the page is asked for in the language of the person, and once for many who come', async () => {
  asked.length = 0;
  for (const language of ['ja', 'ja', 'ja']) {
    await open({ screen: 'sign-in', look: 'custom', language }, async (page) => {
      assert.equal(await page.getAttribute('html', 'lang'), 'ja');
    });
  }
  assert.deepEqual(
    asked.filter((path) => path.includes('page.html')),
    ['/site/page.html?ui_locales=ja'],
  );
});

test('a custom page that is not there ends on the error page with the code of B2C', async () => {
  await open({ screen: 'sign-in', look: 'customBroken' }, async (page) => {
    const text = await page.locator('.error-page-detail').textContent();
    assert.match(
      String(text),
      /^AADB2C90002: The CORS resource '.*gone\.html\?ui_locales=en' returned a 404 not found\.$/,
    );
    assert.equal(await page.getAttribute('#api', 'data-name'), 'GlobalException');
  });
});

test('the error page of a flow has its own custom page, which is not told the language', async () => {
  asked.length = 0;
  await open({ screen: 'error', look: 'custom' }, async (page) => {
    assert.equal(await page.locator('footer a').textContent(), 'Privacy');
    assert.match(String(await page.locator('.error-page-detail').textContent()), /AADB2C90006/);
    assert.equal(
      await page.locator('.error-page-correlationid .copyable').textContent(),
      '1c4f0397-c6e4-4afe-bf74-42f488f2f15f',
    );
  });
  assert.ok(asked.every((path) => !path.includes('ui_locales')));
});

test('a custom page works without scripts of ours too', async () => {
  const response = await fetch(addressOf({ screen: 'sign-in', look: 'custom' }), {
    headers: { cookie: `x-ms-cpim-trans=${secret}` },
  });
  const policy = String(response.headers.get('content-security-policy'));
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe|script-src[^;]*nonce|connect-src/);
  assert.match(policy, new RegExp(`img-src 'self' data: ${siteOrigin()} https://images.example`));
});
