import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placesFor } from './connections.ts';
import { openFilesIn } from './open-files.ts';

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
  assert.deepEqual([512, 1024, 4096, 20_000, undefined].map(placesFor), [256, 512, 3096, 10_000, 10_000]);
});
