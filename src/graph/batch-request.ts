import { fold } from '../model/index.ts';
import { faults } from './faults.ts';
import { headerElements } from './header-list.ts';
import { isObject, type Json } from './json.ts';

/** One request of a batch, as text with its form checked. */
export interface BatchItem {
  /** As it was written; compared without regard to case. */
  readonly id: string;
  readonly method: string;
  /** Below the version. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Folded ids of the requests that have to succeed before. */
  readonly dependsOn: readonly string[];
}

/** Requests of one batch (Graph contract c.7). */
export const mostRequests = 20;
const mostHeaders = 50;
const longest = { id: 256, url: 16_384, header: 8_192 } as const;

/** Methods that the service wants a body from inside a batch, if only `{}` (Graph contract d.8). */
const writes: ReadonlySet<string> = new Set(['POST', 'PATCH', 'PUT']);

const token = /^[!#$%&'*+.^_`|~\w-]{1,256}$/;
const control = /\p{Cc}/u;
const base64 = /^[\w+/-]*={0,2}$/;

const address = /^\/[^/]+\/(?:\$|%24)batch\/?$/i;

/** True for `/{version}/$batch`. */
export const isBatch = ({ pathname }: URL): boolean => address.test(pathname);

/** The requests of a batch. Throws `graph.badBatch`, `graph.repeatedId`, `graph.bodyless`, `graph.badDependency`. */
export function readBatch(body: Json): readonly BatchItem[] {
  const { requests } = body;
  if (!Array.isArray(requests) || requests.length === 0) throw bad("'requests' must be a list of requests");
  if (requests.length > mostRequests) throw bad(`It holds more than ${mostRequests} requests`);
  const items = requests.map(readItem);
  const known = new Set<string>();
  for (const { id } of items) {
    if (known.has(fold(id))) throw faults.repeatedId({ id });
    known.add(fold(id));
  }
  checkOrder(items);
  return items;
}

const bad = (reason: string) => faults.badBatch({ reason });

function readItem(given: unknown, at: number): BatchItem {
  const where = `Request ${at + 1}`;
  if (!isObject(given)) throw bad(`${where} is not an object`);
  const { id, method, url, dependsOn, atomicityGroup } = given;
  if (typeof id !== 'string' || id === '' || id.length > longest.id) throw bad(`${where} has no 'id'`);
  if (typeof method !== 'string' || !token.test(method)) throw bad(`${where} has no 'method'`);
  if (typeof url !== 'string' || url === '' || url.length > longest.url) throw bad(`${where} has no 'url'`);
  // Graph has no atomic groups; to run one as if it were none would break its promise.
  if (atomicityGroup !== undefined) throw bad(`${where} wants an 'atomicityGroup', which is not supported`);
  const headers = readHeaders(given['headers'], where);
  const body = readBody(given['body'], headers['content-type'], where);
  if (isBodyless(method, headers, body)) throw faults.bodyless({ id });
  return {
    id,
    method: method.toUpperCase(),
    url,
    headers,
    ...(body === undefined ? {} : { body }),
    dependsOn: readDependencies(dependsOn, where),
  };
}

const isBodyless = (method: string, headers: BatchItem['headers'], body: Buffer | undefined): boolean =>
  body === undefined ? writes.has(method.toUpperCase()) : headers['content-type'] === undefined;

function readHeaders(given: unknown, where: string): BatchItem['headers'] {
  if (given === undefined || given === null) return {};
  if (!isObject(given)) throw bad(`The 'headers' of ${where.toLowerCase()} are not an object`);
  const entries = Object.entries(given);
  if (entries.length > mostHeaders) throw bad(`${where} has more than ${mostHeaders} headers`);
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of entries) {
    const valid = typeof value === 'string' && value.length <= longest.header && !control.test(value);
    const key = name.toLowerCase();
    if (!token.test(name) || !valid || key in headers) throw bad(`${where} has a header that cannot be read`);
    headers[key] = value;
  }
  return headers;
}

/** JSON stands in a batch as itself, everything else as base64url. */
function readBody(given: unknown, contentType: string | undefined, where: string): Buffer | undefined {
  if (given === undefined || given === null) return undefined;
  const type = headerElements(contentType ?? '')[0]?.name ?? 'application/json';
  if (type === 'application/json' || type.endsWith('+json')) return Buffer.from(JSON.stringify(given, inRange));
  if (typeof given === 'string' && base64.test(given)) return Buffer.from(given, 'base64url');
  throw bad(`The 'body' of ${where.toLowerCase()} must be a base64url-encoded text, since it is not JSON`);
}

/** A number beyond all doubles would be written as null, which means something else. */
function inRange(_: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw bad('It holds a number that is out of range');
  return value;
}

function readDependencies(given: unknown, where: string): readonly string[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given) || given.length > mostRequests || !given.every((id) => typeof id === 'string')) {
    throw bad(`'dependsOn' of ${where.toLowerCase()} must be a list of ids`);
  }
  return [...new Set(given.map(fold))];
}

/** Takes away what depends on nothing that is left, until nothing is left; what stays is a circle. */
function checkOrder(items: readonly BatchItem[]): void {
  const ids = new Set(items.map(({ id }) => fold(id)));
  for (const { id, dependsOn } of items) {
    if (!dependsOn.every((other) => ids.has(other))) throw faults.badDependency({ id });
  }
  let left = items;
  while (left.length > 0) {
    const waiting = new Set(left.map(({ id }) => fold(id)));
    const stuck = left.filter(({ dependsOn }) => dependsOn.some((other) => waiting.has(other)));
    if (stuck.length === left.length) throw faults.badDependency({ id: stuck[0]?.id });
    left = stuck;
  }
}
