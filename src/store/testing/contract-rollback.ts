import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database, Store } from '../store.ts';
import { assignmentRef, by, flowRef, idsOf, insert, isFault, providerRef, user, userRef } from './contract.ts';

/** What fails leaves nothing behind, and what is one tenant's is nobody else's. */
export function rollback(fresh: () => Store, database: () => Database): void {
  test('rollback: a write that fails leaves no row, link, value, tuple, record or change', async () => {
    const store = fresh();
    const identities = [{ issuer: 'i', issuerAssignedId: 'x' }];
    await insert(store, flowRef('F'), { userFlowTypeVersion: 1 });
    await insert(store, providerRef('P'));
    await insert(store, userRef('kept'), { userPrincipalName: 'kept@example.com', identities });
    await store.ephemeral.put('journey', { id: 'j', payload: 1, ttlSeconds: 60, indexes: { uid: 'u' } });
    const reason = new Error('no');
    const failed = store.write(async (t) => {
      await t.insert({ ref: userRef('u'), values: { userPrincipalName: 'u@example.com' } }, by);
      await t.update({ ref: flowRef('F'), values: { userFlowTypeVersion: 2 } }, by, ['userFlowTypeVersion']);
      await t.insert({ ref: assignmentRef('F', 'a'), values: {} }, by);
      await t.link(flowRef('F'), 'userFlowIdentityProviders', providerRef('P'), by);
      await t.remove(userRef('kept'), by);
      await t.ephemeral.put('journey', { id: 'new', payload: 1, ttlSeconds: 60 });
      assert.equal((await t.ephemeral.take('journey', 'j'))?.payload, 1);
      await t.ephemeral.increment('attempts', 'n', 60);
      throw reason;
    });
    await assert.rejects(failed, (error) => error === reason);
    await store.read(async (r) => {
      assert.equal(await r.get(userRef('u')), undefined);
      assert.equal((await r.get(flowRef('F')))?.values['userFlowTypeVersion'], 1);
      assert.equal(await r.get(assignmentRef('F', 'a')), undefined);
      assert.deepEqual((await r.linked([flowRef('F')], 'userFlowIdentityProviders'))[0], []);
      assert.equal((await r.get(userRef('kept')))?.id, 'kept');
    });
    assert.equal(await store.ephemeral.get('journey', 'new'), undefined);
    assert.equal((await store.ephemeral.findBy('journey', 'uid', 'u'))?.id, 'j');
    assert.equal(await store.ephemeral.increment('attempts', 'n', 60), 1);
    await insert(store, userRef('u'), { userPrincipalName: 'u@example.com' });
    const copy = insert(store, userRef('v'), { identities });
    await assert.rejects(copy, isFault('store.exists', { property: 'identities' }));
  });

  test('rollback: a failing write does not take its neighbours in the same turn with it', async () => {
    const store = fresh();
    const attempts = Array.from({ length: 9 }, (_, index) =>
      store.write(async (t) => {
        await t.insert({ ref: userRef(`u${index}`), values: {} }, by);
        if (index % 3 === 1) throw new Error('no');
        return index;
      }),
    );
    const outcomes = (await Promise.allSettled(attempts)).map(({ status }) => status === 'fulfilled');
    assert.deepEqual(outcomes, [true, false, true, true, false, true, true, false, true]);
    const { items } = await store.read((r) => r.find({ type: user, limit: 99 }));
    assert.deepEqual(idsOf(items), ['u0', 'u2', 'u3', 'u5', 'u6', 'u8']);
  });

  test('foreignChanges: ends when the signal aborts, and does not tell this process its own changes', async () => {
    const store = fresh();
    const controller = new AbortController();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { tenantId } of database().foreignChanges(controller.signal)) seen.push(tenantId);
    })();
    await insert(store, userRef('u'));
    controller.abort();
    await reading;
    assert.ok(!seen.includes(store.tenantId));
  });
}
