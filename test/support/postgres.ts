import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** A PostgreSQL server of the tests. */
export interface Server {
  /** Of its superuser, without a database. */
  readonly url: string;
  /** Of its postmaster. */
  readonly pid: number;
}

/** A server that only one test has. */
export interface OwnServer extends Server {
  /** Of a standby that has everything before it is acknowledged, where one was asked for. */
  readonly standby?: string;
  /** Ends it in the middle of whatever it does; resolves when it is gone. */
  crash(): Promise<void>;
  /** The same with -9, which leaves it no time for anything. */
  kill(): Promise<void>;
  /** Starts it again at the same address, on what it kept, without its standby; resolves when it answers. */
  recover(): Promise<void>;
  /** Ends it and removes all of it. */
  stop(): Promise<void>;
}

/** A database of one test file. */
export interface TestDatabase {
  readonly url: string;
  /** One statement from outside of the product, over a connection of its own. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Ends every connection to it and removes it. */
  drop(): Promise<void>;
}

/** Names the server of a whole run of tests. */
const shared = 'TEST_POSTGRES';

/**
 * Starts a server that lives as long as this process, and goes when it does, whatever ends it. `durable`: one that keeps what
 * it acknowledged, as in production. `standby`: two of them, the second a synchronous standby of the first. Rejects with what the server said.
 */
export async function startPostgres({ durable = false, standby = false } = {}): Promise<OwnServer> {
  const script = fileURLToPath(new URL('postgres-keeper.ts', import.meta.url));
  // Detached: Ctrl-C reaches the tests first, and the server goes after them.
  const wishes = [...(durable ? ['--durable'] : []), ...(standby ? ['--standby'] : [])];
  const keeper = spawn(process.execPath, [script, ...wishes], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => keeper.once('exit', () => resolve()));
  let trouble = '';
  keeper.stderr.on('data', (chunk: Buffer) => {
    trouble += chunk.toString();
  });
  const answers = createInterface({ input: keeper.stdout });
  const answer = () =>
    new Promise<string>((resolve, reject) => {
      const fail = () => reject(new Error(`no PostgreSQL: ${trouble}`));
      keeper.once('exit', fail);
      answers.once('line', (line) => {
        keeper.off('exit', fail);
        resolve(line);
      });
    });
  const server = JSON.parse(await answer()) as Server & Pick<OwnServer, 'standby'>;
  // It must not keep this process alive: its end is what tells the keeper to stop.
  keeper.unref();
  for (const stream of [keeper.stdin, keeper.stdout, keeper.stderr]) if (stream instanceof Socket) stream.unref();
  const order = async (act: string) => {
    keeper.ref();
    keeper.stdin.write(`${act}\n`);
    await answer();
    keeper.unref();
  };
  return {
    ...server,
    crash: () => order('crash'),
    kill: () => order('kill'),
    recover: () => order('recover'),
    async stop() {
      keeper.ref();
      keeper.stdin.end();
      await ended;
    },
  };
}

/** Makes the server known to the processes started from here. */
export function share(server: Server): void {
  process.env[shared] = JSON.stringify(server);
}

let own: Promise<Server> | undefined;

/** The server of the whole run, or where there is none, one for this file. */
function postgresServer(): Promise<Server> {
  const given = process.env[shared];
  if (given !== undefined) return Promise.resolve(JSON.parse(given) as Server);
  own ??= startPostgres();
  return own;
}

/** One statement over a connection of its own. */
export async function ask(url: string, text: string, values: readonly unknown[] = []) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows as readonly Readonly<Record<string, unknown>>[];
  } finally {
    await client.end();
  }
}

/** A connection that stays, for several statements of one transaction. One that breaks is told by its next statement alone. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** An empty database on the server. */
export async function testDatabase(server?: Server): Promise<TestDatabase> {
  const { url: root } = server ?? (await postgresServer());
  const name = `t${randomUUID().replaceAll('-', '')}`;
  await ask(`${root}/postgres`, `CREATE DATABASE ${name}`);
  const url = `${root}/${name}`;
  return {
    url,
    query: (text, values) => ask(url, text, values),
    drop: async () => void (await ask(`${root}/postgres`, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}
