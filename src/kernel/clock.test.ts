import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adjustableClock, agreedClock, isoDateTime, supportTime } from './clock.ts';

test('the same second in the form of data and in the form of error pages', () => {
  assert.equal(isoDateTime(1_795_255_200), '2026-11-21T10:00:00Z');
  assert.equal(supportTime(1_795_255_200), '2026-11-21 10:00:00Z');
});

test('a clock that others agree with goes by what it is told, and not by the machine any more', (t) => {
  const clock = adjustableClock(agreedClock());
  t.mock.method(Date, 'now', () => 1_795_255_500_000);
  assert.equal(clock.now(), 1_795_255_500);
  clock.agree?.(1_795_255_200_500);
  const machine = t.mock.method(Date, 'now', () => 0);
  assert.equal(clock.now(), 1_795_255_200);
  clock.advance(60);
  assert.equal(clock.now(), 1_795_255_260);
  assert.equal(machine.mock.callCount(), 0);
});

test('time goes on slowly while it has to wait for a clock that was set back, and follows one that had been wrong', (t) => {
  const second = 1_000;
  let [machine, elapsed] = [1_795_255_200 * second, 0];
  t.mock.method(Date, 'now', () => machine);
  t.mock.method(performance, 'now', () => elapsed);
  const go = (seconds: number) => {
    machine += seconds * second;
    elapsed += seconds * second;
  };
  const clock = agreedClock();
  const began = clock.now();
  machine -= 300 * second;
  assert.equal(clock.now() - began, 0);
  go(300);
  assert.equal(clock.now() - began, 150, 'half as fast');
  go(300);
  assert.equal(clock.now() - began, 300);
  go(10);
  assert.equal(clock.now() - began, 310, 'as before');
  machine += 3_600 * second;
  assert.equal(clock.now() - began, 3_910, 'forward at once');
  machine -= 3_600 * second;
  assert.equal(clock.now() - began, 310, 'back at once where nobody could wait so long');
});
