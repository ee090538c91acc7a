import type { IncomingMessage } from 'node:http';
import { faults } from './faults.ts';

/** The origins a server on this port has on its own machine (RFC 6761 §6.3 for `localhost`). */
export const loopbackOrigins = (port: number): readonly string[] =>
  ['localhost', '127.0.0.1', '[::1]'].map((host) => new URL(`https://${host}:${port}`).origin);

/** Of several hosts Node shows the first one alone. */
function namesOneHost({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.length === 4 && rawHeaders[at]?.toLowerCase() === 'host') hosts += 1;
  }
  return hosts < 2;
}

function originOf(host: string, known: readonly string[]): string | undefined {
  // Nearly everybody writes an origin as it is listed.
  if (known.includes(`https://${host}`)) return `https://${host}`;
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
  if (!namesOneHost(request)) throw faults.malformed({ reason: 'it names more than one host' });
  const origin = originOf(host, origins);
  if (origin === undefined || !origins.includes(origin)) throw faults.misdirected({ host: host.slice(0, 255) });
  if (!target.startsWith('/')) throw faults.malformed({ reason: 'its target is not a path' });
  // Put together as text: resolving `//other.example/` against a base would change the host.
  const url = new URL(origin + target);
  if (!url.href.startsWith(`${origin}/`)) throw faults.malformed({ reason: 'its target is not a path' });
  return url;
}
