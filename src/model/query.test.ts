import assert from 'node:assert/strict';
import { test } from 'node:test';
import { user } from './entities/user.ts';
import { everyItem, largestPage, type Page, type Query } from './query.ts';

test('all pages are read, also those behind an empty one, with what was asked for', async () => {
  const pages: readonly Page<number>[] = [{ items: [1, 2], next: 'a' }, { items: [], next: 'b' }, { items: [3] }];
  const asked: Query[] = [];
  const find = async (query: Query): Promise<Page<number>> => pages[asked.push(query) - 1] ?? { items: [] };
  assert.deepEqual(await everyItem(find, { type: user }), [1, 2, 3]);
  assert.deepEqual(
    asked.map(({ type, limit, after }) => [type.name, limit, after]),
    [
      ['user', largestPage, undefined],
      ['user', largestPage, 'a'],
      ['user', largestPage, 'b'],
    ],
  );
});
