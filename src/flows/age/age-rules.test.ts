import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageIn, yearsSince } from './age-rules.ts';

const at = (day: string): number => Date.parse(`${day}T12:00:00Z`) / 1000;

test('age: a year is complete on the birthday, and on 1 March for who was born on 29 February', () => {
  assert.equal(yearsSince('2008-06-15', at('2026-06-14')), 17);
  assert.equal(yearsSince('2008-06-15', at('2026-06-15')), 18);
  assert.equal(yearsSince('2008-02-29', at('2026-02-28')), 17);
  assert.equal(yearsSince('2008-02-29', at('2026-03-01')), 18);
  assert.equal(yearsSince('2008-02-29', at('2028-02-29')), 20);
});

test('age: what the law makes of it depends on the country', () => {
  const now = at('2026-06-15');
  const born = (years: number): string => `${2026 - years}-06-15`;
  for (const [country, years, group, consentNotRequired] of [
    ['DE', 15, 'minor', undefined],
    ['DE', 16, 'notAdult', undefined],
    ['DE', 17, 'notAdult', undefined],
    ['DE', 18, 'adult', undefined],
    ['US', 12, 'minor', undefined],
    ['US', 13, 'notAdult', undefined],
    ['AT', 14, 'notAdult', undefined],
    ['KR', 18, 'notAdult', undefined],
    ['KR', 19, 'adult', undefined],
    ['SG', 20, 'minor', true],
    ['SG', 21, 'adult', undefined],
    ['BR', 5, 'minor', true],
    ['BR', 18, 'adult', undefined],
  ] as const) {
    const expected = { ageGroup: group, ...(consentNotRequired ? { consentNotRequired } : {}) };
    assert.deepEqual(ageIn(country, born(years), now), expected, `${country} ${years}`);
  }
});
