import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import {
  type Allowance,
  allows,
  flawOfOutsideUrl,
  type Observe,
  type OutsideTarget,
  type SpanFacts,
  silent,
  type Trace,
  untraced,
} from '../../kernel/index.ts';
import { type ClientCredentials, type Connection, createConnections } from './connections.ts';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

/** A request to a server that somebody else has named in a setting. */
export interface OutsideRequest {
  /** What for, as metrics and traces tell it. */
  readonly target: OutsideTarget;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Shown to a server that asks who is calling (RFC 8446 §4.4.2). */
  readonly credentials?: ClientCredentials;
  /**
   * Keeps the connection for the next request of this purpose, e.g. of one setting of one tenant; nobody else's goes over it. Absent: it is
   * closed.
   */
  readonly purpose?: string;
  /** For everything together, from the name to the last byte. */
  readonly milliseconds: number;
  /** Largest answer that is read. */
  readonly bytes: number;
  /** Gives the call up, as if nobody could be reached. */
  readonly signal?: AbortSignal;
}

export type OutsideAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly contentType: string;
      /** Headers by which a copy is kept and asked for again (RFC 9111), as they came. */
      readonly etag?: string;
      readonly cacheControl?: string;
      readonly body: Buffer;
    }
  /** `reason` is for the operator: it may tell what stands in the server's network. */
  | { readonly kind: 'failed'; readonly cause: OutsideFailure; readonly reason: string };

/** `forbidden`: nobody was called, or the name leads inside. `unknownHost`: the name leads nowhere. */
export type OutsideFailure = 'forbidden' | 'timedOut' | 'tooLong' | 'unknownHost' | 'unreachable';

/**
 * Calls servers at addresses that an administrator of a tenant has chosen, who must not reach the operator's own network with it
 * (server-side request forgery). Public addresses only, checked after the name was resolved and pinned for the connection, so that a
 * name cannot mean one address when it is looked at and another when it is called. Redirects are answers, never followed.
 */
export interface Outside {
  send(request: OutsideRequest): Promise<OutsideAnswer>;
}

/** Says where a name leads, as `dns.lookup` does. */
type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface OutsideOptions {
  /** Development and tests: the machine itself may be called, over plain HTTP too. */
  readonly allowLoopback: boolean;
  /** What else may be called inside, as the operator says. */
  readonly allowances?: readonly Allowance[];
  /** Certificates of authorities that servers may have theirs from, besides those that Node trusts. PEM. */
  readonly authorities?: readonly string[];
  /** In place of the system's resolver. */
  readonly resolve?: Resolve;
  /** Told of every call. */
  readonly observe?: Observe;
  /** Nothing is traced when absent. */
  readonly trace?: Trace;
}

/** Who may continue the trace: APIs of the tenant itself. To others it would say which requests belong together. */
const continued: ReadonlySet<OutsideTarget> = new Set(['connector', 'extension']);

const failed = (cause: OutsideFailure, reason: string): OutsideAnswer => ({ kind: 'failed', cause, reason });

class ForbiddenAddress extends Error {}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** What the resolver says when a name leads nowhere, or when nobody can tell (getaddrinfo(3)). */
const unresolved: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);

function causeOf(error: unknown): OutsideFailure {
  if (error instanceof ForbiddenAddress) return 'forbidden';
  return unresolved.has(codeOf(error)) ? 'unknownHost' : 'unreachable';
}

/** Resolves names as the system does, and hands out addresses only when all of them are allowed. */
const guarded =
  (allowed: (address: string) => boolean, resolve: Resolve): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const refused = addresses?.find(({ address }) => !allowed(address));
      const [first] = addresses ?? [];
      if (error || refused || !first) {
        const reason = error ?? new ForbiddenAddress(`the name '${hostname}' leads to an address that is not public`);
        return callback(reason, '', 0);
      }
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };

interface Way {
  readonly lookup: LookupFunction;
  readonly connection: Connection;
}

function exchange(target: URL, request: OutsideRequest, { lookup, connection }: Way): Promise<OutsideAnswer> {
  const { method, body = '', bytes } = request;
  const { plain, secure, secureContext } = connection;
  const isSecure = target.protocol === 'https:';
  const start = isSecure ? requestSecure : requestPlain;
  const over = isSecure ? { agent: secure, secureContext } : { agent: plain };
  const length = method === 'POST' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
  const headers = { 'user-agent': 'usher', accept: 'application/json', ...request.headers, ...length };
  const timeout = AbortSignal.timeout(request.milliseconds);
  const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
  return new Promise((settle) => {
    const fail = (error: unknown): void => {
      if (timeout.aborted) settle(failed('timedOut', `no answer in ${request.milliseconds} ms`));
      else settle(failed(causeOf(error), messageOf(error)));
    };
    const sent = start(target, { method, headers, lookup, signal, ...over }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size <= bytes) return;
        settle(failed('tooLong', `the answer is longer than ${bytes} bytes`));
        sent.destroy();
      });
      response.on('error', fail);
      response.on('end', () => {
        const { 'content-type': contentType = '', etag, 'cache-control': cacheControl } = response.headers;
        const kept = {
          ...(etag === undefined ? {} : { etag }),
          ...(cacheControl === undefined ? {} : { cacheControl }),
        };
        const status = response.statusCode ?? 0;
        settle({ kind: 'answered', status, contentType, ...kept, body: Buffer.concat(chunks) });
      });
    });
    sent.on('error', fail);
    sent.end(method === 'POST' ? body : undefined);
  });
}

const portOf = ({ port, protocol }: URL): number => Number(port || (protocol === 'https:' ? 443 : 80));

/** Whether a server may be called at an address; over plain HTTP only the machine itself, where nobody listens in. */
function permits(target: URL, address: string, { allowLoopback, allowances = [] }: OutsideOptions): boolean {
  const isOwn = isLoopbackAddress(address);
  if (target.protocol === 'http:' && !isOwn) return false;
  if (isPublicAddress(address) || (isOwn && allowLoopback)) return true;
  const called = { host: target.hostname.replace(/^\[|\]$/g, ''), port: portOf(target), address };
  return allowances.some((one) => allows(one, called));
}

export function createOutside(options: OutsideOptions): Outside {
  const { observe = silent, trace = untraced } = options;
  const inner = unobserved(options);
  return {
    send(request) {
      const { target, method, headers } = request;
      const facts = { 'http.request.method': method, ...placeOf(request.url) };
      return trace.span({ name: `call ${target}`, kind: 'client', facts }, async (span) => {
        const began = performance.now();
        const onward = continued.has(target) ? { headers: { ...headers, ...trace.onward() } } : {};
        const answer = await inner.send({ ...request, ...onward });
        const told = toldOf(answer);
        observe({ kind: 'outside.called', target, ...told, milliseconds: performance.now() - began });
        span.tell({ 'usher.outcome': told.outcome });
        if (told.status === undefined) span.failed(told.outcome);
        else span.tell({ 'http.response.status_code': told.status });
        return answer;
      });
    },
  };
}

const toldOf = (answer: OutsideAnswer): { readonly outcome: string; readonly status?: number } =>
  answer.kind === 'failed' ? { outcome: answer.cause } : { outcome: answer.kind, status: answer.status };

/** Host and port alone: a path or a query may hold what one person is known by. */
function placeOf(url: string): Pick<SpanFacts, 'server.address' | 'server.port'> {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  return target ? { 'server.address': target.hostname, 'server.port': portOf(target) } : {};
}

function unobserved(options: OutsideOptions): Outside {
  const { resolve = lookup } = options;
  const connections = createConnections(options.authorities ?? []);
  return {
    async send(request) {
      const flaw = flawOfOutsideUrl(request.url);
      if (flaw !== undefined) return failed('forbidden', flaw);
      const target = new URL(request.url);
      const allowed = (address: string): boolean => permits(target, address, options);
      // Only names are looked up; an address in the URL is called as it stands.
      const literal = target.hostname.replace(/^\[|\]$/g, '');
      if (isIP(literal) !== 0 && !allowed(literal)) return failed('forbidden', `'${literal}' is not a public address`);
      let connection: Connection;
      try {
        connection = connections.for(request.purpose, request.credentials);
      } catch (error) {
        return failed('unreachable', `TLS cannot use the certificate or its key: ${messageOf(error)}`);
      }
      return exchange(target, request, { lookup: guarded(allowed, resolve), connection });
    },
  };
}
