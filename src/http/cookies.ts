export interface CookieOptions {
  /** Defaults to `/`. */
  readonly path?: string;
  /** Seconds; 0 removes the cookie; absent: until the browser closes. */
  readonly maxAgeSeconds?: number;
  /** Defaults to `Lax`; `None` is what a cookie needs inside another site's frame. */
  readonly sameSite?: 'Strict' | 'Lax' | 'None';
  /** Defaults to true: page scripts cannot read it. */
  readonly httpOnly?: boolean;
}

/** More cookies than any browser keeps for one host are not looked at. */
const most = 200;

/** RFC 6265 §4.1.1: token for the name, cookie-octet for the value. */
const namePattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function decode(value: string): string {
  const bare = value.startsWith('"') && value.endsWith('"') && value.length > 1 ? value.slice(1, -1) : value;
  try {
    return bare.includes('%') ? decodeURIComponent(bare) : bare;
  } catch {
    return bare;
  }
}

/**
 * The cookies of a request (RFC 6265 §5.4). Of two with one name the first counts: browsers send the most specific path
 * first. What is not a cookie is skipped, since other software on the host may have set it.
 */
export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const pair of (header ?? '').split(';', most)) {
    const equals = pair.indexOf('=');
    if (equals < 0) continue;
    const name = pair.slice(0, equals).trim();
    if (namePattern.test(name) && !found.has(name)) found.set(name, decode(pair.slice(equals + 1).trim()));
  }
  return found;
}

/** One `set-cookie` value. Always `Secure`, since the server speaks HTTPS only; the value is percent-encoded. */
export function serializeCookie(name: string, value: string, options: CookieOptions = {}): string {
  const { path = '/', maxAgeSeconds, sameSite = 'Lax', httpOnly = true } = options;
  return [
    `${name}=${encodeURIComponent(value)}`,
    `Path=${path}`,
    ...(maxAgeSeconds === undefined ? [] : [`Max-Age=${Math.floor(maxAgeSeconds)}`]),
    'Secure',
    ...(httpOnly ? ['HttpOnly'] : []),
    `SameSite=${sameSite}`,
  ].join('; ');
}
