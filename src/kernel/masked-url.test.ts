import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskedUrl } from './masked-url.ts';

const secret = 's3cret';

test('maskedUrl: the password is gone wherever it stands, and the rest can still be read', () => {
  const urls: readonly (readonly [string, string])[] = [
    [`postgres://me:${secret}@db.example:5432/usher`, 'postgres://me:******@db.example:5432/usher'],
    [`postgresql://me:${secret}:x@db/usher?sslmode=require`, 'postgresql://me:******@db/usher?sslmode=require'],
    [`postgres://me:a@${secret}@db/usher`, 'postgres://me:******@db/usher'],
    [`postgres://me@db/usher?schema=a&password=${secret}&x=1`, 'postgres://me@db/usher?schema=a&password=******&x=1'],
    [`mysql://me:${secret}@db/x`, 'mysql://me:******@db/x'],
    ['postgres://me@db/usher', 'postgres://me@db/usher'],
    ['sqlite:./data/usher.db', 'sqlite:./data/usher.db'],
    ['memory:', 'memory:'],
  ];
  for (const [url, shown] of urls) assert.equal(maskedUrl(url), shown);
});

test('maskedUrl: a password with a character that ends the host part elsewhere is gone as well', () => {
  for (const sign of ['/', '?', '#', ' ']) {
    assert.ok(!maskedUrl(`postgres://me:a${sign}${secret}@db/usher`).includes(secret), sign);
  }
});
