import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ownNameIn } from './own-name.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('at the top of a checkout the program is called as the README calls it', () => {
  assert.equal(ownNameIn(root), 'npx usher');
});

test('elsewhere a checkout is called by its path, so that npx fetches nothing of the same name', () => {
  assert.equal(ownNameIn(join(root, 'docs')), `node ${join('..', 'bin', 'usher.mjs')}`);
});
