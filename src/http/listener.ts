import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Fault, isMalfunction, isUuid, newId, type Observe, type Trace, untraced } from '../kernel/index.ts';
import { bodyOnce } from './body.ts';
import { watchConnections } from './connections.ts';
import { type Exchange, type Face, type Reply, taken } from './face.ts';
import { faults } from './faults.ts';
import { type Proxies, senders } from './forwarded.ts';
import { absoluteUrl } from './origin.ts';
import { commonHeaders, plainReply, sendReply } from './reply.ts';
import { createHttpServer, renewTls, type Tls } from './server.ts';

/** How long the server waits, in milliseconds. */
export interface Timeouts {
  /** For the TLS handshake. */
  readonly handshake: number;
  /** For all headers of a request. */
  readonly headers: number;
  /** For a whole request, its body included. */
  readonly request: number;
  /** For the next request on a connection. */
  readonly idle: number;
  /** For requests under way when the listener closes. */
  readonly drain: number;
}

export interface ListenerOptions {
  /** Asked in this order; the first one that answers the URL handles the request. */
  readonly faces: readonly Face[];
  /** Absent: plain HTTP, for the trusted proxies alone. */
  readonly tls?: Tls | undefined;
  /** Nobody is believed whom a request is from when absent. */
  readonly proxies?: Proxies | undefined;
  /** Public origins the server answers for, e.g. `https://localhost:8443`; asked at every request. */
  readonly origins: () => readonly string[];
  readonly bodyLimitBytes: number;
  readonly observe: Observe;
  /** Nothing is traced when absent. */
  readonly trace?: Trace;
  readonly notFound: (exchange: Exchange) => Reply | Promise<Reply>;
  readonly timeouts?: Partial<Timeouts>;
}

export interface Listener {
  /** Port 0 takes any free one. Rejects with Node's error (`EADDRINUSE`, `EACCES`) when it cannot listen. */
  listen(host: string, port: number): Promise<{ readonly port: number }>;
  /** Stops accepting, answers what is under way, closes after `timeouts.drain` at the latest. */
  close(): Promise<void>;
  /** Shows another certificate from now on. */
  renew(tls: Tls): void;
}

const usual: Timeouts = { handshake: 5_000, headers: 10_000, request: 30_000, idle: 10_000, drain: 25_000 };

/** All of one request's headers in bytes; cookies and the longest authorize URL of MSAL fit several times. */
const maxHeaderBytes = 32_768;
const maxConnections = 10_000;
const noProxies: Proxies = { trusted: [], hops: 0 };

/** To whom it is told what requests come to. */
interface Telling {
  readonly observe: Observe;
  readonly trace: Trace;
}

interface Known {
  readonly url: URL;
  readonly remoteAddress: string;
  readonly route: string;
  readonly correlationId: string;
}

/** A request that was parsed has one. */
const methodOf = ({ method = 'GET' }: IncomingMessage): string => method;

function exchangeOf(request: IncomingMessage, out: ServerResponse, known: Known, limitBytes: number): Exchange {
  return {
    ...known,
    method: methodOf(request),
    headers: request.headers,
    body: bodyOnce(request, limitBytes),
    raw: { request, response: out },
  };
}

function correlationOf(request: IncomingMessage): string {
  const given = request.headers['client-request-id'];
  return typeof given === 'string' && isUuid(given) ? given.toLowerCase() : newId();
}

/** What is told of a request; its route is known once its address was read. */
interface Told {
  readonly correlationId: string;
  route: string;
}

/** Of a request that no face answers. */
const noRoute = '/…';

function observeAnswer(request: IncomingMessage, out: ServerResponse, told: Told, { observe, trace }: Telling): void {
  const started = performance.now();
  const tell = (): void =>
    observe({
      kind: 'http.answered',
      method: methodOf(request),
      route: told.route,
      status: out.statusCode,
      milliseconds: Math.round((performance.now() - started) * 10) / 10,
      correlationId: told.correlationId,
    });
  out.once('close', trace.bound(tell));
}

/** Writes what `find` resolves to. A fault is told; of a defect nothing but the correlation id. */
async function answerWith(
  request: IncomingMessage,
  out: ServerResponse,
  find: (told: Told) => Promise<Reply | typeof taken>,
  telling: Telling,
): Promise<void> {
  const told: Told = { correlationId: correlationOf(request), route: noRoute };
  const method = methodOf(request);
  const { headers } = request;
  const facts = { 'http.request.method': method, 'usher.correlation_id': told.correlationId };
  const start = { name: method, kind: 'server', facts, headers } as const;
  await telling.trace.span(start, async (span) => {
    await answerTold(request, out, { find: () => find(told), told, telling });
    span.tell({ 'http.route': told.route, 'http.response.status_code': out.statusCode });
    if (out.statusCode >= 500) span.failed(String(out.statusCode));
  });
}

async function answerTold(
  request: IncomingMessage,
  out: ServerResponse,
  {
    find,
    told,
    telling,
  }: { readonly find: () => Promise<Reply | typeof taken>; readonly told: Told; readonly telling: Telling },
): Promise<void> {
  const { correlationId } = told;
  observeAnswer(request, out, told, telling);
  let reply: Reply | typeof taken;
  try {
    setHeaders(out, commonHeaders(undefined));
    reply = await find();
  } catch (error) {
    const fault = error instanceof Fault ? error : undefined;
    if (isMalfunction(error)) telling.observe({ kind: 'http.failed', route: told.route, correlationId, error });
    reply = plainReply(fault, correlationId);
  }
  if (reply === taken || out.headersSent) return;
  // Node would otherwise read the unread rest of the body just to keep the connection.
  if (!request.complete) out.setHeader('connection', 'close');
  await sendReply({ method: methodOf(request), headers: request.headers }, reply, out);
}

function setHeaders(out: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) out.setHeader(name, value);
}

interface Dispatching extends ListenerOptions {
  readonly senderOf: (request: IncomingMessage) => string;
}

/** True when the path has an escape sequence that cannot be decoded. */
function isBroken({ url = '' }: IncomingMessage): boolean {
  const [path = ''] = url.split('?', 1);
  if (!path.includes('%')) return false;
  try {
    decodeURI(path);
    return false;
  } catch {
    return true;
  }
}

function dispatch(request: IncomingMessage, out: ServerResponse, options: Dispatching): Promise<void> {
  const { observe, trace = untraced } = options;
  const find = async (told: Told): Promise<Reply | typeof taken> => {
    const remoteAddress = options.senderOf(request);
    const url = absoluteUrl(request, options.origins());
    setHeaders(out, commonHeaders(url));
    const face = options.faces.find((candidate) => candidate.answers(url));
    if (face) told.route = face.routeOf?.(url) ?? `/{${face.name}}`;
    const { route, correlationId } = told;
    const exchange = exchangeOf(request, out, { url, remoteAddress, route, correlationId }, options.bodyLimitBytes);
    if (!face?.decodesPaths && isBroken(request))
      throw faults.malformed({ reason: 'its path has a broken escape sequence' });
    return face ? face.handle(exchange) : options.notFound(exchange);
  };
  return answerWith(request, out, find, { observe, trace });
}

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

function createServer(options: Dispatching, timeouts: Timeouts, isClosing: () => boolean): Server {
  const reading = {
    handshakeTimeout: timeouts.handshake,
    headersTimeout: timeouts.headers,
    requestTimeout: timeouts.request,
    keepAliveTimeout: timeouts.idle,
    connectionsCheckingInterval: Math.min(1_000, timeouts.headers),
    maxHeaderSize: maxHeaderBytes,
  };
  const server = createHttpServer(options.tls, reading, (request, out) => {
    if (isClosing()) out.setHeader('connection', 'close');
    dispatch(request, out, options).catch((error: unknown) => {
      options.observe({ kind: 'warning', message: 'An answer could not be written.', error });
      out.destroy();
    });
  });
  server.on('clientError', refuseMalformed);
  server.maxConnections = maxConnections;
  return server;
}

/** The one public listener in front of the faces. Speaks HTTP/1.1; knows no protocol above it. */
export function createListener(given: ListenerOptions): Listener {
  const timeouts = { ...usual, ...given.timeouts };
  const options = { ...given, senderOf: senders(given.proxies ?? noProxies) };
  let closing: Promise<void> | undefined;
  const server = createServer(options, timeouts, () => closing !== undefined);
  const connections = watchConnections(server);

  const close = async (): Promise<void> => {
    const timer = setTimeout(connections.closeAll, timeouts.drain);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    connections.closeIdle();
    await closed.finally(() => clearTimeout(timer));
  };
  return {
    async listen(host, port) {
      server.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port });
      await once(server, 'listening');
      const address = server.address();
      return { port: typeof address === 'object' && address !== null ? address.port : port };
    },
    close() {
      closing ??= close();
      return closing;
    },
    renew: (tls) => renewTls(server, tls),
  };
}
