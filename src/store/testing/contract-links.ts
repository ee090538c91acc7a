import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ref } from '../../model/index.ts';
import type { Store } from '../store.ts';
import {
  assignmentRef,
  by,
  flowRef,
  identityProviderBase,
  identityUserFlow,
  identityUserFlowAttribute,
  idsOf,
  insert,
  isFault,
  providerRef,
} from './contract.ts';

/** References between entities. */
export function links(fresh: () => Store): void {
  const nav = 'userFlowIdentityProviders';
  const population = async () => {
    const store = fresh();
    await insert(store, flowRef('F1'));
    await insert(store, flowRef('F2'));
    for (const id of ['P3', 'P1', 'P2']) await insert(store, providerRef(id));
    return store;
  };
  const linked = async (store: Store, flow: string, navigation = nav) =>
    idsOf((await store.read((r) => r.linked([flowRef(flow)], navigation)))[0]);

  test('link: targets come back in the order of linking; linking twice is told; the alias is the same link', async () => {
    const store = await population();
    const base = { type: identityProviderBase, id: 'p2' };
    const link = async (navigation: string, target: Ref) => {
      const { value, changes } = await store.write((t) => t.link(flowRef('f1'), navigation, target, by));
      return [value, changes.map(({ type, key, verb, properties }) => [type, key, verb, properties])];
    };
    const change = ['b2cIdentityUserFlow', 'F1', 'updated', [nav]];
    assert.deepEqual(await link(nav, base), [true, [change]]);
    assert.deepEqual(await link('identityProviders', providerRef('P3')), [true, [change]]);
    assert.deepEqual(await link(nav, providerRef('P1')), [true, [change]]);
    assert.deepEqual(await link('identityProviders', providerRef('P2')), [false, []]);
    assert.deepEqual(await linked(store, 'F1'), ['P2', 'P3', 'P1']);
    assert.deepEqual(await linked(store, 'F1', 'identityProviders'), ['P2', 'P3', 'P1']);
    assert.deepEqual(await linked(store, 'F2'), []);
  });

  test('linked: answers for many sources at once, of each in turn, also those without links', async () => {
    const store = await population();
    await store.write(async (t) => {
      await t.link(flowRef('F1'), nav, providerRef('P1'), by);
      await t.link(flowRef('F2'), nav, providerRef('P2'), by);
      await t.link(flowRef('F2'), nav, providerRef('P1'), by);
    });
    const found = await store.read((r) => r.linked([flowRef('f1'), flowRef('F2'), flowRef('none')], nav));
    assert.deepEqual(
      found.map((targets) => idsOf(targets)),
      [['P1'], ['P2', 'P1'], []],
    );
    const [[one] = [], [, other] = []] = found;
    assert.deepEqual(one, other);
    assert.deepEqual([...(await store.read((r) => r.linked([], nav)))], []);
    const first = await store.read((r) => r.linked([flowRef('F1'), flowRef('F2')], nav, 1));
    assert.deepEqual(first.map(idsOf), [['P1'], ['P2']]);
    const none = await store.read((r) => r.linked([flowRef('F2')], nav, 0));
    assert.deepEqual(idsOf(none[0]), []);
  });

  test('linked: of sources whose ids repeat between places each is told its own', async () => {
    const store = await population();
    const navigation = 'userAttribute';
    const attribute = (id: string): Ref => ({ type: identityUserFlowAttribute, id });
    const attributes = { one: attribute('one'), two: attribute('two') } as const;
    const at = [assignmentRef('F1', 'Same'), assignmentRef('F2', 'same'), assignmentRef('F2', 'other')] as const;
    for (const ref of [...at, ...Object.values(attributes)]) await insert(store, ref);
    await store.write(async (t) => {
      await t.link(at[0], navigation, attributes.one, by);
      await t.link(at[1], navigation, attributes.two, by);
    });
    const found = await store.read((r) => r.linked([at[2], at[1], assignmentRef('f1', 'same'), at[1]], navigation));
    assert.deepEqual(
      found.map((targets) => idsOf(targets)),
      [[], ['two'], ['one'], ['two']],
    );
  });

  test('linked: a navigation of the derived type is found through the base type', async () => {
    const store = await population();
    await store.write((t) => t.link({ type: identityUserFlow, id: 'f1' }, nav, providerRef('P1'), by));
    const found = await store.read((r) => r.linked([{ type: identityUserFlow, id: 'F1' }], nav));
    assert.deepEqual(idsOf(found[0]), ['P1']);
  });

  test('link: a missing end is absent, on unlink there simply is no link', async () => {
    const store = await population();
    const attempt = (source: Ref, target: Ref) => store.write((t) => t.link(source, nav, target, by));
    await assert.rejects(attempt(flowRef('x'), providerRef('P1')), isFault('store.absent', { id: 'x' }));
    await assert.rejects(attempt(flowRef('F1'), providerRef('y')), isFault('store.absent', { id: 'y' }));
    await assert.rejects(attempt(flowRef('F1'), flowRef('F2')), isFault('store.absent'));
    const unlink = async (source: Ref, target: Ref) => {
      const { value, changes } = await store.write((t) => t.unlink(source, nav, target, by));
      return [value, changes.length];
    };
    assert.deepEqual(await unlink(flowRef('F1'), providerRef('P1')), [false, 0]);
    assert.deepEqual(await unlink(flowRef('F1'), providerRef('y')), [false, 0]);
    await attempt(flowRef('F1'), providerRef('P1'));
    assert.deepEqual(await unlink(flowRef('f1'), providerRef('p1')), [true, 1]);
    assert.deepEqual(await linked(store, 'F1'), []);
  });

  test('remove: takes the links at both ends, and tells every source that lost one', async () => {
    const store = await population();
    await store.write(async (t) => {
      for (const flow of ['F1', 'F2'])
        for (const id of ['P1', 'P2']) await t.link(flowRef(flow), nav, providerRef(id), by);
    });
    const { changes } = await store.write((t) => t.remove(providerRef('P1'), by));
    assert.deepEqual(
      changes.map(({ key, verb, properties }) => [key, verb, properties]),
      [
        ['P1', 'deleted', []],
        ['F1', 'updated', [nav]],
        ['F2', 'updated', [nav]],
      ],
    );
    await insert(store, providerRef('P1'));
    assert.deepEqual(await linked(store, 'F1'), ['P2']);
    await store.write((t) => t.remove(flowRef('F1'), by));
    await insert(store, flowRef('F1'));
    assert.deepEqual(await linked(store, 'F1'), []);
    assert.deepEqual(await linked(store, 'F2'), ['P2']);
  });
}
