import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesPattern } from './pattern.ts';

test('a value has the form that the pattern says, and every character of it is looked at', () => {
  assert.equal(matchesPattern('^[0-9]+$', '42'), true);
  assert.equal(matchesPattern('^[0-9]+$', '42a'), false);
  assert.equal(matchesPattern('[0-9]', 'a4'), true, 'not anchored');
  assert.equal(matchesPattern('^\\p{L}+$', 'abc'), false, 'without the flag u, as the directory has checked it');
});

test('a pattern that cannot be decided accepts nothing, and holds the server up once at most', () => {
  const pattern = '^(a+)+$';
  const evil = `${'a'.repeat(200)}!`;
  const timed = (): number => {
    const began = performance.now();
    assert.equal(matchesPattern(pattern, evil), false);
    return performance.now() - began;
  };
  assert.ok(timed() >= 200, 'it is given a second chance');
  const later = Array.from({ length: 5 }, timed);
  assert.ok(Math.min(...later) < 200, 'and no third');
  assert.equal(matchesPattern(pattern, 'aaa'), true, 'other texts are looked at still');
});

test('what is no pattern accepts nothing', () => {
  assert.equal(matchesPattern('[', '['), false);
});

test('many patterns that need ages do not stop the server for long', () => {
  const began = performance.now();
  for (let count = 0; count < 30; count += 1) matchesPattern(`^(a+)+b{${count}}$`, `${'a'.repeat(40)}!`);
  const milliseconds = performance.now() - began;
  assert.ok(milliseconds < 4_000, `${Math.round(milliseconds)} ms`);
});
