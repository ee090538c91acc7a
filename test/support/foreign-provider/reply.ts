import type { ServerResponse } from 'node:http';
import type { Failing } from './mischief.ts';

/** What a provider answers to one request; `undefined` stands for no answer at all. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const json = (status: number, body: unknown, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const html = (body: string): Reply => ({
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body,
});

/** What a failing address answers. */
export const failures: Readonly<Record<Failing, Reply | undefined>> = {
  slow: undefined,
  huge: json(200, { padding: 'x'.repeat(3 * 1024 * 1024) }),
  html: html('<h1>Welcome</h1>'),
  broken: { ...json(200, {}), body: '{"issuer": "htt' },
  down: json(503, { error: 'temporarily_unavailable' }),
};

export function send(response: ServerResponse, reply: Reply | undefined): void {
  if (reply) response.writeHead(reply.status, { ...reply.headers }).end(reply.body);
}

const letters: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => letters[letter] ?? '');

const unescaped = (text: string): string =>
  text.replace(/&\w+;/g, (word) => Object.keys(letters).find((letter) => letters[letter] === word) ?? word);

/** The way back: by redirect, or by a form that sends itself (OAuth 2.0 Form Post Response Mode). What is undefined is left out. */
export function sendBack(
  to: string,
  mode: string | undefined,
  params: Readonly<Record<string, string | undefined>>,
): Reply {
  const given = Object.entries(params).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  if (mode !== 'form_post') {
    const url = new URL(to);
    for (const [name, value] of given) url.searchParams.set(name, value);
    return { status: 302, headers: { location: url.href }, body: '' };
  }
  const inputs = given.map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`);
  return html(
    `<form method="post" action="${escaped(to)}">${inputs.join('')}</form><script>document.forms[0].submit()</script>`,
  );
}

/** What a browser brings to the callback address. */
export interface Return {
  /** Where to, without the parameters. */
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly params: Readonly<Record<string, string>>;
}

/** Reads `sendBack` as a browser does. */
export async function wayBack(answer: Response): Promise<Return> {
  const location = answer.headers.get('location');
  if (location !== null) {
    const { origin, pathname, searchParams } = new URL(location);
    return { url: origin + pathname, method: 'GET', params: Object.fromEntries(searchParams) };
  }
  const page = await answer.text();
  const inputs = page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  const params = Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, unescaped(value)]));
  return { url: unescaped(/action="([^"]*)"/.exec(page)?.[1] ?? ''), method: 'POST', params };
}
