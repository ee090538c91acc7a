import type { Exchange, Reply } from './face.ts';
import { type Html, printHtml } from './html.ts';

/**
 * What every page of the server forbids. No `form-action`: browsers apply it to the redirects after a form too, and a
 * sign-in ends at the application's origin. No Cross-Origin-Opener-Policy: it would cut off applications that sign in in a
 * popup window. `same-origin` instead of `no-referrer`, since the latter makes browsers send `Origin: null` with our own forms.
 */
const strict: Readonly<Record<Directive, readonly string[]>> = {
  'default-src': ["'none'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'script-src': ["'self'"],
  'font-src': [],
  'connect-src': [],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
};

type Directive = `${'default' | 'style' | 'img' | 'script' | 'font' | 'connect'}-src` | 'base-uri' | 'frame-ancestors';

/** What one page may load beyond the server's own files: source expressions of CSP 3 §2.3.1, e.g. an origin or `'nonce-…'`. */
export type Sources = Readonly<
  Partial<Record<'style-src' | 'img-src' | 'script-src' | 'font-src' | 'connect-src', readonly string[]>>
>;

/** A host name may hold `;` and `,` (URL Standard, forbidden host code points), with which a directive or a policy would end. */
const isOneSource = (source: string): boolean => /^[^\s;,]+$/.test(source);

function policy(sources: Sources): string {
  const more: Partial<Record<string, readonly string[]>> = sources;
  return Object.entries(strict)
    .map(([directive, own]) => [directive, ...own, ...(more[directive] ?? []).filter(isOneSource)])
    .filter(({ length }) => length > 1)
    .map((words) => words.join(' '))
    .join('; ');
}

/** `connect` lets the page's own script call this server. */
export function documentReply(
  status: number,
  document: Html,
  options: { readonly connect?: boolean; readonly sources?: Sources; readonly headers?: Reply['headers'] } = {},
): Reply {
  const sources = options.connect ? { ...options.sources, 'connect-src': ["'self'"] } : (options.sources ?? {});
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy(sources),
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
      'cache-control': 'no-store',
      ...options.headers,
    },
    body: printHtml(document),
  };
}

/**
 * False when the browser says that a page of another origin sent the request (Fetch Metadata `Sec-Fetch-Site`, RFC 6454
 * `Origin`). A client that sends neither header is no browser that could be tricked.
 */
export function sentByOwnPage({ headers, url }: Pick<Exchange, 'headers' | 'url'>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return headers.origin === undefined || headers.origin === url.origin;
}
