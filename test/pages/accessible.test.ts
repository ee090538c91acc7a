import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BrowserContextOptions } from 'playwright-core';
import { assertAccessible, assertFits, bringRules } from '../support/accessibility.ts';
import { languages, pageNames, type Shown, templates } from './gallery.ts';
import { desktop, phone, showGallery } from './shown.ts';

const { inBrowser, open } = showGallery();

/** Looks at pages: what axe finds, and that nothing is cut off. */
async function assertGood(
  options: BrowserContextOptions,
  shown: Omit<Shown, 'screen'>,
  names: readonly string[],
): Promise<void> {
  await inBrowser({ bypassCSP: true, ...options }, async (page, context) => {
    await bringRules(context);
    for (const screen of names) {
      const name = Object.values({ screen, ...shown, scheme: options.colorScheme }).join(' ');
      await open(page, { screen, ...shown });
      await assertAccessible(page, name);
      await assertFits(page, name);
    }
  });
}

/** Otherwise every page is looked at once: by turns in each language, in the light and in the dark. */
const everyCase = process.env['TEST_LONG'] === '1';

for (const [turn, language] of languages.entries()) {
  test(`every page is accessible and fits 320 pixels: ${language}`, async () => {
    const [light, dark] = [0, 1].map((scheme) =>
      pageNames.filter((_, index) => {
        const round = Math.floor(index / languages.length);
        const isTurn = index % languages.length === turn && round % 2 === scheme;
        return everyCase ? (index + turn + scheme) % 2 === 0 : isTurn;
      }),
    );
    await Promise.all([
      assertGood({ colorScheme: 'light', viewport: phone }, { language }, light ?? []),
      assertGood({ colorScheme: 'dark', viewport: phone }, { language }, dark ?? []),
    ]);
  });
}

/** Together they hold everything a page can show: what looks could break, they break on one of them. */
const everything = [
  'sign-in-full-refused',
  'sign-up-sent',
  'phonefactor-refused',
  'attributes',
  'totp',
  'recovery-codes',
  'selection',
  'error',
];

for (const [turn, look] of ([...templates, 'branded', 'custom'] as const).entries()) {
  test(`pages are accessible and fit: ${look}`, async () => {
    const [light, dark] = [turn, turn + 1].map((start) =>
      everything.filter((_, index) => everyCase || (index + start) % 2 === 0),
    );
    await Promise.all([
      assertGood({ colorScheme: 'light', viewport: desktop }, { look }, light ?? []),
      assertGood({ colorScheme: 'dark', viewport: phone }, { look }, dark ?? []),
    ]);
  });
}

/** What can be pressed and is smaller than 24 pixels in either direction, as `name: width×height`. */
const smallTargets = `[...document.querySelectorAll('button:not(.implicit)')]
  .map((button) => [button, button.getBoundingClientRect()])
  .filter(([button, { width, height }]) => button.checkVisibility() && (width < 24 || height < 24))
  .map(([button, { width, height }]) => button.textContent + ': ' + width + '×' + height)`;

const spacing =
  'html{font-size:200%!important}*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}';

test('targets are at least 24 pixels high and wide (WCAG 2.5.8); text spacing (1.4.12) and text of twice the size lose nothing at 320 pixels', async () => {
  await inBrowser({ viewport: phone, bypassCSP: true }, async (page) => {
    for (const name of pageNames) {
      await open(page, name);
      assert.deepEqual(await page.evaluate(smallTargets), [], name);
      await page.addStyleTag({ content: spacing });
      await assertFits(page, name);
    }
  });
});

test('forced colours and reduced motion keep buttons and fields visible, in every template', async () => {
  await inBrowser({ forcedColors: 'active', reducedMotion: 'reduce' }, async (page) => {
    for (const look of templates) {
      await open(page, { screen: 'sign-in-full', look });
      for (const id of ['#next', '#email', '#GoogleExchange', '.container']) {
        const border = await page.evaluate(`getComputedStyle(document.querySelector('${id}')).borderTop`);
        assert.match(String(border), /^[1-4]px solid/, `${look} ${id}`);
      }
      assert.equal(await page.evaluate("getComputedStyle(document.querySelector('#next')).transitionDuration"), '0s');
    }
  });
});
