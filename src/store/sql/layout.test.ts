import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitted } from './layout.ts';

test('fitted: a name that an engine would cut keeps its beginning and stays unlike every other', () => {
  const long = `i_e_${'x'.repeat(60)}`;
  assert.equal(fitted('i_e_user_text_mail'), 'i_e_user_text_mail');
  assert.equal(fitted('x'.repeat(63)), 'x'.repeat(63));
  assert.equal(fitted(`${long}a`).length, 63);
  assert.ok(fitted(`${long}a`).startsWith('i_e_xxx'));
  assert.notEqual(fitted(`${long}a`), fitted(`${long}b`));
});
