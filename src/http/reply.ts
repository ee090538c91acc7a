import type { ServerResponse } from 'node:http';
import type { Fault } from '../kernel/index.ts';
import { chooseCoding, compress, compressible, compressOnce } from './compress.ts';
import type { Exchange, Reply } from './face.ts';
import { retryAfterOf } from './retry-after.ts';

/** Statuses that carry no content (RFC 9110 §15.3.5, §15.4.5). */
const empty = new Set([204, 304]);

/** One year; loopback names never get it, since a browser would then refuse every other local server on plain HTTP. */
const strictTransport = 'max-age=31536000';

const loopback = /^(localhost|127\.0\.0\.1|\[::1\]|.*\.localhost)$/;

/** Set before a face sees the request, so that also what a protocol library writes itself carries them. */
export function commonHeaders(url: URL | undefined): Readonly<Record<string, string>> {
  const remote = url !== undefined && !loopback.test(url.hostname);
  return { 'x-content-type-options': 'nosniff', ...(remote ? { 'strict-transport-security': strictTransport } : {}) };
}

interface Content {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

async function contentOf(reply: Reply, acceptEncoding: string | undefined): Promise<Content> {
  const bytes = typeof reply.body === 'string' ? Buffer.from(reply.body) : (reply.body ?? Buffer.alloc(0));
  const contentType = String(reply.headers?.['content-type'] ?? '');
  if (reply.headers?.['content-encoding'] !== undefined || !compressible(contentType, bytes.length)) {
    return { bytes, headers: {} };
  }
  const given = reply.headers?.['vary'];
  const vary = [...(given === undefined ? [] : [given].flat()), 'Accept-Encoding'].join(', ');
  const coding = chooseCoding(acceptEncoding);
  if (coding === undefined) return { bytes, headers: { vary } };
  const coded = bytes === reply.body ? compressOnce(bytes, coding) : compress(bytes, coding);
  return { bytes: await coded, headers: { vary, 'content-encoding': coding } };
}

/** When it is worth asking again what cannot be answered now, unless the face knows better (RFC 9110 §10.2.3). */
const retryAfterSeconds = '1';

/** Writes what a face answered: length, coding, and for HEAD the headers alone (RFC 9110 §9.3.2). */
export async function sendReply(
  exchange: Pick<Exchange, 'method' | 'headers'>,
  reply: Reply,
  out: ServerResponse,
): Promise<void> {
  out.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers ?? {})) out.setHeader(name, value);
  if (reply.status === 503 && !out.hasHeader('retry-after')) out.setHeader('retry-after', retryAfterSeconds);
  if (empty.has(reply.status)) {
    out.end();
    return;
  }
  const { bytes, headers } = await contentOf(reply, exchange.headers['accept-encoding']);
  for (const [name, value] of Object.entries(headers)) out.setHeader(name, value);
  out.setHeader('content-length', bytes.length);
  if (bytes.length > 0 && !out.hasHeader('content-type')) out.setHeader('content-type', 'application/octet-stream');
  out.end(exchange.method === 'HEAD' ? undefined : bytes);
}

/** For a fault that no face translated, and for defects, of which only the correlation id is told. */
export function plainReply(fault: Fault | undefined, correlationId: string): Reply {
  const message = fault === undefined || fault.status >= 500 ? 'Something went wrong on the server.' : fault.message;
  return {
    status: fault?.status ?? 500,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      ...(fault ? retryAfterOf(fault) : {}),
    },
    body: `${message}\nCorrelation ID: ${correlationId}\n`,
  };
}
