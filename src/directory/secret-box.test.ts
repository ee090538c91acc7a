import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createSecretBox } from './secret-box.ts';

const key = randomBytes(32);
const box = createSecretBox(key);
const place = ['tenant', 'socialIdentityProvider', 'google-oauth', 'clientSecret'];

test('a sealed secret opens in its place and does not show what it holds', () => {
  for (const secret of ['hush', '', 'ünï😀', 'x'.repeat(10_000)]) {
    const sealed = box.seal(secret, place);
    assert.equal(box.open(sealed, place), secret);
    assert.ok(secret === '' || !sealed.includes(secret));
  }
});

test('the same secret is sealed differently each time', () => {
  const sealed = new Set(Array.from({ length: 100 }, () => box.seal('hush', place)));
  assert.equal(sealed.size, 100);
});

test('a sealed secret does not open in another place', () => {
  const sealed = box.seal('hush', place);
  for (const [index] of place.entries()) {
    const moved = place.with(index, 'other');
    assert.throws(() => box.open(sealed, moved), { code: 'directory.damagedSecret', status: 500 });
  }
  assert.throws(() => box.open(sealed, [place.join(',')]), { code: 'directory.damagedSecret' });
});

test('a secret sealed with another key is told from a damaged one', () => {
  const sealed = createSecretBox(randomBytes(32)).seal('hush', place);
  assert.throws(() => box.open(sealed, place), { code: 'directory.wrongKey', message: /encrypted with another key/ });
});

test('every damaged character is noticed', () => {
  const sealed = box.seal('hush', place);
  const start = sealed.lastIndexOf('.') + 1;
  for (let index = start; index < sealed.length - 1; index += 1) {
    const damaged = `${sealed.slice(0, index)}${sealed[index] === 'A' ? 'B' : 'A'}${sealed.slice(index + 1)}`;
    assert.throws(() => box.open(damaged, place), { code: 'directory.damagedSecret' }, damaged);
  }
  for (const text of ['', 'hush', 'v2.a.b', 'v1', sealed.slice(0, start + 8)]) {
    assert.throws(() => box.open(text, place), { code: 'directory.damagedSecret' }, text);
  }
});

test('a key of the wrong length is refused at once', () => {
  for (const length of [0, 16, 31, 33]) {
    assert.throws(() => createSecretBox(Buffer.alloc(length)), { code: 'directory.badKey', status: 500 });
  }
});
