import { faults } from './faults.ts';

/** Redirect URIs of one application, over all its platforms (b2c contract k). */
export const maximumRedirectUris = 100;

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);
/** Schemes that run or show what the URI itself carries, or reach into the machine. */
const active = new Set([
  'javascript:',
  'vbscript:',
  'data:',
  'blob:',
  'file:',
  'filesystem:',
  'about:',
  'view-source:',
]);

/**
 * Refuses what no answer may be sent to; matching at run time is exact, so this is about the URI alone (b2c contract j).
 * `native`: the platform of mobile and desktop applications, where other schemes than https are allowed (RFC 8252 §7.1).
 * Throws `identity.badRedirectUri`.
 */
export function checkRedirectUri(uri: string, native: boolean): void {
  const reason = whyNot(uri, native);
  if (reason) throw faults.badRedirectUri({ uri, reason });
}

/** URL parsers repair or drop these, each in its own way, so two of them may see two different hosts. */
const repaired = /[\s\\\p{Cc}]/u;
const absoluteWeb = /^https?:\/\/[^/?#]/i;

const namesUser = (uri: string): boolean => {
  const [authority = ''] = uri.slice(uri.indexOf('://') + 3).split(/[/?#]/, 1);
  return authority.includes('@');
};

/** The address of a page, with one meaning for whoever reads it and for every program. */
export const isWebAddress = (uri: string): boolean =>
  !repaired.test(uri) && absoluteWeb.test(uri) && !namesUser(uri) && URL.canParse(uri);

function whyNot(uri: string, native: boolean): string | undefined {
  if (repaired.test(uri)) return 'it holds a space, a backslash or a control character';
  if (uri.includes('*')) return 'wildcards are not allowed';
  if (uri.includes('#')) return 'it has a fragment';
  if (!/^[a-z][a-z0-9+.-]*:/i.test(uri) || !URL.canParse(uri)) return 'it is not an absolute URI';
  const url = new URL(uri);
  if (active.has(url.protocol)) return `the scheme ${url.protocol} is not allowed`;
  if (url.protocol === 'https:' || url.protocol === 'http:') return whyNotWeb(uri, url);
  return native ? undefined : 'it must use https, or http on a loopback host';
}

function whyNotWeb(uri: string, url: URL): string | undefined {
  if (!absoluteWeb.test(uri)) return 'it is not an absolute URI';
  if (namesUser(uri)) return 'it names a user';
  if (url.protocol === 'http:' && !loopback.has(url.hostname)) return 'http is allowed on a loopback host only';
  return undefined;
}
