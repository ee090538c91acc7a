import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault, isMalfunction, isUuid, newId, type Observe, type Trace, untraced } from '../kernel/index.ts';
import { bodyOnce } from './body.ts';
import type { Exchange, Face, Reply } from './face.ts';
import { faults } from './faults.ts';
import { absoluteUrl } from './origin.ts';
import { commonHeaders, plainReply, sendReply } from './reply.ts';

/** Who answers requests, and to whom it is told what they come to. */
export interface Answering {
  /** Asked in this order; the first one that answers the URL handles the request. */
  readonly faces: readonly Face[];
  readonly senderOf: (request: IncomingMessage) => string;
  /** Public origins the server answers for, e.g. `https://localhost:8443`; asked at every request. */
  readonly origins: () => readonly string[];
  readonly bodyLimitBytes: number;
  readonly observe: Observe;
  /** Nothing is traced when absent. */
  readonly trace?: Trace;
  readonly notFound: (exchange: Exchange) => Reply | Promise<Reply>;
}

/** What is told of a request; its address and route are known once they were read. */
interface Told {
  readonly method: string;
  readonly correlationId: string;
  route: string;
  url: URL | undefined;
}

/** Of a request that no face answers. */
const noRoute = '/…';

function correlationOf({ headers }: IncomingMessage): string {
  const given = headers['client-request-id'];
  return typeof given === 'string' && isUuid(given) ? given.toLowerCase() : newId();
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

/** What the first face that answers the address says. Throws `http.malformed`, `http.misdirected` and what the face throws. */
function replyTo(request: IncomingMessage, told: Told, options: Answering): Reply | Promise<Reply> {
  const remoteAddress = options.senderOf(request);
  const url = absoluteUrl(request, options.origins());
  told.url = url;
  const face = options.faces.find((candidate) => candidate.answers(url));
  if (face) told.route = face.routeOf?.(url) ?? `/{${face.name}}`;
  const exchange: Exchange = {
    method: told.method,
    url,
    headers: request.headers,
    body: bodyOnce(request, options.bodyLimitBytes),
    remoteAddress,
    correlationId: told.correlationId,
    route: told.route,
  };
  if (!face?.decodesPaths && isBroken(request)) {
    throw faults.malformed({ reason: 'its path has a broken escape sequence' });
  }
  return face ? face.handle(exchange) : options.notFound(exchange);
}

/** Writes what the faces say. A fault is told; of a defect nothing but the correlation id. */
async function answerTold(
  request: IncomingMessage,
  out: ServerResponse,
  told: Told,
  options: Answering,
  isLast: () => boolean,
): Promise<void> {
  let reply: Reply;
  try {
    reply = await replyTo(request, told, options);
  } catch (error) {
    const { correlationId, route } = told;
    if (isMalfunction(error)) options.observe({ kind: 'http.failed', route, correlationId, error });
    reply = plainReply(error instanceof Fault ? error : undefined, correlationId);
  }
  // Node would otherwise read the unread rest of the body just to keep the connection.
  const closes = isLast() || !request.complete;
  const common = commonHeaders(told.url);
  const headers = closes ? { ...common, connection: 'close' } : common;
  await sendReply({ method: told.method, headers: request.headers }, reply, out, headers);
}

/** The same in a span of its own. */
function answerTraced(
  trace: Trace,
  out: ServerResponse,
  told: Told,
  headers: IncomingMessage['headers'],
  answer: () => Promise<void>,
): Promise<void> {
  const { method, correlationId } = told;
  const facts = { 'http.request.method': method, 'usher.correlation_id': correlationId };
  return trace.span({ name: method, kind: 'server', facts, headers }, async (span) => {
    await answer();
    span.tell({ 'http.route': told.route, 'http.response.status_code': out.statusCode });
    if (out.statusCode >= 500) span.failed(String(out.statusCode));
  });
}

/**
 * Answers one request. `isLast` says, when the answer is written, whether its connection ends with it. Rejects when it could not be written.
 */
export function answerRequest(
  request: IncomingMessage,
  out: ServerResponse,
  options: Answering,
  isLast: () => boolean,
): Promise<void> {
  const { observe, trace = untraced } = options;
  const told: Told = {
    // A request that was parsed has one.
    method: request.method ?? 'GET',
    correlationId: correlationOf(request),
    route: noRoute,
    url: undefined,
  };
  const began = performance.now();
  const tell = (): void => {
    const { method, route, correlationId } = told;
    const milliseconds = Math.round((performance.now() - began) * 10) / 10;
    observe({ kind: 'http.answered', method, route, status: out.statusCode, milliseconds, correlationId });
  };
  const answer = () => {
    out.on('close', trace.bound(tell));
    return answerTold(request, out, told, options, isLast);
  };
  return trace === untraced ? answer() : answerTraced(trace, out, told, request.headers, answer);
}
