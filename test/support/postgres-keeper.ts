/**
 * Runs a PostgreSQL server of its own until its standard input ends, which it does however the process at the other end
 * dies; then stops the server and removes all of it. Prints one line of JSON once the server answers. A line `crash` on its
 * input ends the server in the middle of whatever it does, a line `recover` starts it again at the same place; each is
 * answered by a line. Arguments: `--durable` for a server that keeps what it acknowledged when the machine fails.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';
import { type Account, openFolder, placeBinaries, unprivileged } from './postgres-binaries.ts';

const startsAtMost = 5;
/** Nothing on disk is worth a wait: the folder is gone after the tests. */
const careless = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

const folder = mkdtempSync(join(openFolder(), 'usher-postgres-'));
const account = unprivileged();
if (account) chownSync(folder, account.uid, account.gid);
const data = join(folder, 'data');
let server: ChildProcess | undefined;

/** Immediate shutdown: nothing is written any more, and the next start recovers from the log. */
async function crash(): Promise<void> {
  const ended = new Promise((resolve) => (server?.exitCode === null ? server.once('exit', resolve) : resolve(0)));
  server?.kill('SIGQUIT');
  await ended;
}

async function stop(code: number): Promise<never> {
  await crash();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(code);
}

function initialise(initdb: string, password: string, as: Account | undefined): void {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (as) chownSync(passwordFile, as.uid, as.gid);
  // A locale that orders words as people do, so that nothing can rely on the order of bytes by chance.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'];
  const access = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const made = spawnSync(initdb, ['-D', data, '--no-sync', '--no-instructions', ...locale, ...access], {
    cwd: folder,
    encoding: 'utf8',
    ...as,
  });
  rmSync(passwordFile);
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
}

/** Resolves to the port once the server accepts connections; undefined when it ended, e.g. because another took the port. */
async function start(
  { postgres, as, port }: { readonly postgres: string; readonly as: Account | undefined; readonly port: number },
  told: string[],
): Promise<number | undefined> {
  const settings = [
    ...['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'max_connections=300'],
    ...['shared_buffers=64MB', 'logging_collector=off', 'log_min_messages=warning'],
    ...(process.argv.includes('--durable') ? [] : careless),
  ];
  const flags = settings.flatMap((setting) => ['-c', setting]);
  const child = spawn(postgres, ['-D', data, ...flags], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...as });
  server = child;
  return new Promise((resolve) => {
    child.once('exit', () => resolve(undefined));
    child.once('error', () => resolve(undefined));
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (told.length < 100) told.push(line);
      if (line.includes('ready to accept connections')) resolve(port);
    });
  });
}

async function main(): Promise<void> {
  const { initdb, postgres } = await placeBinaries(folder, account);
  const password = randomBytes(18).toString('base64url');
  initialise(initdb, password, account);
  const told: string[] = [];
  for (let attempt = 0; attempt < startsAtMost; attempt += 1) {
    const place = { postgres, as: account, port: await freePort() };
    const port = await start(place, told);
    if (port === undefined) continue;
    tell({ url: `postgres://postgres:${password}@127.0.0.1:${port}`, pid: server?.pid });
    return obey(async () => {
      if ((await start(place, told)) === undefined) throw new Error(`postgres did not recover: ${told.join('\n')}`);
    });
  }
  throw new Error(`postgres did not start: ${told.join('\n')}`);
}

const tell = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);

/** Does what the lines on standard input say, one after the other, until it ends. */
async function obey(recover: () => Promise<void>): Promise<void> {
  const acts: Readonly<Record<string, () => Promise<void>>> = { crash, recover };
  for await (const line of createInterface({ input: process.stdin })) {
    await acts[line]?.();
    tell({ done: line });
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.stdin.resume().once('close', () => void stop(0));
main().catch(async (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  await stop(1);
});
