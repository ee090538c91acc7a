import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { watchConnections } from '../http/index.ts';
import type { ManagementPage, ManagementReply, Vitals } from './page.ts';

export interface ManagementOptions {
  readonly pages: readonly ManagementPage[];
  /** What every process of this server tells for a path. */
  ask(path: string): Promise<readonly unknown[]>;
}

/** Plain HTTP for probes and whoever collects metrics; shows no page to people and holds no secret. */
export interface Management {
  /** Port 0 takes any free one. Rejects with Node's error (`EADDRINUSE`, `EACCES`) when it cannot listen. */
  listen(host: string, port: number): Promise<{ readonly port: number }>;
  close(): Promise<void>;
}

/** Connections at once; one more takes the place of the one that has waited longest. */
const mostConnections = 100;
const maxHeaderSize = 8_192;
/** Milliseconds. */
const waits = {
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};
/** The same, whatever is sent meanwhile, and for an answer to be taken. */
const patience = { handshake: 5_000, waiting: 11_000, taking: 5_000 };

const plain = (status: number, words: string): ManagementReply => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body: `${words}\n`,
});

/** For a server that is one process: what it tells is all there is. */
export const ownVoice =
  (pages: readonly ManagementPage[], vitals: Vitals) =>
  async (path: string): Promise<readonly unknown[]> => {
    const page = pages.find((one) => one.path === path);
    return page ? [await page.tell(vitals)] : [];
  };

async function replyTo({ method, url = '' }: IncomingMessage, options: ManagementOptions): Promise<ManagementReply> {
  const page = options.pages.find(({ path }) => path === url.split('?', 1)[0]);
  if (!page) return plain(404, `There are ${options.pages.map(({ path }) => path).join(', ')}.`);
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'Use GET.');
  try {
    return page.answer(await options.ask(page.path));
  } catch {
    return plain(500, 'Something went wrong on the server.');
  }
}

async function answer(request: IncomingMessage, out: ServerResponse, options: ManagementOptions): Promise<void> {
  const { status, contentType, body } = await replyTo(request, options);
  const headers = { 'content-type': contentType, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  if (status === 405) out.setHeader('allow', 'GET, HEAD');
  // Nobody has anything to send here; a body that comes all the same is not read.
  if (!request.complete) out.setHeader('connection', 'close');
  out.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  out.end(request.method === 'HEAD' ? undefined : body);
}

function listening(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

export function createManagement(options: ManagementOptions): Management {
  const server = createServer({ ...waits, maxHeaderSize }, (request, out) => {
    if (connections.begin(request, out)) void answer(request, out, options);
  });
  const connections = watchConnections(server, patience, mostConnections);
  return {
    listen: async (host, port) => ({ port: await listening(server, host, port) }),
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.closeAll();
      return closed;
    },
  };
}
