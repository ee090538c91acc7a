import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLru } from './lru.ts';

test('the value used longest ago makes room, and whoever filled it is told which', () => {
  const lru = createLru<number>(2);
  assert.equal(lru.set('a', 1), undefined);
  assert.equal(lru.set('b', 2), undefined);
  assert.equal(lru.get('a'), 1);
  assert.equal(lru.set('c', 3), 2);
  assert.equal(lru.get('b'), undefined);
  assert.deepEqual([lru.get('a'), lru.get('c')], [1, 3]);
});

test('a value replaced under its own key pushes nothing out', () => {
  const lru = createLru<number>(2);
  lru.set('a', 1);
  lru.set('b', 2);
  assert.equal(lru.set('a', 4), undefined);
  assert.deepEqual([lru.get('a'), lru.get('b')], [4, 2]);
});

test('what was deleted or cleared is gone', () => {
  const lru = createLru<number>(2);
  lru.set('a', 1);
  lru.delete('a');
  assert.equal(lru.get('a'), undefined);
  lru.set('b', 2);
  lru.clear();
  assert.equal(lru.get('b'), undefined);
});

test('what a test says yes to is gone, the rest keeps its order', () => {
  const lru = createLru<number>(3);
  for (const [index, key] of ['a', 'b', 'c'].entries()) lru.set(key, index);
  lru.prune((value, key) => value === 1 || key === 'none');
  assert.deepEqual([lru.get('b'), lru.set('d', 3), lru.set('e', 4)], [undefined, undefined, 0]);
});
