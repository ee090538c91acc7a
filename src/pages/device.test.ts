import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCookies } from '../http/index.ts';
import { withDevice } from './device.ts';

const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' };
const cookieOf = (cookie: string | undefined): string =>
  String(withDevice(parseCookies(cookie), page).headers?.['set-cookie'] ?? '');

test('a browser without a secret of its own is given one for a year, which no script can read', () => {
  const given = cookieOf(undefined);
  assert.match(given, /^usher-device=[\w-]{43}; Path=\/; Max-Age=31536000; Secure; HttpOnly; SameSite=None$/);
  assert.notEqual(cookieOf('other=1'), given, 'another browser is given another');
});

test('a browser that has one keeps it', () => {
  assert.equal(cookieOf('other=1; usher-device=known'), '');
  assert.equal(withDevice(parseCookies('usher-device=known'), page), page);
});
