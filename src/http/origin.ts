import type { IncomingMessage } from 'node:http';
import { faults } from './faults.ts';

/** The origins a server on this port has on its own machine (RFC 6761 §6.3 for `localhost`). */
export const loopbackOrigins = (port: number): readonly string[] =>
  ['localhost', '127.0.0.1', '[::1]'].map((host) => new URL(`https://${host}:${port}`).origin);

function countOf(request: IncomingMessage, name: string): number {
  return request.rawHeaders.filter((entry, index) => index % 2 === 0 && entry.toLowerCase() === name).length;
}

function originOf(host: string): string | undefined {
  // Only what may stand in an authority without user info (RFC 3986 §3.2), so that the parser cannot be led elsewhere.
  if (!/^[A-Za-z0-9.:[\]_-]+$/.test(host)) return undefined;
  return URL.canParse(`https://${host}`) ? new URL(`https://${host}`).origin : undefined;
}

/**
 * The absolute URL of a request. Its origin comes from `Host` and must be one of `origins`; forwarded headers are never
 * looked at. Throws `http.malformed` (RFC 9112 §3.2: one `Host`; only the origin form of the target is served) and
 * `http.misdirected` (RFC 9110 §15.5.20).
 */
export function absoluteUrl(request: IncomingMessage, origins: readonly string[]): URL {
  const { host = '' } = request.headers;
  const target = request.url ?? '';
  if (countOf(request, 'host') > 1) throw faults.malformed({ reason: 'it names more than one host' });
  const origin = originOf(host);
  if (origin === undefined || !origins.includes(origin)) throw faults.misdirected({ host: host.slice(0, 255) });
  if (!target.startsWith('/')) throw faults.malformed({ reason: 'its target is not a path' });
  // Put together as text: resolving `//other.example/` against a base would change the host.
  const url = new URL(origin + target);
  if (url.origin !== origin) throw faults.malformed({ reason: 'its target is not a path' });
  return url;
}
