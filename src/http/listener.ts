import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import { type Answering, answerRequest } from './answering.ts';
import { connectionPlaces } from './capacity.ts';
import { type Patience, watchConnections } from './connections.ts';
import { type Proxies, senders } from './forwarded.ts';
import { createHttpServer, renewTls, type Tls } from './server.ts';

/** How long the server waits, in milliseconds. */
export interface Timeouts {
  /** For the TLS handshake. */
  readonly handshake: number;
  /** For all headers of a request. */
  readonly headers: number;
  /** For a whole request, its body included. */
  readonly request: number;
  /** While nothing moves on a connection in the middle of a request, e.g. because its answer is not read; longer than any answer takes to begin. */
  readonly stalled: number;
  /** For an answer to be taken, however slowly it moves; what the system keeps of it on its way, some megabytes, counts as taken. */
  readonly taking: number;
  /** For the next request on a connection. */
  readonly idle: number;
  /** For requests under way when the listener closes. */
  readonly drain: number;
}

export interface ListenerOptions extends Omit<Answering, 'senderOf'> {
  /** Absent: plain HTTP, for the trusted proxies alone. */
  readonly tls?: Tls | undefined;
  /** Nobody is believed whom a request is from when absent. */
  readonly proxies?: Proxies | undefined;
  readonly timeouts?: Partial<Timeouts>;
  /** Connections at once; absent: as many as one process alone can do with. */
  readonly places?: number;
}

export interface Listener {
  /** Port 0 takes any free one. Rejects with Node's error (`EADDRINUSE`, `EACCES`) when it cannot listen. */
  listen(host: string, port: number): Promise<{ readonly port: number }>;
  /** From now on every answer is the last one of its connection, and says so. */
  retire(): void;
  /** Open connections. */
  connections(): number;
  /** Stops accepting, answers what is under way, closes after `timeouts.drain` at the latest. */
  close(): Promise<void>;
  /** Shows another certificate from now on. */
  renew(tls: Tls): void;
}

const usual: Timeouts = {
  handshake: 5_000,
  headers: 10_000,
  request: 30_000,
  stalled: 60_000,
  taking: 60_000,
  idle: 10_000,
  drain: 25_000,
};

/** All of one request's headers in bytes; cookies and the longest authorize URL of MSAL fit several times. */
const maxHeaderBytes = 32_768;
const noProxies: Proxies = { trusted: [], hops: 0 };

/** What could not be parsed as HTTP never reaches a face; the connection cannot be used further. */
function refuseMalformed(error: Error & { readonly code?: string }, socket: Socket): void {
  const status =
    { HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large', ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout' }[
      error.code ?? ''
    ] ?? '400 Bad Request';
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}

function createServer(tls: Tls | undefined, timeouts: Timeouts, handle: RequestListener): Server {
  const reading = {
    handshakeTimeout: timeouts.handshake,
    headersTimeout: timeouts.headers,
    requestTimeout: timeouts.request,
    keepAliveTimeout: timeouts.idle,
    connectionsCheckingInterval: Math.min(1_000, timeouts.headers),
    maxHeaderSize: maxHeaderBytes,
  };
  const server = createHttpServer(tls, reading, handle);
  server.on('clientError', refuseMalformed);
  // A peer that vanished, or takes nothing of its answer, would keep it for good.
  server.timeout = timeouts.stalled;
  return server;
}

/** A second more than Node allows by itself, which answers where something can be said. */
const patienceOf = ({ handshake, headers, idle, taking }: Timeouts): Patience => ({
  handshake: handshake + 1_000,
  waiting: idle + headers + 1_000,
  taking,
});

/** The one public listener in front of the faces. Speaks HTTP/1.1; knows no protocol above it. */
export function createListener(given: ListenerOptions): Listener {
  const timeouts = { ...usual, ...given.timeouts };
  const options = { ...given, senderOf: senders(given.proxies ?? noProxies) };
  let closing: Promise<void> | undefined;
  let isRetired = false;
  const server = createServer(given.tls, timeouts, (request, out) => {
    if (!connections.begin(request, out)) return;
    answerRequest(request, out, options, () => isRetired).catch((error: unknown) => {
      options.observe({ kind: 'warning', message: 'An answer could not be written.', error });
      out.destroy();
    });
  });
  const connections = watchConnections(server, patienceOf(timeouts), given.places ?? connectionPlaces());
  // Node's own idea of an idle connection, which closing the server acts on, includes one that still takes its answer.
  server.closeIdleConnections = connections.closeIdle;

  const close = async (): Promise<void> => {
    const timer = setTimeout(connections.closeAll, timeouts.drain);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await closed.finally(() => clearTimeout(timer));
  };
  return {
    async listen(host, port) {
      server.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port });
      await once(server, 'listening');
      const address = server.address();
      return { port: typeof address === 'object' && address !== null ? address.port : port };
    },
    retire() {
      isRetired = true;
    },
    connections: connections.open,
    close() {
      isRetired = true;
      closing ??= close();
      return closing;
    },
    renew: (tls) => renewTls(server, tls),
  };
}
