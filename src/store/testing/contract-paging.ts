import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from '../../model/index.ts';
import type { Store } from '../store.ts';
import { by, idsOf, insert, isFault, pages, user, userRef, where } from './contract.ts';

/** Orders, pages and counts. */
export function paging(fresh: () => Store): void {
  test('find: in order of id without regard to case, limit at a time, no empty last page', async () => {
    const store = fresh();
    for (const id of ['b', 'A', 'C', 'd']) await insert(store, userRef(id));
    assert.deepEqual(await pages(store, { type: user, limit: 2 }), [
      ['A', 'b'],
      ['C', 'd'],
    ]);
    assert.deepEqual(await pages(store, { type: user, limit: 3 }), [['A', 'b', 'C'], ['d']]);
    assert.deepEqual(await pages(store, { type: user, limit: 4 }), [['A', 'b', 'C', 'd']]);
    assert.deepEqual(await pages(fresh(), { type: user, limit: 4 }), [[]]);
  });

  test('count: every match, on every page', async () => {
    const store = fresh();
    for (const id of ['a', 'b', 'c']) await insert(store, userRef(id), { displayName: id });
    const filter = where('gt', 'displayName', 'a');
    const first = await store.read((r) => r.find({ type: user, limit: 1, filter, count: true }));
    assert.deepEqual([idsOf(first.items), first.count], [['b'], 2]);
    const rest = { type: user, limit: 1, filter, count: true, after: first.next ?? '' };
    const second = await store.read((r) => r.find(rest));
    assert.deepEqual([idsOf(second.items), second.count, second.next], [['c'], 2, undefined]);
    assert.equal('count' in (await store.read((r) => r.find({ type: user, limit: 1 }))), false);
  });

  const orders: readonly (readonly [string, readonly Order[]])[] = [
    ['indexed', [{ path: ['displayName'], descending: false }]],
    ['indexed, descending', [{ path: ['displayName'], descending: true }]],
    ['not indexed', [{ path: ['jobTitle'], descending: false }]],
    ['not indexed, descending', [{ path: ['jobTitle'], descending: true }]],
    [
      'by two properties in two directions',
      [
        { path: ['accountEnabled'], descending: true },
        { path: ['jobTitle'], descending: false },
      ],
    ],
    [
      'by two properties in two directions, turned',
      [
        { path: ['jobTitle'], descending: false },
        { path: ['displayName'], descending: true },
      ],
    ],
    ['id, descending', [{ path: ['id'], descending: true }]],
    ['numbers', [{ path: ['level'], descending: false }]],
  ];

  test('order: pages of any size are the whole order, null first (last when descending), ties by id', async (context) => {
    const store = fresh();
    const pool = ['ä', 'Z', 'a', 'A', 'zz', null, undefined, '\u{1F600}', '\uFF5E'];
    for (const [index, id] of Array.from('abcdefghijklmnopqr').entries()) {
      const displayName = pool[index % pool.length];
      const jobTitle = pool[(index * 5) % 7];
      const values = { displayName, jobTitle, accountEnabled: index % 3 === 0, level: (index * 7) % 11 };
      await insert(store, userRef(id), values);
    }
    for (const [sentence, order] of orders) {
      await context.test(sentence, async () => {
        const [whole] = await pages(store, { type: user, limit: 99, order });
        assert.equal(whole?.length, 18);
        for (const limit of [1, 4, 7]) {
          assert.deepEqual((await pages(store, { type: user, limit, order })).flat(), whole);
        }
      });
    }
    const byName = { type: user, limit: 99, order: [{ path: ['displayName'], descending: false }] };
    const { items } = await store.read((r) => r.find(byName));
    // By code point: U+FF5E comes before U+1F600, which UTF-16 units would turn round.
    const names = [
      'null',
      'null',
      'null',
      'null',
      'a',
      'A',
      'a',
      'A',
      'Z',
      'Z',
      'zz',
      'zz',
      'ä',
      'ä',
      '\uFF5E',
      '\uFF5E',
      '\u{1F600}',
      '\u{1F600}',
    ];
    assert.deepEqual(
      items.map(({ values }) => String(values['displayName'] ?? null)).map((n) => n.toLowerCase()),
      names.map((n) => n.toLowerCase()),
    );
  });

  test('paging: rows inserted and removed meanwhile neither repeat nor hide the others', async () => {
    const store = fresh();
    for (const id of ['b', 'd', 'f', 'h']) await insert(store, userRef(id), { displayName: id });
    for (const order of [undefined, [{ path: ['displayName'], descending: false }]]) {
      const query = { type: user, limit: 2, ...(order ? { order } : {}) };
      const found = await pages(store, query, async (page) => {
        if (page !== 1) return;
        await insert(store, userRef('a'), { displayName: 'a' });
        await insert(store, userRef('g'), { displayName: 'g' });
        await store.write((t) => t.remove(userRef('d'), by));
      });
      assert.deepEqual(found.flat(), ['b', 'd', 'f', 'g', 'h']);
      for (const id of ['a', 'g']) await store.write((t) => t.remove(userRef(id), by));
      await insert(store, userRef('d'), { displayName: 'd' });
    }
  });

  test('after: a token that is none, or one of another order, is refused', async () => {
    const store = fresh();
    for (const id of ['a', 'b']) await insert(store, userRef(id), { displayName: id });
    const { next } = await store.read((r) => r.find({ type: user, limit: 1 }));
    assert.ok(next);
    const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const tokens = ['', 'x', '%%%', "' OR 1=1", forged(null), forged([]), forged(['+id', [{}]]), forged(['+id', [1]])];
    for (const after of [...tokens, forged(['+id', []]), `${next}AAAA`, 'A'.repeat(100_000)]) {
      await assert.rejects(
        store.read((r) => r.find({ type: user, limit: 1, after })),
        isFault('store.badCursor'),
      );
    }
    const by = (name: string, descending = false) => ({ order: [{ path: [name], descending }] });
    const named = await store.read((r) => r.find({ type: user, limit: 1, ...by('displayName') }));
    const elsewhere = [by('surname'), by('displayName', true), {}].map((order) => ({
      ...order,
      after: named.next ?? '',
    }));
    for (const query of [...elsewhere, { ...by('displayName'), after: next }]) {
      await assert.rejects(
        store.read((r) => r.find({ type: user, limit: 1, ...query })),
        isFault('store.badCursor'),
      );
    }
  });
}
