import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { optionReference } from './reference.ts';

test('docs/configuration.md is what the table of settings says (else: node scripts/print-docs.ts)', () => {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  assert.equal(page, optionReference());
});
