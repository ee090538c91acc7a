/** Good requests to every endpoint with a part left out, doubled, exchanged or bent: refused in the server's own words, and led nowhere else. */
import assert from 'node:assert/strict';
import { request } from 'node:https';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { goodRequests, type Pairs, type Sent, type Stock, stockOf } from '../support/fuzz/good-requests.ts';
import { fuzzSeed, longRuns } from '../support/random.ts';
import { authorize, codeFor, redirectUri } from '../support/sign-in.ts';
import { temporaryFolder, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';
import { shared, startBoth } from './two-tenants.ts';

const names = Object.keys(goodRequests);
const runs = longRuns(names.length * 20, names.length * 2_000);
/** Milliseconds that one may take on the average: a slow machine sends fewer of them. */
const usual = 40;

const marked = '"><img src=x onerror=probe()>';

/** What stands where something else was meant. */
const nasty: readonly string[] = [
  ...[
    '',
    ' ',
    '%',
    '%00',
    '\u0000',
    '\ud800',
    '\u202e',
    '../',
    '..;/',
    '*',
    '-1',
    '1e309',
    'null',
    '[]',
    '{}',
    '__proto__',
  ],
  ...[
    'constructor',
    "' OR '1'='1",
    '\r\nx-probe: yes',
    '\r\n\r\n<html>',
    marked,
    marked,
    marked,
    '{{7*7}}',
    'a'.repeat(3_000),
  ],
  ...['https://evil.example/', '//evil.example/', `${redirectUri}@evil.example/`, 'javascript:probe()', 'myapp://auth'],
  ...['code id_token token', 'none', 'form_post', 'eyJhbGciOiJub25lIn0.e30.', 'password', 'B2C_1_ropc', 'B2C_1_none'],
];

/** What would lead somewhere else, or run, where it is believed. */
const leading = nasty.filter((text) => text === marked || /evil|probe|^myapp/.test(text));

type Change = (text: string) => string;

/** Lone surrogates have no encoding of their own. */
const encodeText = (text: string): string => encodeURIComponent(text.toWellFormed());

const changes: readonly Change[] = [
  (text) => text.slice(0, -1),
  (text) => text.slice(1),
  (text) => `${text}\u0000`,
  (text) => `${text} `,
  (text) => text.toUpperCase(),
  (text) => text + text,
  (text) => text.split('').reverse().join(''),
  (text) => encodeURIComponent(encodeText(text)),
  (text) => `${text}${marked}`,
];

/** One way to bend a list of names and values; `at` chooses among them. */
type Bend = (pairs: Pairs, at: number, text: string, change: Change) => Pairs;

const put = (pairs: Pairs, at: number, ...instead: Pairs): Pairs => pairs.toSpliced(at % pairs.length, 1, ...instead);
const chosen = (pairs: Pairs, at: number): readonly [string, string] => pairs[at % pairs.length] ?? ['', ''];

const bends: readonly Bend[] = [
  (pairs, at) => put(pairs, at),
  (pairs, at) => put(pairs, at, chosen(pairs, at), chosen(pairs, at)),
  (pairs, at, text) => put(pairs, at, chosen(pairs, at), [chosen(pairs, at)[0], text]),
  (pairs, at, text) => put(pairs, at, [chosen(pairs, at)[0], text]),
  (pairs, at, _, change) => put(pairs, at, [chosen(pairs, at)[0], change(chosen(pairs, at)[1])]),
  (pairs, at) => put(pairs, at, [chosen(pairs, at)[0], chosen(pairs, at + 1)[1]]),
  (pairs, at) => put(pairs, at, [`${chosen(pairs, at)[0]}[]`, chosen(pairs, at)[1]]),
  (pairs, at, text) => put(pairs, at, [text, chosen(pairs, at)[1]]),
];

const bend = fc.record({
  where: fc.constantFrom('query', 'query', 'form', 'form', 'form', 'headers', 'path', 'method', 'type'),
  how: fc.constantFrom(...bends),
  at: fc.nat({ max: 30 }),
  text: fc.constantFrom(...nasty),
  change: fc.constantFrom(...changes),
});

type Bending = typeof bend extends fc.Arbitrary<infer One> ? One : never;

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'];
const types = [
  'application/json',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/x-www-form-urlencoded',
];

/** What HTTP cannot carry in a header is for `wire.test.ts`. */
const inHeader = (pairs: Pairs): Pairs =>
  pairs.flatMap(([name, value]) =>
    /^[\w-]+$/.test(name) ? [[name, value.replace(/[^\x20-\x7e]/g, '?')] as const] : [],
  );

function bent(sent: Sent, { where, how, at, text, change }: Bending): Sent {
  const of = (pairs: Pairs): Pairs => (pairs.length === 0 ? [['x', text]] : how(pairs, at, text, change));
  switch (where) {
    case 'method':
      return { ...sent, method: methods[at % methods.length] ?? 'GET' };
    case 'type':
      return { ...sent, headers: [...sent.headers, ['content-type', types[at % types.length] ?? '']] };
    case 'path': {
      const parts = sent.path.split('/');
      const index = 1 + (at % (parts.length - 1));
      return { ...sent, path: parts.with(index, at % 2 ? change(parts[index] ?? '') : text).join('/') };
    }
    case 'headers':
      return { ...sent, headers: inHeader(of(sent.headers)) };
    case 'form':
      return sent.form ? { ...sent, form: of(sent.form) } : { ...sent, query: of(sent.query) };
    default:
      return { ...sent, query: of(sent.query) };
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

const encoded = (pairs: Pairs): string => pairs.map((pair) => pair.map(encodeText).join('=')).join('&');

/** Each on a connection of its own, so that none is answered for another. */
function send({ url: base }: Usher, { method, path, query, headers, form }: Sent): Promise<Answer> {
  const { hostname, port } = new URL(base);
  const target = encodeURI(path.toWellFormed()).replaceAll('%25', '%') + (query.length ? `?${encoded(query)}` : '');
  const body = form === undefined ? undefined : encoded(form);
  const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  return new Promise((resolve, reject) => {
    const options = { hostname, port, method, path: target, headers: { ...type, ...Object.fromEntries(headers) } };
    const going = request({ ...options, agent: false, timeout: 20_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        const { statusCode: status = 0, headers: told } = response;
        resolve({ status, headers: told, text: Buffer.concat(chunks).toString() });
      });
    });
    going.once('error', reject);
    going.once('timeout', () => going.destroy(new Error(`no answer to ${method} ${target}`)));
    going.end(body);
  });
}

/** What tells how the server is built, or that it broke. */
const leaks = /\bat .+\.(?:ts|js):\d+|node:internal|SQLITE_|TypeError|RangeError|ECONN|ERR_[A-Z]/;

describe('a request that is nearly a good one', () => {
  let usher: Usher;
  let stock: Stock;
  const good = new Map<string, Sent>();
  before(async () => {
    usher = await startBoth(temporaryFolder());
    stock = await stockOf(usher);
    for (const [name, make] of Object.entries(goodRequests)) good.set(name, await make(stock));
  });
  after(async () => {
    await stock?.elsewhere.server.close();
    await usher?.stop();
  });

  for (const [name, make] of Object.entries(goodRequests))
    test(`${name}: what is bent below is accepted as it is`, async () => {
      const { status, headers, text } = await send(usher, await make(stock));
      assert.ok(status < 400, `${status} ${text.slice(0, 600)}`);
      assert.doesNotMatch(String(headers['location'] ?? ''), /[?&#]error=/);
    });

  test('every endpoint that the metadata names is among them', async () => {
    const at = good.get('discovery')?.path ?? '';
    const metadata = (await (await fetch(`${usher.url}${at}`)).json()) as Readonly<Record<string, unknown>>;
    const named = Object.entries(metadata).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name));
    assert.ok(named.length >= 9, `${named}`);
    const asked = new Set([...good.values()].map(({ path }) => path.toLowerCase()));
    for (const [name, address] of named) assert.ok(asked.has(new URL(String(address)).pathname.toLowerCase()), name);
  });

  /** Where an answer may lead: here, to what the applications have registered, and to the provider. */
  function assertLeadsHome(answer: Answer, sent: string): void {
    const { location } = answer.headers as { readonly location?: string };
    if (location === undefined) return;
    const { origin, protocol } = new URL(location, usher.url);
    const allowed = [usher.url, new URL(redirectUri).origin, stock.elsewhere.server.origin];
    assert.ok(allowed.includes(origin) || protocol === 'myapp:', `${location} after ${sent}`);
  }

  /** The page of this server that a browser is shown next, with what it was given to carry there. */
  function leadsTo({ headers }: Answer): Sent | undefined {
    const { location } = headers as { readonly location?: string };
    const next = location === undefined ? undefined : new URL(location, usher.url);
    if (next?.origin !== usher.url) return undefined;
    const cookies = [headers['set-cookie'] ?? []].flat().map((line) => line.split(';')[0]);
    const carried: Pairs = cookies.length ? [['cookie', cookies.join('; ')]] : [];
    return { method: 'GET', path: next.pathname, query: [...next.searchParams], headers: carried };
  }

  function assertHarmless(answer: Answer, sent: string): void {
    const { status, headers, text } = answer;
    assert.ok(status >= 200 && status < 500, `${status} after ${sent}: ${text.slice(0, 600)}`);
    assert.doesNotMatch(text, leaks, sent);
    assert.equal(headers['x-probe'], undefined, sent);
    assertLeadsHome(answer, sent);
    if (text !== '') assert.equal(headers['x-content-type-options'], 'nosniff', sent);
    const type = String(headers['content-type']);
    if (/html|xml/.test(type)) assert.ok(!text.includes(marked), `${sent} became markup`);
    if (/html/.test(type)) assert.match(String(headers['content-security-policy']), /default-src 'none'/, sent);
  }

  for (const [name] of Object.entries(goodRequests))
    test(`${name}: with another site or markup in any one field it leads nowhere else`, async () => {
      const sent = good.get(name) ?? assert.fail(name);
      for (const where of ['query', 'form'] as const)
        for (const index of (sent[where] ?? []).keys())
          for (const text of leading) {
            const field = sent[where]?.[index]?.[0] ?? '';
            const one = { ...sent, [where]: sent[where]?.with(index, [field, text]) };
            assertHarmless(await send(usher, one), `${name} with ${field}=${text}`);
          }
    });

  test('is answered by what the server has to say, never with 500, and leads nowhere else', async (context) => {
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.array(bend, { minLength: 1, maxLength: 3 }),
        async (name, some) => {
          const sent = some.reduce(bent, good.get(name) ?? assert.fail(name));
          const answer = await send(usher, sent);
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          const about = `${name}: ${JSON.stringify(sent)}`.slice(0, 3_000);
          assertHarmless(answer, about);
          const page = leadsTo(answer);
          if (page) assertHarmless(await send(usher, page), `where it leads, ${about}`);
        },
      ),
      {
        seed: fuzzSeed,
        numRuns: runs,
        interruptAfterTimeLimit: runs * usual,
        endOnFailure: true,
        includeErrorInReport: true,
      },
    );
    const told = [...statuses].toSorted().map(([status, count]) => `${count} × ${status}`);
    context.diagnostic(`seed ${fuzzSeed}: ${told.join(', ')}`);
    assert.ok(
      [200, 302, 400].some((status) => (statuses.get(status) ?? 0) > 5),
      `${told}`,
    );
    assert.doesNotMatch(usher.log(), /unhandled|uncaught|http\.failed/i);
    const attempt = authorize(usher, { client_id: shared.web, scope: `openid ${shared.web}` });
    assert.notEqual(await codeFor(newVisitor(usher), attempt), '', 'it still signs people in');
  });
});
