import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

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
