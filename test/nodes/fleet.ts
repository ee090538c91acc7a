import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Balancer, startBalancer } from '../support/balancer.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';
import { type Deployment, deployment, startServe } from '../support/serve.ts';
import { codeIn, type MailServer, startMailServer } from '../support/smtp.ts';
import type { Usher } from '../support/usher.ts';

/** Several nodes on one PostgreSQL database, behind one address. */
export interface Fleet {
  readonly balancer: Balancer;
  readonly nodes: readonly Usher[];
  /** All of them together, as people meet them: each request is another node's. Letters are what any of them has mailed. */
  readonly front: Usher;
  /** Requests of this work are all this node's. */
  at<T>(node: Usher, work: () => Promise<T>): Promise<T>;
  readonly deployed: Deployment;
  /** Starts one more at the same address, and gives it its turns. `folder`: where its program lies; absent: here. */
  add(folder?: string): Promise<Usher>;
  /** It gets no new connections; those it has stay. */
  retire(node: Usher): void;
  /** One statement from outside of the product. */
  query: TestDatabase['query'];
  /** `usher …` on the database, beside the nodes. Rejects when it fails. */
  command(...words: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('../../bin/usher.mjs', import.meta.url));
const execute = promisify(execFile);

/** The port of the node that requests go to, whatever the balancer would choose. */
const aim = new AsyncLocalStorage<number>();

/** A request to one node by the address that all of them have: `fetch` has no way to say so. Redirects are not followed. */
async function ask(asked: Request, port: number): Promise<Response> {
  const url = new URL(asked.url);
  const headers = { ...Object.fromEntries(asked.headers), host: url.host };
  const { method } = asked;
  const sent = request({ host: url.hostname, port, path: url.pathname + url.search, method, headers, agent: false });
  sent.end(Buffer.from(await asked.arrayBuffer()));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const answered = new Headers();
  const lines = answer.rawHeaders;
  for (let at = 0; at < lines.length; at += 2) answered.append(lines[at] ?? '', lines[at + 1] ?? '');
  const body = await buffer(answer);
  const status = answer.statusCode ?? 0;
  return new Response(body.length > 0 ? new Uint8Array(body) : null, { status, headers: answered });
}

/**
 * From here on every request of this process has a connection of its own, so that the balancer hands each to another node: connections
 * that are kept would lead a client to one node for ever.
 */
function connectEachTime(publicUrl: string): void {
  const plain = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('connection', 'close');
    const port = aim.getStore();
    const url = new URL(input instanceof Request ? input.url : input);
    if (port === undefined || url.origin !== publicUrl) return plain(input, { ...init, headers });
    return ask(new Request(input, init), port);
  };
}

/** What a node is told besides where it listens: to mail through this server, and to call whatever else is on this machine. */
const flagsFor = ({ port }: MailServer): readonly string[] => [
  ...['--smtp-url', `smtp://127.0.0.1:${port}?tls=off`, '--mail-from', 'no-reply@usher.example'],
  ...['--outside-allow', 'localhost', '--outside-allow', '127.0.0.1'],
];

function frontOf(first: Usher, mail: MailServer): Usher {
  return {
    ...first,
    async code(email) {
      const letter = mail.received.findLast(({ to }) => to.includes(email));
      return codeIn(letter, email);
    },
  };
}

/** `on`: absent, an empty database of the tests' own server. */
export async function startFleet(size: number, on?: TestDatabase): Promise<Fleet> {
  const ends: (() => unknown)[] = [];
  const mail = await startMailServer(
    { after: (end) => void ends.push(end) },
    // Its certificate, which nobody looks at, would be taken for that of the nodes: both are of `localhost`.
    { untrusted: true, disabledCommands: ['STARTTLS', 'AUTH'] },
  );
  const database: TestDatabase = on ?? (await testDatabase());
  const [deployed, balancer] = await Promise.all([deployment(database.url), startBalancer()]);
  const publicUrl = `https://localhost:${balancer.port}`;
  connectEachTime(publicUrl);
  let nodes: readonly Usher[] = [];
  const all: Usher[] = [];
  const share = (): void => balancer.use(nodes.map(({ port }) => port));

  async function add(folder?: string): Promise<Usher> {
    const at = folder === undefined ? {} : { folder };
    const node = await startServe(deployed, { publicUrl, args: flagsFor(mail), ...at });
    all.push(node);
    nodes = [...nodes, node];
    share();
    return node;
  }

  const [first] = await Promise.all(Array.from({ length: size }, () => add()));
  assert.ok(first);
  return {
    balancer,
    deployed,
    front: frontOf(first, mail),
    at: (node, work) => aim.run(node.port, work),
    get nodes() {
      return nodes;
    },
    add,
    retire(node) {
      nodes = nodes.filter((one) => one !== node);
      share();
    },
    query: database.query,
    async command(...words) {
      const flags = ['--database', deployed.database, '--encryption-key', deployed.key];
      return (await execute(process.execPath, [program, ...words, ...flags])).stdout;
    },
    async stop() {
      await balancer.close();
      await Promise.all(all.map((node) => node.stop()));
      await database.drop();
      for (const end of ends) await end();
    },
  };
}
