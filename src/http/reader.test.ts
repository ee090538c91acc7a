import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCookies, serializeCookie } from './cookies.ts';
import { parseForm, parseQuery } from './form.ts';
import { parseJson } from './json.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

test('a cookie is read back as it was written', () => {
  const line = serializeCookie('x-ms-cpim-sso', 'a b;"ä"', { path: '/t', maxAgeSeconds: 60.9, sameSite: 'None' });
  assert.equal(line, 'x-ms-cpim-sso=a%20b%3B%22%C3%A4%22; Path=/t; Max-Age=60; Secure; HttpOnly; SameSite=None');
  assert.equal(parseCookies(line).get('x-ms-cpim-sso'), 'a b;"ä"');
});

test('cookies: the first of two counts, quotes are dropped, what is none is skipped', () => {
  const found = parseCookies('a=1; a=2; b="q"; =x; junk; bad name=1; c=%zz');
  assert.deepEqual(
    [...found],
    [
      ['a', '1'],
      ['b', 'q'],
      ['c', '%zz'],
    ],
  );
  assert.equal(parseCookies(undefined).size, 0);
});

test('a form is decoded, with plus as space and names as they come', () => {
  assert.deepEqual(
    [...parseForm(bytes('a=1+2&b%20c=%C3%A4&&d'))],
    [
      ['a', '1 2'],
      ['b c', 'ä'],
      ['d', ''],
    ],
  );
  assert.equal(parseForm(bytes('')).size, 0);
});

test('a field sent twice is refused in a form and in a query', () => {
  assert.throws(() => parseForm(bytes('a=1&a=2')), { code: 'http.repeated', status: 400 });
  assert.throws(() => parseQuery(new URL('https://x/?a=1&%61=2')), { code: 'http.repeated' });
  assert.equal(parseQuery(new URL('https://x/?p=B2C_1_a')).get('p'), 'B2C_1_a');
});

test('broken escapes, other encodings and too many fields are refused', () => {
  for (const body of [
    bytes('a=%zz'),
    Buffer.of(0x61, 0x3d, 0xff),
    bytes(Array.from({ length: 257 }, (_, i) => `f${i}=1`).join('&')),
  ]) {
    assert.throws(() => parseForm(body), { code: 'http.malformedForm' });
  }
});

test('JSON is read, broken or too deep JSON is refused', () => {
  assert.deepEqual(parseJson(bytes('{"a":["[[[{\\"","ä"]}')), { a: ['[[[{"', 'ä'] });
  for (const body of [
    '',
    '{',
    '{"a":1}}',
    '['.repeat(65) + ']'.repeat(65),
    '[['.repeat(400_000),
    `"${'\\"'.repeat(10)}`,
  ]) {
    assert.throws(() => parseJson(bytes(body)), { code: 'http.malformedJson' }, body.slice(0, 20));
  }
  assert.deepEqual(Array.isArray(parseJson(bytes(`[${'[],'.repeat(100)}0]`))), true);
  assert.throws(() => parseJson(Buffer.of(0x22, 0xff, 0x22)), { code: 'http.malformedJson' });
});
