import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Balancer, startBalancer } from '../support/balancer.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';
import { type Deployment, deployment, startServe } from '../support/serve.ts';
import type { Usher } from '../support/usher.ts';

/** Several nodes on one PostgreSQL database, behind one address. */
export interface Fleet {
  readonly balancer: Balancer;
  readonly nodes: readonly Usher[];
  readonly deployed: Deployment;
  /** Starts one more at the same address, and gives it its turns. */
  add(): Promise<Usher>;
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

/**
 * From here on every request of this process has a connection of its own, so that the balancer hands each to another node: connections
 * that are kept would lead a client to one node for ever.
 */
function connectEachTime(): void {
  const plain = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('connection', 'close');
    return plain(input, { ...init, headers });
  };
}

export async function startFleet(size: number): Promise<Fleet> {
  connectEachTime();
  const database: TestDatabase = await testDatabase();
  const [deployed, balancer] = await Promise.all([deployment(database.url), startBalancer()]);
  const publicUrl = `https://localhost:${balancer.port}`;
  let nodes: readonly Usher[] = [];
  const all: Usher[] = [];
  const share = (): void => balancer.use(nodes.map(({ port }) => port));

  async function add(): Promise<Usher> {
    const node = await startServe(deployed, { publicUrl });
    all.push(node);
    nodes = [...nodes, node];
    share();
    return node;
  }

  await Promise.all(Array.from({ length: size }, add));
  return {
    balancer,
    deployed,
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
    },
  };
}
