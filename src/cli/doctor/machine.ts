import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { outside } from '../../kernel/index.ts';
import { findProgram } from '../programs.ts';
import { type Finding, fail, ok, warn } from './check.ts';

const neededNode = 24;
/** No release of this program is older, in milliseconds since 1970. */
const earliest = Date.UTC(2026, 0, 1);

export function checkRuntime(): Finding {
  const { node } = process.versions;
  const words = `Node.js ${node} at ${process.execPath}`;
  if (Number(node.split('.')[0]) >= neededNode) return ok('runtime', words);
  return fail('runtime', words, `Start it with bin/usher.mjs, which brings Node.js ${neededNode}.`);
}

export function checkClock(now: number = Date.now()): Finding {
  const words = `it is ${new Date(now).toISOString()}`;
  if (now >= earliest) return ok('clock', words);
  return fail('clock', words, 'Set the date: tokens and certificates of a wrong time are refused by every client.');
}

export function checkPort(host: string, port: number): Promise<Finding> {
  if (port === 0) return Promise.resolve(ok('port', 'any free one will be taken'));
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: Error & { readonly code?: string }) => {
      if (error.code === 'EADDRINUSE') {
        resolve(
          warn(
            'port',
            `${port} is in use`,
            'Fine when Usher itself runs there; else stop the other program or use --port.',
          ),
        );
      } else
        resolve(
          fail('port', `${port} of ${host} cannot be opened: ${error.message}`, 'Choose another --port or --host.'),
        );
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => resolve(ok('port', `${port} of ${host} is free`)));
    });
  });
}

/** Only the tests need a browser, and only a checkout has tests. */
export function checkBrowser(): readonly Finding[] {
  if (!existsSync(fileURLToPath(new URL('../../../test/run.ts', import.meta.url)))) return [];
  const found = findProgram(...[outside('CHROMIUM') ?? 'chromium', 'chromium', 'chromium-browser', 'google-chrome']);
  if (found !== undefined) return [ok('browser', `the tests use ${found}`)];
  return [warn('browser', 'no Chromium found', "Only 'npm test' needs it: apt-get install chromium, or set CHROMIUM.")];
}
