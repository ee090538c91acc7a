import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { renew } from '../scripts/renew.ts';

test('printing anew writes and tells the files that differ, and no other', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-renew-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const root = pathToFileURL(`${folder}/`);
  writeFileSync(join(folder, 'same.md'), 'same');
  writeFileSync(join(folder, 'old.md'), 'old');
  const texts = { 'same.md': 'same', 'old.md': 'new', 'fresh.md': 'fresh' };
  assert.deepEqual(renew(root, texts), ['old.md', 'fresh.md']);
  for (const [path, text] of Object.entries(texts)) assert.equal(readFileSync(join(folder, path), 'utf8'), text);
  assert.deepEqual(renew(root, texts), []);
});
