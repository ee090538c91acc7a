import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { createAsset } from './asset.ts';

const content = 'p{color:red}'.repeat(100);

function made() {
  const folder = mkdtempSync(join(tmpdir(), 'asset-'));
  try {
    const file = join(folder, 'page.css');
    writeFileSync(file, content);
    return createAsset(pathToFileURL(file), '/assets/');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ask = (asset: ReturnType<typeof made>, path: string, accepted?: string) =>
  asset.reply({
    url: new URL(path, 'https://localhost'),
    headers: accepted === undefined ? {} : { 'accept-encoding': accepted },
  });

test('an asset is compressed as the browser accepts and may be kept for ever', () => {
  const asset = made();
  assert.match(asset.path, /^\/assets\/page\.[0-9a-f]{12}\.css$/);
  const brotli = ask(asset, asset.path, 'gzip, deflate, br');
  assert.equal(brotliDecompressSync(brotli.body as Buffer).toString(), content);
  assert.match(String(brotli.headers?.['cache-control']), /immutable/);
  const gzip = ask(asset, asset.path, 'gzip, br;q=0');
  assert.equal(gunzipSync(gzip.body as Buffer).toString(), content);
  assert.equal(gzip.headers?.['content-encoding'], 'gzip');
  const plain = ask(asset, asset.path);
  assert.equal(String(plain.body), content);
  assert.equal(plain.headers?.['content-encoding'], undefined);
});

test('another digest gets the file but must not keep it; another name is not the asset', () => {
  const asset = made();
  const other = '/assets/page.000000000000.css';
  assert.ok(asset.matches(asset.path) && asset.matches(other));
  assert.equal(ask(asset, other).headers?.['cache-control'], 'no-store');
  for (const path of ['/assets/page.css', '/assets/page.00000000000g.css', '/assets/../page.000000000000.css', '/x']) {
    assert.equal(asset.matches(path), false, path);
  }
});
