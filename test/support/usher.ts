import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/** The fixed values of the seeded tenant that tests rely on, as scripts of our users do. */
export const seeded = {
  tenant: 'contoso.onmicrosoft.com',
  tenantId: '775527ff-9a37-4307-8b3d-cc311f58d925',
  spa: '11111111-1111-4111-8111-111111111111',
  web: '22222222-2222-4222-8222-222222222222',
  api: '33333333-3333-4333-8333-333333333333',
  daemon: '44444444-4444-4444-8444-444444444444',
  native: '55555555-5555-4555-8555-555555555555',
  secret: 'usher-dev-secret',
  flow: 'B2C_1_susi',
  scope: 'https://contoso.onmicrosoft.com/tasks-api/tasks.read',
  user: 'adele@contoso.example',
  password: 'Usher-dev-1',
} as const;

/** What the seeded daemon asks for a token of Graph with. */
export const daemonForm = (): URLSearchParams =>
  new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: seeded.daemon,
    client_secret: seeded.secret,
    scope: 'https://graph.microsoft.com/.default',
  });

export interface Letter {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly code: string | null;
  readonly text: string;
  readonly correlationId: string | null;
}

/** A running server, in a process of its own, as a person would start it. */
export interface Usher {
  /** `https://localhost:<port>`, without a trailing slash. */
  readonly url: string;
  /** Where it listens, which behind a balancer is not in `url`. */
  readonly port: number;
  /** Origin of the management listener. */
  readonly managementUrl: string;
  readonly host: string;
  readonly caFile: string;
  readonly data: string;
  readonly pid: number;
  /** Everything the process has written to its standard error so far. */
  log(): string;
  outbox(email: string): Promise<readonly Letter[]>;
  /** The newest code mailed to the address. */
  code(email: string): Promise<string>;
  /** An access token for Graph of the seeded daemon application. */
  graphToken(): Promise<string>;
  graph(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  advance(seconds: number): Promise<void>;
  /** Ends the process with a signal and resolves to its exit code, null when the signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface UsherOptions {
  readonly args?: readonly string[];
  /** Absent: any free one. */
  readonly port?: string;
  /** A data folder to keep; absent: `--memory`. */
  readonly data?: string;
  /** The URL of a database elsewhere; absent: one in the data folder. */
  readonly database?: () => Promise<string>;
}

const root = new URL('../../', import.meta.url);

const folders: string[] = [];
// A test's own `after` hooks run in the order they were given, so a hook for the folder would run before its user is closed.
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder for one test, removed when all tests of the file are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'usher-'));
  folders.push(folder);
  return folder;
}

/** Starts `usher dev` on a free port and trusts its certificate in this process. Rejects with its output when it does not come up. */
export async function startUsher(options: UsherOptions = {}): Promise<Usher> {
  const store = options.data === undefined ? ['--memory'] : ['--data', options.data];
  const database = options.database ? ['--database', await options.database()] : [];
  const listen = ['--port', options.port ?? '0', '--json'];
  return launch(['dev', ...listen, ...store, ...database, ...(options.args ?? [])], options.data ?? '');
}

/**
 * Starts a command that serves; it must print its ready line as JSON. `caFile`: what to trust when the line names nothing; nothing when absent.
 * `around`: a command that runs what follows it in its own place, e.g. with less than it would have.
 */
export async function launch(
  command: readonly string[],
  data = '',
  caFile = '',
  around: readonly string[] = [],
  folder: string | URL = root,
): Promise<Usher> {
  const [program = '', ...args] = [...around, process.execPath, 'bin/usher.mjs', ...command];
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const found = await untilReady(child, errors);
  const ready = { ...found, caFile: found.caFile ?? caFile };
  if (ready.caFile !== '') trust(ready.caFile);
  return running(child, ready, data, errors);
}

interface Ready {
  readonly url: string;
  readonly port: number;
  readonly managementUrl: string;
  readonly caFile?: string;
}

function untilReady(child: ChildProcess, errors: readonly string[]): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const fail = () => reject(new Error(`usher did not start:\n${lines.join('\n')}\n${errors.join('')}`));
    child.once('exit', fail);
    if (!child.stdout) return fail();
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (!line.startsWith('{"event":"ready"')) return;
      child.off('exit', fail);
      resolve(JSON.parse(line) as Ready);
    });
  });
}

/** Adds a CA to those this process trusts, for `fetch`, `https` and every client library in it. */
function trust(caFile: string): void {
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(caFile, 'utf8')]);
}

function running(child: ChildProcess, ready: Required<Ready>, data: string, errors: readonly string[]): Usher {
  const { url } = ready;
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  let token: Promise<string> | undefined;

  async function requestToken(): Promise<string> {
    const response = await fetch(`${url}/${seeded.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      body: daemonForm(),
    });
    const answer = (await response.json()) as { access_token?: string };
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer.access_token ?? '';
  }

  const usher: Usher = {
    ...ready,
    host: new URL(url).host,
    data,
    pid: child.pid ?? 0,
    log: () => errors.join(''),
    async outbox(email) {
      const response = await fetch(`${url}/dev/outbox?email=${encodeURIComponent(email)}`);
      return (await response.json()) as readonly Letter[];
    },
    async code(email) {
      const code = (await usher.outbox(email))[0]?.code;
      assert.ok(code, `no code was mailed to ${email}`);
      return code;
    },
    graphToken() {
      token ??= requestToken();
      return token;
    },
    async graph(method, path, body, headers = {}) {
      return fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await usher.graphToken()}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    },
    async advance(seconds) {
      // What was issued before may have expired by the moved clock.
      token = undefined;
      const response = await fetch(`${url}/dev/clock`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ advanceSeconds: seconds }),
      });
      assert.ok(response.ok, `the clock did not move: ${response.status}`);
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return exited;
    },
  };
  return usher;
}
