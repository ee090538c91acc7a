import assert from 'node:assert/strict';
import { request } from 'node:https';
import { after, before, describe, test } from 'node:test';
import { authorize } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Row extends Sent {
  readonly what: string;
  readonly status: number;
}

const flow = `/${seeded.tenant}/${seeded.flow}`;
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const json = { 'content-type': 'application/json' };
const many = (times: number, one: (nth: number) => string, between = '&'): string =>
  Array.from({ length: times }, (_, nth) => one(nth)).join(between);
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const batch = (requests: number): string =>
  JSON.stringify({
    requests: Array.from({ length: requests }, (_, nth) => ({ id: String(nth), method: 'GET', url: '/users' })),
  });

const authorizing = `${flow}/oauth2/v2.0/authorize?client_id=${seeded.spa}&response_type=code&scope=openid&redirect_uri=${encodeURIComponent('http://localhost:3000/')}`;

/** Each is a little more than may be sent; what is a little less is served by the other tests. */
const rows: readonly Row[] = [
  { what: 'headers', path: flow, headers: { 'x-long': 'h'.repeat(33_000) }, status: 431 },
  { what: 'names in a query', path: `${authorizing}&${many(300, (nth) => `a${nth}=`)}`, status: 400 },
  { what: 'a state', path: `${authorizing}&state=${'s'.repeat(4_097)}`, status: 400 },
  { what: 'a nonce', path: `${authorizing}&nonce=${'n'.repeat(1_025)}`, status: 302 },
  {
    what: 'fields in a form',
    method: 'POST',
    path: `${flow}/oauth2/v2.0/token`,
    headers: form,
    body: many(300, (nth) => `a${nth}=1`),
    status: 400,
  },
  {
    what: 'a form',
    method: 'POST',
    path: `${flow}/oauth2/v2.0/token`,
    headers: form,
    body: `grant_type=${'g'.repeat(66_000)}`,
    status: 413,
  },
  {
    what: 'a refresh token',
    method: 'POST',
    path: `${flow}/oauth2/v2.0/token`,
    headers: form,
    body: `client_id=${seeded.spa}&grant_type=refresh_token&refresh_token=${'r'.repeat(60_000)}`,
    status: 400,
  },
  {
    what: 'an access token',
    path: `${flow}/openid/v2.0/userinfo`,
    headers: { authorization: `Bearer ${'a'.repeat(20_000)}` },
    status: 401,
  },
  { what: 'a device code', path: `${flow}/oauth2/v2.0/deviceauth?user_code=${'B'.repeat(8_000)}`, status: 200 },
];

/** With an access token for Graph. */
const management: readonly Row[] = [
  { what: 'an address', path: `/v1.0/users?$filter=${'f'.repeat(17_000)}`, status: 414 },
  { what: 'a filter', path: `/v1.0/users?$filter=${'f'.repeat(9_000)}`, status: 400 },
  { what: 'segments of a path', path: `/v1.0/${many(20, () => 'users', '/')}`, status: 400 },
  { what: 'options', path: `/v1.0/users?${many(70, (nth) => `a${nth}=1`)}`, status: 400 },
  { what: 'a page', path: '/v1.0/users?$top=1000', status: 400 },
  { what: 'orders', path: `/v1.0/users?$orderby=${many(9, () => 'displayName', ',')}`, status: 400 },
  { what: 'selected names', path: `/v1.0/users?$select=${many(120, () => 'id', ',')}`, status: 400 },
  {
    what: 'a body',
    method: 'POST',
    path: '/v1.0/applications',
    headers: json,
    body: JSON.stringify({ displayName: 'd'.repeat(1_100_000) }),
    status: 413,
  },
  {
    what: 'nesting',
    method: 'POST',
    path: '/v1.0/applications',
    headers: json,
    body: `{"displayName":${nested(50_000)}}`,
    status: 400,
  },
  {
    what: 'a text',
    method: 'POST',
    path: '/v1.0/applications',
    headers: json,
    body: JSON.stringify({ displayName: 'd'.repeat(300) }),
    status: 400,
  },
  {
    what: 'a collection',
    method: 'POST',
    path: '/v1.0/applications',
    headers: json,
    body: JSON.stringify({ displayName: 'd', tags: Array.from({ length: 1_001 }, String) }),
    status: 400,
  },
  {
    what: 'redirect addresses',
    method: 'POST',
    path: '/v1.0/applications',
    headers: json,
    body: JSON.stringify({
      displayName: 'd',
      web: { redirectUris: Array.from({ length: 101 }, (_, nth) => `https://app.example/${nth}`) },
    }),
    status: 400,
  },
  { what: 'requests of a batch', method: 'POST', path: '/v1.0/$batch', headers: json, body: batch(21), status: 400 },
];

describe('one more than may be', () => {
  let usher: Usher;
  before(async () => {
    usher = await startUsher();
  });
  after(() => usher?.stop());

  function send({ method = 'GET', path, headers = {}, body }: Sent): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(usher.url);
      const sent = request({ hostname, port, method, path, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      sent.once('error', reject);
      sent.end(body);
    });
  }

  for (const row of rows) {
    test(`${row.what} of a sign-in or a token request`, async () => {
      const { status, text } = await send(row);
      assert.equal(status, row.status, text.slice(0, 500));
      assert.ok(text.length < 100_000, 'and the answer is not as long as the request');
    });
  }

  for (const row of management) {
    test(`${row.what} of a management request`, async () => {
      const authorization = `Bearer ${await usher.graphToken()}`;
      const { status, text } = await send({ ...row, headers: { ...row.headers, authorization } });
      assert.equal(status, row.status, text.slice(0, 500));
      assert.ok(text.length < 20_000, 'and the answer is not as long as the request');
    });
  }

  test('cookies of others in great number keep nobody from signing in', async () => {
    const visitor = newVisitor(usher);
    const { url } = authorize(usher);
    const cookie = many(400, (nth) => `c${nth}=${'v'.repeat(40)}`, '; ');
    const { status } = await send({ path: `${url.pathname}${url.search}`, headers: { cookie } });
    assert.equal(status, 303);
    assert.equal((await visitor.open(url)).status, 200);
  });

  test('fields and values of a page, which stays as it was', async () => {
    const visitor = newVisitor(usher);
    const shown = await visitor.open(authorize(usher).url);
    const long = await visitor.submit(shown, 'next', { email: 'e'.repeat(4_097), password: 'p' });
    assert.equal(long.status, 413);
    const wide = await visitor.submit(
      shown,
      'next',
      Object.fromEntries(Array.from({ length: 110 }, (_, nth) => [`f${nth}`, '1'])),
    );
    assert.equal(wide.status, 413);
    const huge = await visitor.submit(shown, 'next', { email: 'e'.repeat(66_000) });
    assert.equal(huge.status, 413);
    const done = await visitor.submit(shown, 'next', { email: seeded.user, password: seeded.password });
    assert.ok(done.left, 'the same page is still good');
  });

  test('claims of a token are as many as its flow says, and a code fits into any address', async () => {
    const visitor = newVisitor(usher);
    const attempt = authorize(usher, { state: 's'.repeat(4_000), response_mode: 'query' });
    const shown = await visitor.open(attempt.url);
    const { left } = await visitor.submit(shown, 'next', { email: seeded.user, password: seeded.password });
    const code = left?.searchParams.get('code') ?? '';
    assert.ok(code.length > 0 && code.length < 128, `${code.length} letters`);
    assert.ok((left?.href.length ?? 0) < 4_600, 'little more than the state that was sent');
  });
});
