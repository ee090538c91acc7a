import type { Application } from '../clients.ts';
import { refusal } from './errors.ts';

/** Under which platform of the application a redirect URI is registered; it decides how the client must prove itself. */
export type Platform = 'spa' | 'web' | 'publicClient';

/** Schemes that would run or read something in the browser instead of going somewhere. */
const forbidden = new Set(['javascript:', 'vbscript:', 'data:', 'blob:', 'file:', 'about:', 'view-source:']);

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Printable ASCII without quotes, angle brackets and backslash: what can stand in a header and in HTML unharmed. */
const plain = /^[\x21\x23-\x26\x28-\x3b\x3d\x3f-\x5b\x5d-\x7e]+$/;

export function isWellFormed(uri: string): boolean {
  const parsed = plain.test(uri) ? URL.parse(uri) : null;
  return parsed !== null && !forbidden.has(parsed.protocol) && !uri.includes('#');
}

/** The URI with the port taken off, when it is one a native application may open on any port (RFC 8252 §7.3). */
function portless(uri: string): string | undefined {
  const parsed = URL.parse(uri);
  if (parsed?.protocol !== 'http:' || !loopback.has(parsed.hostname) || parsed.username || parsed.password)
    return undefined;
  parsed.port = '';
  return parsed.href;
}

const platforms: readonly Platform[] = ['spa', 'web', 'publicClient'];

export const redirectUrisOf = (app: Application, platform: Platform): readonly string[] =>
  app[platform]?.redirectUris ?? [];

function matches(registered: string, uri: string, platform: Platform): boolean {
  if (registered === uri) return true;
  const bare = platform === 'publicClient' ? portless(uri) : undefined;
  return bare !== undefined && bare === portless(registered);
}

/** The platform that has registered exactly this URI: letter by letter, without patterns (b2c contract j). */
export const platformOf = (app: Application, uri: string): Platform | undefined =>
  platforms.find((platform) => redirectUrisOf(app, platform).some((registered) => matches(registered, uri, platform)));

/**
 * Where an authorization response may go. Throws 90004 (none), 90005 (malformed), 90007 (the application has none) and
 * 90006 (not registered); none of them is ever redirected.
 */
export function allowedRedirect(
  app: Application,
  uri: string | undefined,
): { readonly uri: string; readonly platform: Platform } {
  if (uri === undefined) throw refusal('AADB2C90004');
  if (!isWellFormed(uri)) throw refusal('AADB2C90005', uri);
  if (platforms.every((platform) => redirectUrisOf(app, platform).length === 0))
    throw refusal('AADB2C90007', app.appId);
  const platform = platformOf(app, uri);
  if (!platform) throw refusal('AADB2C90006', uri, app.appId);
  return { uri, platform };
}
