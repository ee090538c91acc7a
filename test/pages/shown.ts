import { after, before } from 'node:test';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { customSite } from './custom-site.ts';
import { gallery, pathOf, type Shown, secret } from './gallery.ts';
import { type Listener, listen } from './listener.ts';

export const desktop = { width: 1280, height: 860 };
/** WCAG 1.4.10. */
export const phone = { width: 320, height: 640 };

/** The gallery in a browser, for the tests of one file. `walk`: where an action leads, by its name. */
export function showGallery(walk: Readonly<Record<string, string>> = {}) {
  /** What the site of the custom pages was asked for. */
  const asked: string[] = [];
  let browser: Browser;
  let listener: Listener;
  let site: Listener;

  before(async () => {
    [browser, site] = await Promise.all([launchBrowser(), listen([customSite(asked)])]);
    listener = await listen(gallery(walk, () => site.origin));
  });
  after(() => Promise.all([browser?.close(), listener?.close(), site?.close()]));

  const addressOf = (shown: Shown | string): string =>
    listener.origin + pathOf(typeof shown === 'string' ? { screen: shown } : shown);

  return {
    asked,
    /** Of the site of the custom pages. */
    siteOrigin: (): string => site.origin,
    addressOf,
    /** Resolves when the page has loaded. */
    open: (page: Page, shown: Shown | string) => page.goto(addressOf(shown)),
    /** A new window of a browser that all journeys of the gallery began in. */
    async inBrowser<T>(
      options: BrowserContextOptions,
      run: (page: Page, context: BrowserContext) => Promise<T>,
    ): Promise<T> {
      const context = await browser.newContext(options);
      try {
        await context.addCookies([
          { name: 'x-ms-cpim-trans', value: secret, url: listener.origin, httpOnly: true, sameSite: 'Lax' },
        ]);
        return await run(await context.newPage(), context);
      } finally {
        await context.close();
      }
    },
  };
}

/** What the browser complains about from now on. */
export function problemsOf(page: Page): readonly string[] {
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  return problems;
}
