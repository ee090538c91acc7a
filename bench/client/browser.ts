import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { fieldsOf } from '../../test/support/visitor.ts';
import type { Answer, Asked, Connection } from './connection.ts';

/** Where a browser came to. */
export interface Page {
  readonly status: number;
  readonly path: string;
  readonly html: string;
  /** Set when it was sent to another origin, which is not visited. */
  readonly left?: URL;
}

/** A person's browser without pictures and scripts: cookies, redirects, forms and compressed pages, over one connection. */
export interface Browser {
  open(path: string): Promise<Page>;
  /** Presses the button `action` of the page's form, with its hidden fields. */
  press(page: Page, action: string, values?: Readonly<Record<string, string>>): Promise<Page>;
}

const sent = {
  Accept: 'text/html,application/xhtml+xml',
  'Accept-Encoding': 'gzip, deflate, br',
  'Accept-Language': 'en-US,en;q=0.9',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
} as const;

const formSent = { 'Content-Type': 'application/x-www-form-urlencoded', ...sent } as const;

function textIn({ headers, body }: Answer): string {
  const coding = headers.get('content-encoding');
  if (coding === 'br') return brotliDecompressSync(body).toString();
  return (coding === 'gzip' ? gunzipSync(body) : body).toString();
}

const gone = /;\s*(max-age=0|expires=thu, 01 jan 1970)/i;

/** `origin`: of the server, as it names itself. */
export function openBrowser(connection: Connection, origin: string): Browser {
  const jar = new Map<string, { readonly pair: string; readonly path: string }>();

  function keep(line: string): void {
    const [pair = ''] = line.split(';', 1);
    const name = pair.slice(0, pair.indexOf('='));
    const path = /;\s*path=([^;]*)/i.exec(line)?.[1] ?? '/';
    if (gone.test(line) || pair === `${name}=`) jar.delete(`${name} ${path}`);
    else jar.set(`${name} ${path}`, { pair, path });
  }

  function cookieFor(path: string): { readonly Cookie: string } | undefined {
    const pairs = [...jar.values()].filter((cookie) => path.startsWith(cookie.path)).map(({ pair }) => pair);
    return pairs.length > 0 ? { Cookie: pairs.join('; ') } : undefined;
  }

  function asked(path: string, body: string | undefined): Asked {
    const cookie = cookieFor(path);
    if (body === undefined) return { path, headers: { ...sent, ...cookie } };
    return { method: 'POST', path, headers: { ...formSent, Origin: origin, ...cookie }, body };
  }

  async function follow(start: string, form?: string): Promise<Page> {
    let next = asked(start, form);
    for (let hop = 0; hop < 15; hop += 1) {
      const answer = await connection.ask(next);
      for (const line of answer.cookies) keep(line);
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status > 399 || location === undefined)
        return { status: answer.status, path: next.path, html: textIn(answer) };
      const to = new URL(location, `${origin}${next.path}`);
      if (to.origin !== origin) return { status: answer.status, path: next.path, html: '', left: to };
      next = asked(`${to.pathname}${to.search}`, undefined);
    }
    throw new Error(`Too many redirects from ${start}.`);
  }

  return {
    open: (path) => follow(path),
    press(page, action, values = {}) {
      const form = new URLSearchParams({ ...fieldsOf(page.html), ...values, action });
      const target = new URL(/<form[^>]*\saction="([^"]*)"/.exec(page.html)?.[1] ?? page.path, `${origin}${page.path}`);
      return follow(`${target.pathname}${target.search}`, form.toString());
    },
  };
}
