import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoDateTime, supportTime } from './clock.ts';

test('the same second in the form of data and in the form of error pages', () => {
  assert.equal(isoDateTime(1_795_255_200), '2026-11-21T10:00:00Z');
  assert.equal(supportTime(1_795_255_200), '2026-11-21 10:00:00Z');
});
