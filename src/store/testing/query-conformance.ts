import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { newId, silent, system, systemClock } from '../../kernel/index.ts';
import type { EntityType, Filter, Page, Query } from '../../model/index.ts';
import type { Database, OpenOptions, Row, Store } from '../store.ts';
import {
  type Asked,
  expected,
  extension,
  filters,
  large,
  orders,
  queryTypes,
  type Sample,
  samples,
  small,
} from './query-cases.ts';

const by = system('conformance');

export async function store(target: Store, type: EntityType, stored: readonly Sample[]): Promise<void> {
  await target.write(async (t) => {
    for (const { id, values } of stored) await t.insert({ ref: { type, id }, values }, by);
    for (const { id, friends } of stored) {
      for (const friend of friends) await t.link({ type, id }, 'friends', { type, id: friend }, by);
    }
  });
}

/** Every row of a query, page by page; a page may end before it is full. */
export async function everyPage(query: Query, find: (query: Query) => Promise<Page<Row>>): Promise<readonly string[]> {
  const found: string[] = [];
  let page = await find(query);
  for (let pages = 1; ; pages += 1) {
    assert.ok(page.items.length <= query.limit);
    assert.ok(pages < 500, 'the pages come to an end');
    found.push(...page.items.map(({ id }) => id));
    if (page.next === undefined) return found;
    page = await find({ ...query, count: false, after: page.next });
  }
}

const random = { seed: 20_261_121, numRuns: 400, endOnFailure: true } as const;

/** The contract of queries as tests: every engine answers every filter as the reference evaluator does, in whatever pages. */
export function queryConformance(name: string, open: (options: OpenOptions) => Promise<Database>): void {
  describe(`${name} answers queries`, () => {
    let database: Database;
    const stored = fc.sample(samples(40), { seed: random.seed, numRuns: 1 })[0] ?? [];
    const tenants = new Map<EntityType, Store>();
    before(async () => {
      database = await open({ clock: systemClock, observe: silent, types: queryTypes });
      for (const type of queryTypes) {
        const tenant = database.tenant(newId());
        tenants.set(type, tenant);
        await store(tenant, type, stored);
      }
    });
    after(() => database.close());
    const find = (query: Query) => {
      const tenant = tenants.get(query.type);
      assert.ok(tenant);
      return tenant.read((reader) => reader.find(query));
    };

    for (const type of queryTypes) {
      test(`every filter and order finds of ${type.name} what the reference finds`, async () => {
        await fc.assert(
          fc.asyncProperty(filters, orders, fc.integer({ min: 1, max: 50 }), async (filter, order, limit) => {
            const wanted = expected(type, stored, { filter, order });
            const query = { type, filter, order, limit, count: true };
            assert.deepEqual(await everyPage(query, find), wanted);
            const { count } = await find(query);
            assert.ok(count === undefined || count === wanted.length, `${count} are counted`);
          }),
          random,
        );
      });
    }
    changes(() => database);
    passing(stored, find);
  });
}

function changes(database: () => Database): void {
  const ids = async (tenant: Store, filter: Filter): Promise<readonly string[]> =>
    (await tenant.read((r) => r.find({ type: large, filter, limit: 99 }))).items.map(({ id }) => id);
  const word: Filter = { op: 'word', path: ['title'], value: 'van' };
  const ends: Filter = { op: 'endsWith', path: ['title'], value: 'CE' };
  const element: Filter = { op: 'any', path: ['tags'], where: { op: 'eq', path: [], value: 'RED' } };
  const member: Filter = { op: 'eq', path: [extension], value: 'gold' };
  const every = [word, ends, element, member];
  const values = { title: 'Adele Vance', tags: ['red', 'Red', 'blue'], [extension]: 'Gold' };

  test('what is not in a column is found as it was written last, until it is removed, and by its own tenant only', async () => {
    const [tenant, other] = [database().tenant(newId()), database().tenant(newId())];
    const ref = { type: large, id: 'x' };
    const found = () => Promise.all(every.map((filter) => ids(tenant, filter)));
    await tenant.write((t) => t.insert({ ref, values }, by));
    assert.deepEqual(await found(), [['x'], ['x'], ['x'], ['x']]);
    await tenant.write((t) => t.update({ ref, values: { ...values, title: 'Adele', tags: ['blue'] } }, by, ['title']));
    assert.deepEqual(await found(), [[], [], [], ['x']]);
    await tenant.write((t) => t.update({ ref, values: { title: 'Vance' } }, by, ['title']));
    assert.deepEqual(await found(), [['x'], ['x'], [], []]);
    for (const filter of every) assert.deepEqual(await ids(other, filter), []);
    await tenant.write((t) => t.remove(ref, by));
    assert.deepEqual(await found(), [[], [], [], []]);
    await tenant.write((t) => t.insert({ ref, values }, by));
    assert.deepEqual(await found(), [['x'], ['x'], ['x'], ['x']]);
  });

  test('what a failed write would have changed is found as before', async () => {
    const tenant = database().tenant(newId());
    const ref = { type: large, id: 'x' };
    await tenant.write((t) => t.insert({ ref, values }, by));
    const failed = tenant.write(async (t) => {
      await t.update({ ref, values: { title: 'Koch' } }, by, ['title']);
      throw new RangeError('given up');
    });
    await assert.rejects(failed, RangeError);
    for (const filter of every) assert.deepEqual(await ids(tenant, filter), ['x']);
    assert.deepEqual(await ids(tenant, { op: 'word', path: ['title'], value: 'koch' }), []);
  });

  test('long texts are told apart, and found by their beginning and end', async () => {
    const tenant = database().tenant(newId());
    const long = 'x'.repeat(3000);
    for (const [id, tag] of [
      ['a', `${long}a`],
      ['b', `${long}b`],
    ] as const) {
      await tenant.write((t) => t.insert({ ref: { type: large, id }, values: { tags: [tag] } }, by));
    }
    const any = (where: Filter): Filter => ({ op: 'any', path: ['tags'], where });
    assert.deepEqual(await ids(tenant, any({ op: 'eq', path: [], value: `${long}B` })), ['b']);
    assert.deepEqual(await ids(tenant, any({ op: 'startsWith', path: [], value: `${long}a` })), ['a']);
    assert.deepEqual(await ids(tenant, any({ op: 'endsWith', path: [], value: `${long}a` })), ['a']);
    assert.deepEqual(await ids(tenant, any({ op: 'gt', path: [], value: `${long}a` })), ['b']);
    assert.deepEqual(await ids(tenant, any({ op: 'startsWith', path: [], value: 'X' })), ['a', 'b']);
  });
}

function passing(stored: readonly Sample[], find: (query: Query) => Promise<Page<Row>>): void {
  const all: Asked = { filter: { op: 'and', terms: [] }, order: [] };

  test('rows are passed over before the first page, and never between pages', async () => {
    const wanted = expected(small, stored, all);
    for (const skip of [0, 1, 7, 39, 40, 10_000]) {
      const first = await find({ type: small, limit: 5, skip, count: true });
      assert.equal(first.count, stored.length);
      const rest = first.next === undefined ? [] : await everyPage({ type: small, limit: 5, after: first.next }, find);
      assert.deepEqual([...first.items.map(({ id }) => id), ...rest], wanted.slice(skip));
    }
    const filter: Filter = { op: 'ne', path: ['note'], value: 'a' };
    const found = expected(small, stored, { filter, order: [] });
    const { items } = await find({ type: small, filter, limit: 3, skip: 4 });
    assert.deepEqual(
      items.map(({ id }) => id),
      found.slice(4, 7),
    );
  });
}
