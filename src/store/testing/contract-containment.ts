import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Query, Ref } from '../../model/index.ts';
import type { Store } from '../store.ts';
import {
  assignmentRef,
  by,
  eq,
  flowRef,
  identityUserFlow,
  identityUserFlowAttribute,
  identityUserFlowAttributeAssignment,
  idsOf,
  insert,
  isFault,
  pages,
} from './contract.ts';

/** Entities that live in others. */
export function containment(fresh: () => Store): void {
  const population = async () => {
    const store = fresh();
    await store.write(async (t) => {
      await t.insert({ ref: flowRef('B2C_1_A'), values: {} }, by);
      await t.insert({ ref: flowRef('B2C_1_A/x'), values: {} }, by);
      for (const id of ['surname', 'email', 'city']) {
        await t.insert({ ref: assignmentRef('b2c_1_a', id), values: { displayName: id } }, by);
        await t.insert({ ref: assignmentRef('B2C_1_A/x', id), values: {} }, by);
      }
      await t.insert({ ref: { type: identityUserFlowAttribute, id: 'email' }, values: {} }, by);
      const attribute = { type: identityUserFlowAttribute, id: 'email' };
      await t.link(assignmentRef('B2C_1_A', 'email'), 'userAttribute', attribute, by);
    });
    return store;
  };
  const within = (flow: string) => [{ parent: flowRef(flow), navigation: 'userAttributeAssignments' }];

  test('contained: kept in its place, in order of creation unless told, and not at the top', async () => {
    const store = await population();
    const type = identityUserFlowAttributeAssignment;
    const find = async (query: Partial<Query>) => (await pages(store, { type, limit: 2, ...query })).flat();
    assert.deepEqual(await find({ within: within('b2c_1_A') }), ['surname', 'email', 'city']);
    assert.deepEqual(await find({}), []);
    assert.deepEqual(await find({ within: [] }), []);
    const order = [{ path: ['id'], descending: false }];
    assert.deepEqual(await find({ within: within('B2C_1_A'), order }), ['city', 'email', 'surname']);
    const both = [...within('B2C_1_A'), ...within('B2C_1_A/x')];
    assert.deepEqual(await find({ within: both, order }), ['city', 'city', 'email', 'email', 'surname', 'surname']);
    const sorted = [{ path: ['displayName'], descending: true }];
    assert.equal((await find({ within: both, order: sorted })).length, 6);
    assert.deepEqual(await find({ within: both, filter: eq('displayName', 'EMAIL') }), ['email']);
  });

  test('contained: a row names its place as it is stored', async () => {
    const store = await population();
    const row = await store.read((r) => r.get(assignmentRef('b2c_1_a', 'EMAIL')));
    assert.equal(row?.id, 'email');
    assert.equal(row.within?.navigation, 'userAttributeAssignments');
    assert.deepEqual([row.within.parent.type.name, row.within.parent.id], ['b2cIdentityUserFlow', 'B2C_1_A']);
    assert.equal(await store.read((r) => r.get({ type: identityUserFlowAttributeAssignment, id: 'email' })), undefined);
    const throughBase: Ref = {
      type: identityUserFlowAttributeAssignment,
      id: 'email',
      within: { parent: { type: identityUserFlow, id: 'B2C_1_a' }, navigation: 'userAttributeAssignments' },
    };
    assert.equal((await store.read((r) => r.get(throughBase)))?.id, 'email');
  });

  test('contained: a missing parent is absent; an id is taken within its place only', async () => {
    const store = await population();
    await assert.rejects(insert(store, assignmentRef('none', 'email')), isFault('store.absent', { id: 'none' }));
    await assert.rejects(insert(store, assignmentRef('B2C_1_A', 'Email')), isFault('store.exists', { property: 'id' }));
  });

  test('remove: takes what is contained with it and nothing of a neighbour', async () => {
    const store = await population();
    const { changes } = await store.write((t) => t.remove(flowRef('b2c_1_a'), by));
    const root = { type: 'b2cIdentityUserFlow', key: 'B2C_1_A' };
    assert.deepEqual(
      changes.map(({ key, verb, root: top }) => [key, verb, top]),
      [['B2C_1_A', 'deleted', undefined], ...['surname', 'email', 'city'].map((key) => [key, 'deleted', root])],
    );
    await insert(store, flowRef('B2C_1_A'));
    const type = identityUserFlowAttributeAssignment;
    const count = async (flow: string) =>
      (await store.read((r) => r.find({ type, within: within(flow), limit: 9 }))).items.length;
    assert.deepEqual([await count('B2C_1_A'), await count('B2C_1_A/x')], [0, 3]);
    await insert(store, assignmentRef('B2C_1_A', 'email'));
    const linked = await store.read((r) => r.linked([assignmentRef('B2C_1_A', 'email')], 'userAttribute'));
    assert.deepEqual(idsOf(linked[0]), []);
  });
}
