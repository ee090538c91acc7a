import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adjustableClock } from '../kernel/index.ts';
import { createSpans } from './spans.ts';

function bench(capacity: number, goesOn: readonly string[] = []) {
  const clock = adjustableClock({ now: () => 1_800_000_000 });
  const ended: string[] = [];
  const spans = createSpans<string>({
    clock,
    seconds: 60,
    capacity,
    ended(value) {
      ended.push(value);
      return goesOn.includes(value);
    },
  });
  return { clock, ended, spans };
}

test('a value is there until its time is over, and what began first ends first', () => {
  const { clock, ended, spans } = bench(5);
  for (const key of ['a', 'b']) {
    spans.open(key, key);
    clock.advance(30);
  }
  spans.end();
  assert.deepEqual([ended, spans.get('a'), spans.get('b')], [['a'], undefined, 'b']);
  clock.advance(29);
  assert.equal(spans.get('b'), 'b');
  clock.advance(1);
  assert.equal(spans.get('b'), undefined);
  assert.deepEqual([ended, spans.size], [['a', 'b'], 0]);
});

test('the oldest ends before its time when there is no room, and does not go on', () => {
  const { ended, spans } = bench(2, ['a', 'b']);
  for (const key of ['a', 'b', 'c']) spans.open(key, key);
  assert.deepEqual([ended, spans.size, spans.get('a')], [['a'], 2, undefined]);
  spans.end('all');
  assert.deepEqual([ended, spans.size], [['a', 'b', 'c'], 0]);
});

test('what goes on has a span from then on', () => {
  const { clock, ended, spans } = bench(2, ['a']);
  spans.open('a', 'a');
  clock.advance(90);
  spans.end();
  clock.advance(59);
  assert.equal(spans.get('a'), 'a');
  clock.advance(1);
  spans.end();
  assert.deepEqual([ended, spans.get('a')], [['a', 'a'], 'a']);
});

test('no span outlasts a clock that is set back', () => {
  const { clock, ended, spans } = bench(2);
  spans.open('a', 'a');
  clock.advance(-3600);
  assert.equal(spans.get('a'), undefined);
  assert.deepEqual(ended, ['a']);
});
