import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePreferences, preferenceApplied } from './preferences.ts';

test('preferences are read by their grammar, the first of two counts, unknown ones are ignored', () => {
  assert.deepEqual(parsePreferences(undefined), {});
  assert.deepEqual(parsePreferences('respond-async, Return="Representation"; x=1, return=minimal'), {
    return: 'representation',
  });
  assert.deepEqual(parsePreferences('odata.maxpagesize=7,include-unknown-enum-members'), {
    maxPageSize: 7,
    unknownMembers: true,
  });
  assert.deepEqual(parsePreferences('maxpagesize="12"'), { maxPageSize: 12 });
});

test('a wish inside of something else is no wish', () => {
  for (const header of [
    'return=everything;odata.maxpagesize=7',
    'x="return=minimal"',
    'x="return=minimal, odata.maxpagesize=7"',
    'no-return=minimal',
    'odata.maxpagesize=0, maxpagesize=5',
    'odata.maxpagesize=-1',
    'odata.maxpagesize=7x',
    'return minimal',
  ]) {
    assert.deepEqual(parsePreferences(header), {}, header);
  }
});

test('what was followed is said, and nothing else', () => {
  const preferences = parsePreferences('return=minimal, odata.maxpagesize=7');
  assert.deepEqual(preferenceApplied(preferences, ['return', 'unknownMembers']), {
    'preference-applied': 'return=minimal',
  });
  assert.deepEqual(preferenceApplied(preferences, ['return', 'maxPageSize']), {
    'preference-applied': 'return=minimal, odata.maxpagesize=7',
  });
  assert.deepEqual(preferenceApplied({}, ['return', 'maxPageSize']), {});
});
