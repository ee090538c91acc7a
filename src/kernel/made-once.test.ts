import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeOnce, settled } from './made-once.ts';

test('what is made of a settled object is made once, and of any other each time', () => {
  let made = 0;
  const sizeOf = madeOnce(({ items }: { readonly items: readonly number[] }) => {
    made += 1;
    return items.length;
  });
  const [open, kept] = [{ items: [1, 2] }, settled({ items: [1, 2, 3] })];
  assert.deepEqual([sizeOf(open), sizeOf(open), made], [2, 2, 2]);
  assert.deepEqual([sizeOf(kept), sizeOf(kept), made], [3, 3, 3]);
});

test('a settled value cannot be changed at any depth', () => {
  const kept = settled({ name: 'a', inner: { list: [{ deep: 1 }] } });
  assert.throws(() => Object.assign(kept, { name: 'b' }), TypeError);
  assert.throws(() => Object.assign(kept.inner.list[0] ?? {}, { deep: 2 }), TypeError);
  assert.throws(() => kept.inner.list.push({ deep: 2 }), TypeError);
});
