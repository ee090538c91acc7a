import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { fuzzRuns, fuzzSeed } from '../../../test/support/random.ts';
import { newId, silent, system, systemClock } from '../../kernel/index.ts';
import { type EntityType, type Filter, familyOf, type Order, type Page, type Query } from '../../model/index.ts';
import type { Limits } from '../limits.ts';
import type { Database, OpenOptions, Row, Store } from '../store.ts';
import {
  type Asked,
  expected,
  extension,
  filters,
  indexedOrders,
  large,
  orders,
  parents,
  queryTypes,
  refOf,
  type Sample,
  samples,
  small,
  targets,
} from './query-cases.ts';

const by = system('conformance');

async function store(target: Store, type: EntityType, stored: readonly Sample[]): Promise<void> {
  await target.write(async (t) => {
    if (refOf(type, { id: 'x' }).within) for (const ref of parents) await t.insert({ ref, values: {} }, by);
    for (const sample of stored) await t.insert({ ref: refOf(type, sample), values: sample.values }, by);
    for (const sample of stored) {
      for (const id of sample.friends) await t.link(refOf(type, sample), 'friends', refOf(type, { id }), by);
    }
  });
}

/** Every row of a query, page by page; a page may end before it is full. */
async function everyPage(query: Query, find: Find): Promise<readonly string[]> {
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

const runs = fuzzRuns(400);
/** Milliseconds, on a machine that does much else. */
const timeout = 60_000 + 200 * runs;
const random = { seed: fuzzSeed, numRuns: runs, endOnFailure: true } as const;

/** So little that pages end early, lists are cut and most orders are walked. */
const little: Limits = { listed: 4, window: { first: 3, next: 7 }, walked: { page: 20, count: 30 } };

const stored = fc.sample(samples(40), { seed: fuzzSeed, numRuns: 1 })[0] ?? [];

type Open = (options: OpenOptions) => Promise<Database>;
type Find = (query: Query) => Promise<Page<Row>>;

/** The contract of queries as tests: every engine answers every filter as the reference evaluator does, in whatever pages. */
export function queryConformance(name: string, open: Open): void {
  describe(`${name} answers queries (${runs} of each kind, seed ${fuzzSeed})`, () => {
    const { database, find } = filled(open, {});
    generated(orders, find);
    changes(database);
    passing(find);
  });
  describe(`${name} answers queries of which it may examine little (${runs} of each kind, seed ${fuzzSeed})`, () => {
    // What SQL does not order is sorted as a whole, or refused.
    generated(indexedOrders, filled(open, { limits: little }).find);
  });
}

/** A database with the samples, once as each type. */
function filled(open: Open, options: Partial<OpenOptions>): { readonly database: () => Database; readonly find: Find } {
  let opened: Database | undefined;
  const tenants = new Map<EntityType, Store>();
  const database = () => {
    assert.ok(opened);
    return opened;
  };
  before(async () => {
    opened = await open({ clock: systemClock, observe: silent, types: queryTypes, ...options });
    for (const { stored: type } of targets) {
      const tenant = opened.tenant(newId());
      tenants.set(type, tenant);
      await store(tenant, type, stored);
    }
  });
  after(() => opened?.close());
  const find: Find = (query) => {
    const tenant = tenants.get(familyOf(query.type));
    assert.ok(tenant);
    return tenant.read((reader) => reader.find(query));
  };
  return { database, find };
}

function generated(order: fc.Arbitrary<readonly Order[]>, find: Find): void {
  for (const { stored: type, asked } of targets) {
    const queries = fc.record({ filter: filters, order, target: asked, limit: fc.integer({ min: 1, max: 50 }) });
    test(`every filter and order finds of ${type.name} what the reference finds`, { timeout }, async () => {
      await fc.assert(
        fc.asyncProperty(queries, async ({ target, limit, ...rest }) => {
          const wanted = expected(type, stored, { ...rest, ...target });
          const query = { ...rest, ...target, limit, count: true };
          assert.deepEqual(await everyPage(query, find), wanted);
          const { count } = await find(query);
          assert.ok(count === undefined || count === wanted.length, `${count} are counted`);
        }),
        random,
      );
    });
  }
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

function passing(find: Find): void {
  const all: Asked = { type: small, filter: { op: 'and', terms: [] }, order: [] };

  test('rows are passed over before the first page, and never between pages', async () => {
    const wanted = expected(small, stored, all);
    for (const skip of [0, 1, 7, 39, 40, 10_000]) {
      const first = await find({ type: small, limit: 5, skip, count: true });
      assert.equal(first.count, stored.length);
      const rest = first.next === undefined ? [] : await everyPage({ type: small, limit: 5, after: first.next }, find);
      assert.deepEqual([...first.items.map(({ id }) => id), ...rest], wanted.slice(skip));
    }
    const filter: Filter = { op: 'ne', path: ['note'], value: 'a' };
    const found = expected(small, stored, { type: small, filter, order: [] });
    const { items } = await find({ type: small, filter, limit: 3, skip: 4 });
    assert.deepEqual(
      items.map(({ id }) => id),
      found.slice(4, 7),
    );
  });
}
