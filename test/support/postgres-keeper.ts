/**
 * Runs a PostgreSQL server of its own until its standard input ends, which it does however the process at the other end
 * dies; then stops the server and removes all of it. Prints one line of JSON once the server answers. A line `crash` on its
 * input ends the server in the middle of whatever it does, `kill` all its processes with -9, `recover` starts it again at the same place;
 * each is answered by a line. Arguments: `--durable` for a server that keeps what it acknowledged when the machine fails; `--standby` for
 * one that acknowledges nothing before a standby has it too, which runs beside it (and alone when it is recovered).
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';
import { type Account, openFolder, placeBinaries, unprivileged } from './postgres-binaries.ts';

const startsAtMost = 5;
/** Nothing on disk is worth a wait: the folder is gone after the tests. */
const careless = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

const isDurable = process.argv.includes('--durable');
const hasStandby = process.argv.includes('--standby');
const folder = mkdtempSync(join(openFolder(), 'usher-postgres-'));
const account = unprivileged();
if (account) chownSync(folder, account.uid, account.gid);
const data = join(folder, 'data');
const standbyData = join(folder, 'standby');

/** One server: its data, and what it was told beyond the usual. */
interface Place {
  readonly postgres: string;
  readonly data: string;
  readonly port: number;
  readonly settings: readonly string[];
}

let server: ChildProcess | undefined;
let standby: ChildProcess | undefined;

async function end(child: ChildProcess | undefined, act: (child: ChildProcess) => void): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  act(child);
  await ended;
}

/** Immediate shutdown: nothing is written any more, and the next start recovers from the log. */
const crash = (child: ChildProcess | undefined) => end(child, (one) => one.kill('SIGQUIT'));

/** As the kernel ends them when memory runs out: the processes of connections have no time to notice that the first is gone. */
const kill = (child: ChildProcess | undefined) =>
  end(child, (one) => {
    const children = process.platform === 'linux' ? childrenOf(one.pid ?? 0) : [];
    one.kill('SIGKILL');
    for (const pid of children) process.kill(pid, 'SIGKILL');
  });

const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

async function stop(code: number): Promise<never> {
  await Promise.all([crash(server), crash(standby)]);
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

const ready = /ready to accept (read-only )?connections/;

/** Resolves once the server accepts connections; to undefined when it ended, e.g. because another took the port. */
async function start(place: Place, told: string[]): Promise<ChildProcess | undefined> {
  const settings = [
    ...['listen_addresses=127.0.0.1', `port=${place.port}`, 'unix_socket_directories=', 'max_connections=300'],
    ...['shared_buffers=64MB', 'logging_collector=off', 'log_min_messages=warning'],
    ...(isDurable ? [] : careless),
    ...place.settings,
  ];
  const flags = settings.flatMap((setting) => ['-c', setting]);
  const child = spawn(place.postgres, ['-D', place.data, ...flags], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...account,
  });
  return new Promise((resolve) => {
    child.once('exit', () => resolve(undefined));
    child.once('error', () => resolve(undefined));
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (told.length < 100) told.push(line);
      if (ready.test(line)) resolve(child);
    });
  });
}

/** On the first port that can be had. */
async function startAnywhere(
  place: Omit<Place, 'port'>,
  told: string[],
): Promise<{ readonly child: ChildProcess; readonly place: Place }> {
  for (let attempt = 0; attempt < startsAtMost; attempt += 1) {
    const placed = { ...place, port: await freePort() };
    const child = await start(placed, told);
    if (child) return { child, place: placed };
  }
  throw new Error(`postgres did not start: ${told.join('\n')}`);
}

/** A copy of a server that has never run, which follows it over the network. */
async function startStandby(postgres: string, port: number, password: string, told: string[]): Promise<Place> {
  const origin = `host=127.0.0.1 port=${port} user=postgres password=${password} application_name=standby`;
  const settings = [`primary_conninfo=${origin}`];
  const started = await startAnywhere({ postgres, data: standbyData, settings }, told);
  standby = started.child;
  return started.place;
}

function copyForStandby(): void {
  cpSync(data, standbyData, { recursive: true });
  writeFileSync(join(standbyData, 'standby.signal'), '');
  if (account) spawnSync('chown', ['-R', `${account.uid}:${account.gid}`, standbyData]);
  spawnSync('chmod', ['700', standbyData]);
}

async function main(): Promise<void> {
  const { initdb, postgres } = await placeBinaries(folder, account);
  const password = randomBytes(18).toString('base64url');
  initialise(initdb, password, account);
  if (hasStandby) copyForStandby();
  const told: string[] = [];
  const settings = hasStandby ? ['synchronous_standby_names=standby'] : [];
  const { child, place } = await startAnywhere({ postgres, data, settings }, told);
  server = child;
  const urlOf = ({ port }: Place) => `postgres://postgres:${password}@127.0.0.1:${port}`;
  const beside = hasStandby ? await startStandby(postgres, place.port, password, told) : undefined;
  tell({ url: urlOf(place), pid: server.pid, ...(beside ? { standby: urlOf(beside) } : {}) });
  return obey({
    crash: () => crash(server),
    kill: () => kill(server),
    async recover() {
      server = await start({ ...place, settings: [] }, told);
      if (!server) throw new Error(`postgres did not recover: ${told.join('\n')}`);
    },
  });
}

const tell = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);

/** Does what the lines on standard input say, one after the other, until it ends. */
async function obey(acts: Readonly<Record<string, () => Promise<void>>>): Promise<void> {
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
