import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGate } from './gate.ts';

const taken = (gate: ReturnType<typeof createGate>, key: string, times: number): number =>
  Array.from({ length: times }, () => gate.enter(key)).filter((leave) => leave !== undefined).length;

test('one key alone gets half of the places, and a second one a share of the rest', () => {
  const gate = createGate(100);
  assert.equal(taken(gate, 'flood', 1000), 50);
  assert.equal(taken(gate, 'somebody', 10), 10);
});

test('however many keys take what they can, one that has nothing yet gets in', () => {
  const gate = createGate(128);
  for (let round = 0; round < 200; round += 1) {
    for (let key = 0; key < 40; key += 1) gate.enter(`flood ${key}`);
  }
  assert.notEqual(gate.enter('somebody'), undefined);
});

test('a place that was given back twice is free once', () => {
  const gate = createGate(2);
  const leave = gate.enter('a');
  assert.equal(gate.enter('a'), undefined);
  leave?.();
  leave?.();
  assert.equal(taken(gate, 'a', 5), 1);
});

test('no more places are held than there are', () => {
  const gate = createGate(8);
  const all = Array.from({ length: 1000 }, (_, key) => gate.enter(String(key))).filter((leave) => leave !== undefined);
  assert.equal(all.length, 8);
});

test('a gate without places lets nobody in', () => {
  assert.equal(createGate(0).enter('a'), undefined);
});
