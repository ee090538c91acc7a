import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptedLanguages } from './accept-language.ts';

test('Accept-Language is read by weight; what is malformed counts for nothing', () => {
  assert.deepEqual(acceptedLanguages('en;q=0.5, de-AT, fr;q=0.9, *;q=0.1, xx;q=0, y y, it;q=2'), ['de-AT', 'fr', 'en']);
  assert.deepEqual(acceptedLanguages(undefined), []);
  assert.equal(acceptedLanguages(Array(5000).fill('de').join(',')).length, 20);
});
