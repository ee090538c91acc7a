import { get } from 'node:http';
import type { CommandContext } from '../command.ts';
import { faults } from '../faults.ts';
import { callable, managementPortOf, originOf } from '../management-place.ts';

/** Milliseconds; container runtimes wait for a few seconds. */
const patience = 2_500;

const paths: Readonly<Record<string, string>> = { ready: '/readyz', live: '/livez' };

/** What helps, by what was answered. */
const cures = {
  silent:
    "Start 'usher serve', or say with --management-host and --management-port where its probes are answered; development mode answers none unless told where",
  notReady: 'It is ending, or its database does not answer: its log and /metrics tell which',
  foreign: "This is not the management listener of 'usher serve', see --management-host and --management-port",
} as const;

const cureFor = (status: number | string): string =>
  typeof status === 'string' ? cures.silent : status === 503 ? cures.notReady : cures.foreign;

function statusOf(url: string): Promise<number | string> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: patience }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.once('error', (error) => resolve(error.message));
    request.once('timeout', () => {
      resolve(`no answer within ${patience} ms`);
      request.destroy();
    });
  });
}

/** `usher healthcheck [ready|live]`: 0 when the server of these settings says so, else 1 and the reason. Needs nothing but Node. */
export async function healthcheck({ config, positionals, terminal }: CommandContext): Promise<number> {
  const [what = 'ready'] = positionals;
  const path = Object.hasOwn(paths, what) ? paths[what] : undefined;
  if (path === undefined) throw faults.usage({ problem: `There is no 'healthcheck ${what}'.`, command: 'healthcheck' });
  const url = `${originOf(callable(config.managementHost), managementPortOf(config))}${path}`;
  const status = await statusOf(url);
  if (status === 200) return 0;
  terminal.err(`usher: ${url}: ${status}. ${cureFor(status)}.\n`);
  return 1;
}
