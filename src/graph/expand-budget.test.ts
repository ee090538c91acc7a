import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Versioned } from '../directory/index.ts';
import { type EntityType, entities } from '../model/index.ts';
import { besideBudget } from './expand-budget.ts';
import { readPage } from './read-page.ts';

const user = (id: string, more: object = {}): Versioned<EntityType> => ({
  etag: 'W/"1"',
  type: entities.user,
  entity: { id, ...more } as Versioned<EntityType>['entity'],
});
const users = (number: number) => Array.from({ length: number }, (_, at) => user(String(at)));
const tooMuch = { code: 'graph.tooMuchBeside', status: 400 };

test('so many entities, or so many bytes, are shown beside others, and no more', () => {
  const budget = besideBudget();
  assert.equal(budget.spend(users(9_000)).length, 9_000);
  assert.equal(budget.spend(users(1_000)).length, 1_000);
  assert.throws(() => budget.spend(users(1)), tooMuch);
  const large = user('large', { jobTitle: 'x'.repeat(10_000_000) });
  const other = besideBudget();
  other.spend([large]);
  assert.throws(() => other.spend([large]), tooMuch);
});

test('a media stream is neither kept nor counted beside others', () => {
  const page = {
    ...user('page', { content: 'x'.repeat(10_000_000) }),
    type: entities.userFlowLanguagePage,
  };
  const budget = besideBudget();
  for (let at = 0; at < 3; at += 1) assert.deepEqual(budget.spend([page])[0]?.entity, { id: 'page', content: null });
});

/** A collection of users, each of which has as many others beside it. */
const reading = (all: readonly Versioned<EntityType>[], beside: number) => ({
  levels: 1,
  async find({ after = '0', limit }: { readonly after?: string; readonly limit: number }) {
    const end = Number(after) + limit;
    return { items: all.slice(Number(after), end), ...(end < all.length ? { next: String(end) } : {}) };
  },
  async beside(items: readonly Versioned<EntityType>[]) {
    const budget = besideBudget();
    return items.map((found) => ({
      found,
      expanded: { others: { items: budget.spend(users(beside)).map((one) => ({ found: one, expanded: {} })) } },
    }));
  },
});

test('a page on which there would be too much is read in smaller portions, and ends early', async () => {
  const all = users(100);
  const seen: string[] = [];
  for (let after: string | undefined = '0'; after !== undefined; ) {
    const page = await readPage({ limit: 100, count: false, after }, reading(all, 900));
    assert.ok(page.items.length >= 1 && page.items.length < 30, String(page.items.length));
    seen.push(...page.items.map(({ found }) => found.entity.id));
    after = page.next;
  }
  assert.deepEqual(
    seen,
    all.map(({ entity }) => entity.id),
  );
});

test('one entity that has too much beside it cannot be shown', async () => {
  await assert.rejects(readPage({ limit: 100, count: false }, reading(users(3), 10_001)), tooMuch);
});
