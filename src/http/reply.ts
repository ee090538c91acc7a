import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Fault } from '../kernel/index.ts';
import { chooseCoding, compress, compressible, compressOnce } from './compress.ts';
import type { Exchange, Reply } from './face.ts';
import { retryAfterOf } from './retry-after.ts';

/** Statuses that carry no content (RFC 9110 §15.3.5, §15.4.5). */
const empty = new Set([204, 304]);

/** One year; loopback names never get it, since a browser would then refuse every other local server on plain HTTP. */
const strictTransport = 'max-age=31536000';

const loopback = /^(localhost|127\.0\.0\.1|\[::1\]|.*\.localhost)$/;

type Headers = NonNullable<Reply['headers']>;

const everywhere: Headers = { 'x-content-type-options': 'nosniff' };
const remotely: Headers = { ...everywhere, 'strict-transport-security': strictTransport };

/** What every answer carries, whoever gives it. */
export const commonHeaders = (url: URL | undefined): Headers =>
  url !== undefined && !loopback.test(url.hostname) ? remotely : everywhere;

interface Content {
  /** As `latin1`: each character is a byte. */
  readonly bytes: Buffer | string;
  readonly charset: 'utf8' | 'latin1';
  readonly headers: Headers;
}

const sizeOf = (body: Buffer | string): number => (typeof body === 'string' ? Buffer.byteLength(body) : body.length);

const cheapestFirst = ['gzip', 'br'] as const;

/** What is sent of a body of this size. A promise only where the work is another thread's. */
function contentOf(reply: Reply, size: number, acceptEncoding: string | undefined): Content | Promise<Content> {
  const { body = '', gzipped, headers = {} } = reply;
  const asItIs = { bytes: body, charset: 'utf8' } as const;
  if (headers['content-encoding'] !== undefined || !compressible(String(headers['content-type'] ?? ''), size)) {
    return { ...asItIs, headers: {} };
  }
  const given = headers['vary'];
  const vary = [...(given === undefined ? [] : [given].flat()), 'Accept-Encoding'].join(', ');
  const coding = chooseCoding(acceptEncoding, gzipped && cheapestFirst);
  if (coding === undefined) return { ...asItIs, headers: { vary } };
  const more = { vary, 'content-encoding': coding };
  if (gzipped && coding === 'gzip') return { bytes: gzipped(), charset: 'latin1', headers: more };
  const coded = typeof body === 'string' ? compress(Buffer.from(body), coding) : compressOnce(body, coding);
  return coded.then((bytes) => ({ bytes, charset: 'utf8', headers: more }));
}

/** When it is worth asking again what cannot be answered now, unless the face knows better (RFC 9110 §10.2.3). */
const retryAfterSeconds = '1';

/** Bytes up to which a copy costs less than a second write to the socket. */
const soonCopied = 16 * 1024;

/** Head and body leave in one write: as one text, since Node writes a buffer behind the head for itself. */
function end(out: ServerResponse, { bytes, charset }: Content): void {
  if (typeof bytes === 'string') out.end(bytes, charset);
  else if (bytes.length > soonCopied) out.end(bytes);
  else out.end(bytes.toString('latin1'), 'latin1');
}

const lengthOf = ({ bytes, charset }: Content): number =>
  typeof bytes === 'string' ? Buffer.byteLength(bytes, charset) : bytes.length;

/** Writes what a face answered, over the headers that are `common`: length, coding, and for HEAD the headers alone (RFC 9110 §9.3.2). */
export async function sendReply(
  exchange: Pick<Exchange, 'method' | 'headers'>,
  reply: Reply,
  out: ServerResponse,
  common: Headers,
): Promise<void> {
  const { status, body = '' } = reply;
  const head: Record<string, string | readonly string[]> = { ...common, ...reply.headers };
  if (status === 503) head['retry-after'] ??= retryAfterSeconds;
  if (empty.has(status)) {
    out.writeHead(status, head as OutgoingHttpHeaders).end();
    return;
  }
  const size = sizeOf(body);
  const found = contentOf(reply, size, exchange.headers['accept-encoding']);
  const content = found instanceof Promise ? await found : found;
  Object.assign(head, content.headers);
  head['content-length'] = String(content.bytes === body ? size : lengthOf(content));
  if (size > 0) head['content-type'] ??= 'application/octet-stream';
  out.writeHead(status, head as OutgoingHttpHeaders);
  if (exchange.method === 'HEAD') out.end();
  else end(out, content);
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
