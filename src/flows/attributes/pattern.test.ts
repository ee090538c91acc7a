import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesPattern } from './pattern.ts';

test('a value has the form that the pattern says, and every character of it is looked at', () => {
  assert.equal(matchesPattern('^[0-9]+$', '42'), true);
  assert.equal(matchesPattern('^[0-9]+$', '42a'), false);
  assert.equal(matchesPattern('[0-9]', 'a4'), true, 'not anchored');
  assert.equal(matchesPattern('^\\p{L}+$', 'abc'), false, 'without the flag u, as the directory has checked it');
});

test('a pattern that cannot be decided in time accepts nothing and holds nobody up', () => {
  const began = performance.now();
  assert.equal(matchesPattern('^(a+)+$', `${'a'.repeat(200)}!`), false);
  assert.ok(performance.now() - began < 1000);
  assert.equal(matchesPattern('^(a+)+$', 'aaa'), true, 'the next one is looked at again');
});

test('what is no pattern accepts nothing', () => {
  assert.equal(matchesPattern('[', '['), false);
});
