import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import type { Change } from '../store/index.ts';
import type { Directory } from './directory.ts';
import { onEveryEngine, server } from './harness.test.ts';
import { createTermIndex } from './term-index.ts';

const type = entities.application;

const indexOf = (directory: Pick<Directory, 'find' | 'onChange'>) =>
  createTermIndex(directory, { type, name: ({ displayName }) => displayName ?? '', terms: ({ tags }) => tags });

onEveryEngine('entities are found by their terms, as they are now', async ({ directory }) => {
  const index = indexOf(directory);
  assert.equal(await index.find('red'), undefined);
  const make = async (displayName: string, tags: readonly string[]) => {
    const { entity } = await directory.create(server, type, { appId: newId(), displayName, tags });
    return { type, id: entity.id };
  };
  const one = await make('one', ['red', 'blue']);
  const two = await make('two', ['blue']);
  assert.deepEqual(await Promise.all(['red', 'blue', 'Red'].map(index.find)), ['one', 'one', undefined]);
  await directory.update(server, one, { tags: ['green'] });
  assert.deepEqual(await Promise.all(['red', 'blue', 'green'].map(index.find)), [undefined, 'two', 'one']);
  await directory.remove(server, two);
  assert.equal(await index.find('blue'), undefined);
});

onEveryEngine('many changes at once are read with all the rest', async ({ directory }) => {
  const reads: number[] = [];
  const index = indexOf({
    onChange: directory.onChange,
    async find(query) {
      const page = await directory.find(query);
      reads.push(page.items.length);
      return page;
    },
  });
  await index.find('x');
  for (let count = 0; count < 510; count += 1) {
    await directory.create(server, type, { appId: newId(), displayName: 'A', tags: [`tag ${count}`] });
  }
  assert.equal(await index.find('tag 0'), 'A');
  assert.equal(await index.find('tag 509'), 'A');
  assert.deepEqual(reads, [0, 510]);
});

onEveryEngine('a reading whose pages end early forgets nothing', async ({ directory }) => {
  const index = indexOf({
    onChange: directory.onChange,
    find: (query) => directory.find({ ...query, limit: 1 }),
  });
  const make = async (tag: string) => {
    const { entity } = await directory.create(server, type, { appId: newId(), displayName: tag, tags: [tag] });
    return { type, id: entity.id };
  };
  const made = [await make('red'), await make('blue'), await make('green')];
  assert.deepEqual(await Promise.all(['red', 'blue', 'green'].map(index.find)), ['red', 'blue', 'green']);
  for (const ref of made) await directory.update(server, ref, { notes: 'x' });
  assert.deepEqual(await Promise.all(['red', 'blue', 'green'].map(index.find)), ['red', 'blue', 'green']);
});

const changeOf = (key: string): Change => ({
  sequence: 1,
  tenantId: '775527ff-9a37-4307-8b3d-cc311f58d925',
  type: type.name,
  key,
  verb: 'updated',
  properties: [],
  by: server,
  at: 1_800_000_000,
});

/** Reads are answered when the test says so, each with one entity of these tags, or with a failure. */
function slowly() {
  const reads: PromiseWithResolvers<readonly string[]>[] = [];
  let hear = (_: Change): void => undefined;
  const index = indexOf({
    onChange(_type, listener) {
      hear = listener as typeof hear;
      return () => undefined;
    },
    async find() {
      const read = Promise.withResolvers<readonly string[]>();
      reads.push(read);
      const entity = { id: 'a', displayName: 'A', tags: await read.promise };
      return { items: [{ etag: '', type, entity }] } as never;
    },
  });
  const tick = () => new Promise((resolve) => setImmediate(resolve));
  const find = async (term: string) => {
    const found = index.find(term);
    await tick();
    return { found };
  };
  return { find, reads, hear: (key = 'a') => hear(changeOf(key)), tick };
}

test('who asks after a change sees it, also when a reading from before it is under way', async () => {
  const { find, reads, hear, tick } = slowly();
  const early = await find('old');
  hear();
  const late = await find('old');
  reads[0]?.resolve(['old']);
  assert.equal(await early.found, 'A');
  await tick();
  reads[1]?.resolve(['new']);
  assert.equal(await late.found, undefined);
  assert.equal(await (await find('new')).found, 'A');
  assert.equal(reads.length, 2);
});

test('a reading that failed is told to those who waited for it, and done again', async () => {
  const { find, reads, hear, tick } = slowly();
  const first = await find('old');
  reads[0]?.resolve(['old']);
  await first.found;
  hear();
  const broken = await find('old');
  const other = await find('new');
  reads[1]?.reject(new RangeError('unreadable'));
  await assert.rejects(broken.found, RangeError);
  await tick();
  reads[2]?.resolve(['new']);
  assert.equal(await other.found, 'A');
});

test('however many ask while a reading is under way, they wait for it and for one more that they share', async () => {
  const { find, reads, hear, tick } = slowly();
  const early = await find('old');
  const askers = [];
  for (let count = 0; count < 50; count += 1) {
    hear(`app ${count}`);
    askers.push(await find('new'));
  }
  assert.equal(reads.length, 1);
  const failed = assert.rejects(early.found, RangeError);
  reads[0]?.reject(new RangeError('too slow'));
  await failed;
  await tick();
  reads[1]?.resolve(['new']);
  for (const { found } of askers) assert.equal(await found, 'A');
  assert.equal(reads.length, 2);
});

test('a change that arrives during any of two readings is read by the next one', async () => {
  const { find, reads, hear, tick } = slowly();
  const first = await find('one');
  hear();
  reads[0]?.resolve(['one']);
  assert.equal(await first.found, 'A');
  const second = await find('two');
  hear();
  reads[1]?.reject(new RangeError('unreadable'));
  await assert.rejects(second.found, RangeError);
  const third = await find('three');
  reads[2]?.resolve(['three']);
  assert.equal(await third.found, 'A');
  await tick();
  assert.equal(await (await find('one')).found, undefined);
  assert.equal(reads.length, 3);
});

test('what was given up while it was read is not kept', async () => {
  const { find, reads, hear, tick } = slowly();
  const early = await find('old');
  for (let count = 0; count <= 500; count += 1) hear(`app ${count}`);
  reads[0]?.resolve(['old']);
  await tick();
  reads[1]?.resolve(['old']);
  assert.equal(await early.found, 'A');
  const late = await find('new');
  reads[2]?.resolve(['new']);
  assert.equal(await late.found, 'A');
});
