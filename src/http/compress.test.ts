import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { compressOnce } from './compress.ts';

test('bytes that are sent again are compressed once for each coding', async () => {
  const text = 'a description of everything '.repeat(500);
  const bytes = Buffer.from(text);
  const brotli = await compressOnce(bytes, 'br');
  assert.equal(brotliDecompressSync(brotli).toString(), text);
  assert.equal(await compressOnce(bytes, 'br'), brotli);
  const gzip = await compressOnce(bytes, 'gzip');
  assert.equal(gunzipSync(gzip).toString(), text);
  assert.equal(await compressOnce(bytes, 'gzip'), gzip);
  assert.notEqual(await compressOnce(Buffer.from(text), 'br'), brotli, 'what is equal may change');
});
