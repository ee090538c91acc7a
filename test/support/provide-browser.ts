import { spawnSync } from 'node:child_process';
import { findBrowser } from './browser.ts';

const packages = ['chromium'];

function attempt(command: string, args: readonly string[], say: (line: string) => void): boolean {
  say(`  ${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}

/** The sentence that says why there is no browser and what to install, or nothing when there is one. */
function missing(): string | undefined {
  try {
    findBrowser();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Makes sure that there is a browser to test with: an installed one, else Debian's package where the rights allow it.
 * Gives the sentence that says what to do when there is none, or nothing.
 */
export function provideBrowser(say: (line: string) => void): string | undefined {
  if (!missing()) return undefined;
  say('No Chromium found; installing it, which takes a minute:');
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...args: string[]) => {
    const [command = 'apt-get', ...rest] = [...prefix, 'apt-get', ...args];
    return attempt(command, rest, say);
  };
  if (apt('update', '-qq')) apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
  return missing();
}
