import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { judged, parityPage } from '../scripts/parity.ts';

test('every documented operation is offered whole', () => {
  const lacking = judged.filter(({ status }) => status !== 'real');
  assert.deepEqual(
    lacking.map(({ section, version, method, path }) => `${section} ${version} ${method} ${path}`),
    [],
  );
  assert.ok(judged.length > 250, `${judged.length} operations are documented`);
});

test('docs/parity.md is what the model says (else: npm run golden)', () => {
  assert.equal(readFileSync(new URL('../docs/parity.md', import.meta.url), 'utf8'), parityPage());
});
