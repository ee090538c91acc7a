import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const elsewhere = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/snap/bin/chromium'];

/** Nothing that phones home, and nothing that a container lacks. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Path of the browser: `CHROMIUM`, else the first one that is installed. */
export function findBrowser(): string {
  const named = process.env['CHROMIUM'];
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  const candidates = named
    ? [named]
    : [...folders.flatMap((one) => names.map((name) => join(one, name))), ...elsewhere];
  const found = candidates.find((path) => existsSync(path));
  if (found) return found;
  throw new Error(
    named
      ? `CHROMIUM names '${named}', which does not exist.`
      : "The browser tests need Chromium: install it with 'apt-get install chromium', or name one with CHROMIUM=/path/to/chrome.",
  );
}

/** A headless browser; the caller closes it. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: findBrowser(), headless: true, args: flags });

/**
 * A browser with a profile of its own in `folder` that takes cookies from frames of other sites, as most browsers of our
 * users do; private windows, which `launchBrowser` opens, and Debian's Chromium out of the box do not.
 */
export function launchProfile(folder: string): Promise<BrowserContext> {
  mkdirSync(join(folder, 'Default'), { recursive: true });
  const preferences = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences));
  return chromium.launchPersistentContext(folder, {
    executablePath: findBrowser(),
    headless: true,
    args: flags,
    ignoreHTTPSErrors: true,
  });
}
