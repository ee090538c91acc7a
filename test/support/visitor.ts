import assert from 'node:assert/strict';
import type { Usher } from './usher.ts';

/**
 * A browser without scripts and without pictures: cookies, redirects and forms over plain `fetch`. Fast enough for
 * scenarios that try a hundred ways to go wrong; what a person sees is tested with the real browser elsewhere.
 */
export interface Visitor {
  /** Follows redirects within the server. */
  open(url: string | URL): Promise<Visit>;
  /** Posts the form of a page, with its hidden fields, as pressing the button `action` would. */
  submit(visit: Visit, action: string, values?: Readonly<Record<string, string>>): Promise<Visit>;
  /** A form of another site that is sent here, e.g. with what a provider sends people back with. */
  post(url: string | URL, fields: Readonly<Record<string, string>>, origin: string): Promise<Visit>;
  readonly cookies: ReadonlyMap<string, string>;
  forgetCookies(): void;
  /** Closes the browser: cookies that are not to be kept are forgotten. */
  close(): void;
}

export interface Visit {
  readonly status: number;
  /** Where the visitor is now. */
  readonly url: URL;
  readonly html: string;
  readonly headers: Headers;
  /** Set when the server sent the visitor away to another origin: the address, not visited. */
  readonly left?: URL;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** It outlasts the browser. */
  readonly kept: boolean;
}

/** `sent`: headers of every request, e.g. `accept-language`. */
export function newVisitor(usher: Pick<Usher, 'url'>, sent: Readonly<Record<string, string>> = {}): Visitor {
  const jar = new Map<string, Cookie>();

  function keep(response: Response, url: URL): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const split = pair.indexOf('=');
      const named = (name: string) =>
        attributes.find((one) => one.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
      const path = named('path') ?? url.pathname.replace(/\/[^/]*$/, '/');
      const kept = named('expires') !== undefined || named('max-age') !== undefined;
      const cookie = { name: pair.slice(0, split), value: pair.slice(split + 1), path, kept };
      const gone = cookie.value === '' || Date.parse(named('expires') ?? '') < Date.now() || named('max-age') === '0';
      if (gone) jar.delete(`${cookie.name} ${path}`);
      else jar.set(`${cookie.name} ${path}`, cookie);
    }
  }

  function cookieHeader(url: URL): string {
    const sent = [...jar.values()].filter(
      ({ path }) => url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`),
    );
    return sent.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  async function request(start: URL, init: RequestInit): Promise<Visit> {
    let url = start;
    let current = init;
    for (let hop = 0; hop < 15; hop += 1) {
      const headers = new Headers({ ...sent, ...current.headers });
      headers.set('cookie', cookieHeader(url));
      const response = await fetch(url, { ...current, headers, redirect: 'manual' });
      keep(response, url);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || !location) {
        return { status: response.status, url, html: await response.text(), headers: response.headers };
      }
      await response.arrayBuffer();
      const next = new URL(location, url);
      if (next.origin !== usher.url)
        return { status: response.status, url, html: '', headers: response.headers, left: next };
      url = next;
      current = {};
    }
    return assert.fail(`too many redirects from ${start.pathname}`);
  }

  return {
    get cookies() {
      return new Map([...jar.values()].map(({ name, value }) => [name, value]));
    },
    forgetCookies: () => jar.clear(),
    close() {
      for (const [key, { kept }] of jar) if (!kept) jar.delete(key);
    },
    open: (url) => request(new URL(url, usher.url), {}),
    post: (url, fields, origin) =>
      request(new URL(url, usher.url), { method: 'POST', body: new URLSearchParams(fields), headers: { origin } }),
    submit(visit, action, values = {}) {
      const body = new URLSearchParams({ ...fieldsOf(visit.html), ...values, action });
      const target = new URL(/<form[^>]*\saction="([^"]*)"/.exec(visit.html)?.[1] ?? visit.url.href, visit.url);
      return request(target, { method: 'POST', body, headers: { origin: usher.url } });
    },
  };
}

/** Values of a page's inputs by name, as a browser would send them untouched. */
export function fieldsOf(html: string): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const [tag] of html.matchAll(/<input\b[^>]*>/g)) {
    const attribute = (name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
    const name = attribute('name');
    const type = attribute('type');
    if (name && type !== 'radio' && type !== 'checkbox') fields[name] = unescapeHtml(attribute('value') ?? '');
  }
  return fields;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

export const unescapeHtml = (text: string): string =>
  text.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);

/** What a page says, without its markup. */
export const textOf = (html: string): string =>
  unescapeHtml(html.replace(/<(style|script)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ');
