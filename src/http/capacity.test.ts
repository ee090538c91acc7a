import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFilesIn, placesFor } from './capacity.ts';

const told = (soft: string) => `Limit                     Soft Limit           Hard Limit           Units
Max core file size        0                    unlimited            bytes
Max open files            ${soft.padEnd(20)} 524288               files
`;

test('the number of open files is read as Linux tells it, and is unknown where it has no bound', () => {
  assert.equal(openFilesIn(told('1024')), 1024);
  assert.equal(openFilesIn(told('unlimited')), undefined);
  assert.equal(openFilesIn(''), undefined);
});

test('connections leave files for everything else', () => {
  const places = (openFiles?: number) => placesFor({ openFiles, memory: 64e9, processes: 1 });
  assert.deepEqual([512, 1024, 4096, 20_000, undefined].map(places), [256, 512, 3096, 10_000, 10_000]);
});

test('connections leave memory for everything else, of all processes together', () => {
  const places = (memory: number, processes = 1) => placesFor({ memory, processes });
  assert.deepEqual([places(400e6), places(4e9), places(4e9, 4)], [1_000, 10_000, 2_500]);
});
