import { lookup as resolve } from 'node:dns';
import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { flawOfOutsideUrl } from '../../kernel/index.ts';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

/** A request to a server that somebody else has named in a setting. */
export interface OutsideRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For everything together, from the name to the last byte. */
  readonly milliseconds: number;
  /** Largest answer that is read. */
  readonly bytes: number;
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

/** `forbidden`: nobody was called, or the name leads inside. */
export type OutsideFailure = 'forbidden' | 'timedOut' | 'tooLong' | 'unreachable';

/**
 * Calls servers at addresses that an administrator of a tenant has chosen, who must not reach the operator's own network with it
 * (server-side request forgery). Public addresses only, checked after the name was resolved and pinned for the connection, so that a
 * name cannot mean one address when it is looked at and another when it is called. Redirects are answers, never followed.
 */
export interface Outside {
  send(request: OutsideRequest): Promise<OutsideAnswer>;
}

interface OutsideOptions {
  /** Development and tests: the machine itself may be called, over plain HTTP too. */
  readonly allowLoopback: boolean;
}

const failed = (cause: OutsideFailure, reason: string): OutsideAnswer => ({ kind: 'failed', cause, reason });

class ForbiddenAddress extends Error {}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Resolves names as the system does, and hands out addresses only when all of them are allowed. */
const guarded =
  (allowed: (address: string) => boolean): LookupFunction =>
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

function exchange(target: URL, request: OutsideRequest, lookup: LookupFunction): Promise<OutsideAnswer> {
  const { method, body = '', bytes } = request;
  const start = target.protocol === 'https:' ? requestSecure : requestPlain;
  const length = method === 'POST' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
  const headers = { 'user-agent': 'usher', accept: 'application/json', ...request.headers, ...length };
  const signal = AbortSignal.timeout(request.milliseconds);
  return new Promise((settle) => {
    const fail = (error: unknown): void => {
      if (signal.aborted) settle(failed('timedOut', `no answer in ${request.milliseconds} ms`));
      else settle(failed(error instanceof ForbiddenAddress ? 'forbidden' : 'unreachable', messageOf(error)));
    };
    const sent = start(target, { method, headers, lookup, agent: false, signal }, (response) => {
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

export function createOutside({ allowLoopback }: OutsideOptions): Outside {
  const allowed = (address: string): boolean =>
    isPublicAddress(address) || (allowLoopback && isLoopbackAddress(address));
  const lookup = guarded(allowed);

  return {
    async send(request) {
      const flaw = flawOfOutsideUrl(request.url);
      if (flaw !== undefined) return failed('forbidden', flaw);
      const target = new URL(request.url);
      // Only names are looked up; an address in the URL is called as it stands.
      const literal = target.hostname.replace(/^\[|\]$/g, '');
      if (isIP(literal) !== 0 && !allowed(literal)) return failed('forbidden', `'${literal}' is not a public address`);
      if (target.protocol === 'http:' && !allowLoopback) return failed('forbidden', 'it is not https');
      return exchange(target, request, lookup);
    },
  };
}
