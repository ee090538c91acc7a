import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../store.ts';
import { by, insert, isFault, user, userRef } from './contract.ts';

/** What no two entities of a tenant may share. */
export function uniqueness(fresh: () => Store): void {
  test('unique: a taken value is refused in any case, and the property is named', async () => {
    const store = fresh();
    await insert(store, userRef('a'), { userPrincipalName: 'Ärger@Example.com' });
    const taken = isFault('store.exists', { property: 'userPrincipalName' });
    await assert.rejects(insert(store, userRef('b'), { userPrincipalName: 'ärger@example.COM' }), taken);
    // The same letters composed differently (Unicode NFD).
    await assert.rejects(insert(store, userRef('b'), { userPrincipalName: 'A\u0308rger@example.com' }), taken);
    await insert(store, userRef('b'), { userPrincipalName: 'b@example.com' });
    const steal = store.write((t) =>
      t.update({ ref: userRef('b'), values: { userPrincipalName: 'ÄRGER@example.com' } }, by, ['userPrincipalName']),
    );
    await assert.rejects(steal, taken);
    assert.deepEqual((await store.read((r) => r.get(userRef('b'))))?.values, { userPrincipalName: 'b@example.com' });
  });

  test('unique: null and nothing collide with nothing; an entity does not collide with itself; a freed value is free', async () => {
    const store = fresh();
    await insert(store, userRef('a'), { userPrincipalName: null });
    await insert(store, userRef('b'), { userPrincipalName: null });
    await insert(store, userRef('c'));
    const set = (id: string, userPrincipalName: string | null) =>
      store.write((t) => t.update({ ref: userRef(id), values: { userPrincipalName } }, by, ['userPrincipalName']));
    await set('a', 'x@example.com');
    await set('a', 'X@example.com');
    await set('a', null);
    await set('b', 'x@example.com');
    await store.write((t) => t.remove(userRef('b'), by));
    await set('c', 'x@example.com');
  });

  const identity = (issuer: string | null, issuerAssignedId: string | null) => ({
    identities: [{ signInType: 'emailAddress', issuer, issuerAssignedId }],
  });

  test('uniqueTuple: the pair is unique, its members alone are not', async () => {
    const store = fresh();
    await insert(store, userRef('a'), identity('Contoso.com', 'Ana@example.com'));
    await insert(store, userRef('b'), identity('contoso.com', 'bo@example.com'));
    await insert(store, userRef('c'), identity('fabrikam.com', 'ana@example.com'));
    const taken = isFault('store.exists', { property: 'identities' });
    await assert.rejects(insert(store, userRef('d'), identity('CONTOSO.com', 'ANA@example.com')), taken);
    const second = {
      identities: [...identity('x', 'y').identities, ...identity('contoso.com', 'bo@example.com').identities],
    };
    await assert.rejects(insert(store, userRef('d'), second), taken);
    assert.equal(await store.read((r) => r.get(userRef('d'))), undefined);
    await store.write((t) => t.update({ ref: userRef('a'), values: identity('new', 'new') }, by, ['identities']));
    await insert(store, userRef('d'), identity('contoso.com', 'ana@example.com'));
    await store.write((t) => t.remove(userRef('d'), by));
    await insert(store, userRef('e'), identity('contoso.com', 'ana@example.com'));
  });

  test('uniqueTuple: an entity keeps the tuples it has while it gains and loses others', async () => {
    const store = fresh();
    const list = (...ids: readonly string[]) => ({ identities: ids.flatMap((id) => identity('i', id).identities) });
    await insert(store, userRef('a'), list('1', '2'));
    await store.write((t) => t.update({ ref: userRef('a'), values: list('3', '1') }, by, ['identities']));
    const taken = isFault('store.exists', { property: 'identities' });
    await assert.rejects(insert(store, userRef('b'), list('1')), taken);
    await assert.rejects(insert(store, userRef('b'), list('3')), taken);
    await insert(store, userRef('b'), list('2'));
  });

  test('uniqueTuple: a tuple with a missing member collides with nothing, and one entity may repeat its own', async () => {
    const store = fresh();
    await insert(store, userRef('a'), identity('contoso.com', null));
    await insert(store, userRef('b'), identity('contoso.com', null));
    const pair = identity('i', 'x').identities;
    await insert(store, userRef('c'), { identities: [...pair, ...pair] });
  });

  test('store.exists leaves the transaction usable and nothing half written', async () => {
    const store = fresh();
    await insert(store, userRef('a'), { userPrincipalName: 'a@example.com', ...identity('i', '1') });
    await store.write(async (t) => {
      await assert.rejects(t.insert({ ref: userRef('b'), values: identity('i', '1') }, by), isFault('store.exists'));
      await t.insert({ ref: userRef('b'), values: { userPrincipalName: 'b@example.com' } }, by);
    });
    const found = await store.read((r) => r.find({ type: user, limit: 9 }));
    assert.deepEqual(found.items.map(({ id, values }) => [id, values['identities']]).at(1), ['b', undefined]);
  });
}
