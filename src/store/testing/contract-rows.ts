import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../store.ts';
import {
  assignmentRef,
  by,
  flowRef,
  identityProviderBase,
  idsOf,
  insert,
  isFault,
  providerRef,
  socialIdentityProvider,
  user,
  userRef,
} from './contract.ts';

/** Reading and writing of single entities. */
export function rows(fresh: () => Store): void {
  test('insert: what was inserted is read back under its id, in any case', async () => {
    const store = fresh();
    const values = {
      displayName: 'Ana',
      businessPhones: ['1'],
      passwordProfile: null,
      nested: { a: [1, { b: true }] },
    };
    const { value: row } = await insert(store, userRef('Ünit-1'), values);
    assert.deepEqual([row.id, row.type, row.values, row.within], ['Ünit-1', 'user', values, undefined]);
    assert.match(row.etag, /^W\/".+"$/);
    const read = await store.read((r) => r.get(userRef('üNIT-1')));
    assert.deepEqual(read, row);
    assert.equal(await store.read((r) => r.get(userRef('other'))), undefined);
  });

  test('insert: the values are a copy, so that a later change of the object is not stored', async () => {
    const store = fresh();
    const values = { displayName: 'Ana', otherMails: ['a@example.com'] };
    await insert(store, userRef('u'), values);
    values.otherMails.push('b@example.com');
    const read = await store.read((r) => r.get(userRef('u')));
    assert.deepEqual(read?.values['otherMails'], ['a@example.com']);
  });

  test('insert: a taken id is refused, also in another case and for another type of the family', async () => {
    const store = fresh();
    await insert(store, userRef('Straße'));
    await assert.rejects(insert(store, userRef('STRAßE')), isFault('store.exists', { property: 'id' }));
    await insert(store, providerRef('Email'));
    const social = { type: socialIdentityProvider, id: 'email' };
    await assert.rejects(insert(store, social), isFault('store.exists', { property: 'id' }));
  });

  test('get: a base type finds a derived entity; a sibling type does not', async () => {
    const store = fresh();
    await insert(store, providerRef('Email'));
    const asBase = await store.read((r) => r.get({ type: identityProviderBase, id: 'email' }));
    assert.equal(asBase?.type, 'builtInIdentityProvider');
    assert.equal(await store.read((r) => r.get({ type: socialIdentityProvider, id: 'email' })), undefined);
  });

  test('get: an id is a value, whatever it looks like', async () => {
    const store = fresh();
    const ids = [
      "x' OR '1'='1",
      '"; DROP TABLE e_user; --',
      '%',
      '_',
      '../..',
      'a/b',
      'a%2Fb',
      '$.id',
      '__proto__',
      '?',
    ];
    for (const id of ids) await insert(store, userRef(id), { displayName: id });
    for (const id of ids) {
      const read = await store.read((r) => r.get(userRef(id)));
      assert.deepEqual(read?.values, { displayName: id });
      const found = await store.read((r) =>
        r.find({ type: user, limit: 99, filter: { op: 'eq', path: ['displayName'], value: id } }),
      );
      assert.deepEqual(idsOf(found.items), [id]);
    }
  });

  test('update: replaces the values, changes the etag, keeps id and type', async () => {
    const store = fresh();
    const { value: first } = await insert(store, providerRef('Email'), { displayName: 'E', identityProviderType: 'x' });
    const ref = { type: identityProviderBase, id: 'EMAIL' };
    const { value: second } = await store.write((t) =>
      t.update({ ref, values: { displayName: 'F' } }, by, ['displayName']),
    );
    assert.deepEqual(
      [second.id, second.type, second.values],
      ['Email', 'builtInIdentityProvider', { displayName: 'F' }],
    );
    assert.notEqual(second.etag, first.etag);
    assert.deepEqual(await store.read((r) => r.get(ref)), second);
  });

  test('ifMatch: the stored etag and * are accepted, another one is stale, a missing entity is absent', async () => {
    const store = fresh();
    const ref = userRef('u');
    const { value: first } = await insert(store, ref, { displayName: '1' });
    const update = (displayName: string, ifMatch: string) =>
      store.write((t) => t.update({ ref, values: { displayName } }, by, ['displayName'], ifMatch));
    const { value: second } = await update('2', first.etag);
    await assert.rejects(update('3', first.etag), isFault('store.stale'));
    await assert.rejects(
      store.write((t) => t.remove(ref, by, first.etag)),
      isFault('store.stale'),
    );
    assert.deepEqual((await store.read((r) => r.get(ref)))?.values, { displayName: '2' });
    await update('4', '*');
    const { value: fourth } = await update('4', '*');
    assert.notEqual(fourth.etag, second.etag);
    await store.write((t) => t.remove(ref, by, fourth.etag));
    await assert.rejects(update('5', '*'), isFault('store.absent', { id: 'u' }));
    await assert.rejects(
      store.write((t) => t.remove(ref, by)),
      isFault('store.absent', { id: 'u' }),
    );
  });

  test('ifMatch: an entity made again under its id does not match the etag of the one before', async () => {
    const store = fresh();
    const { value: first } = await insert(store, userRef('u'));
    await store.write((t) => t.remove(userRef('u'), by));
    const { value: second } = await insert(store, userRef('u'));
    assert.notEqual(first.etag, second.etag);
  });

  test('write: tells what it changed, in growing sequence, with caller and properties but no values', async () => {
    const store = fresh();
    const caller = { kind: 'app', appId: 'a', roles: ['User.ReadWrite.All'] } as const;
    const { changes, value } = await store.write(async (t) => {
      await t.insert({ ref: flowRef('B2C_1_Si'), values: { userFlowType: 'signIn' } }, caller);
      await t.insert({ ref: assignmentRef('b2c_1_si', 'email'), values: { isOptional: true } }, caller);
      await t.update({ ref: flowRef('b2c_1_si'), values: {} }, caller, ['userFlowType']);
      return 7;
    });
    assert.equal(value, 7);
    const { tenantId } = store;
    const root = { type: 'b2cIdentityUserFlow', key: 'B2C_1_Si' };
    const seen = changes.map(({ sequence, at, ...rest }) => rest);
    const flow = { tenantId, type: 'b2cIdentityUserFlow', key: 'B2C_1_Si', by: caller, properties: ['userFlowType'] };
    assert.deepEqual(seen, [
      { ...flow, verb: 'created' },
      {
        ...{ tenantId, type: 'identityUserFlowAttributeAssignment', key: 'email', root },
        ...{ verb: 'created', properties: ['isOptional'], by: caller },
      },
      { ...flow, verb: 'updated' },
    ]);
    const later = await insert(store, userRef('u'));
    const sequences = [...changes, ...later.changes].map(({ sequence }) => sequence);
    assert.deepEqual(
      sequences,
      [...new Set(sequences)].sort((a, b) => a - b),
    );
    assert.deepEqual((await store.write((t) => t.get(userRef('u')))).changes, []);
  });

  test('write: a transaction that has ended refuses whatever comes late', async () => {
    const store = fresh();
    const insertLate = await store.write(async (t) => () => t.insert({ ref: userRef('late'), values: {} }, by));
    await assert.rejects(insertLate.value(), isFault('store.over'));
    assert.equal(await store.read((r) => r.get(userRef('late'))), undefined);
  });

  test('write: 50 concurrent read-modify-writes lose nothing', async () => {
    const store = fresh();
    const ref = userRef('u');
    await insert(store, ref, { count: 0 });
    const addOne = () =>
      store.write(async (t) => {
        const count = Number((await t.get(ref))?.values['count']) + 1;
        return t.update({ ref, values: { count } }, by, ['count']);
      });
    await Promise.all(Array.from({ length: 50 }, addOne));
    assert.deepEqual((await store.read((r) => r.get(ref)))?.values, { count: 50 });
  });

  test('write: sees its own changes, and nobody else does before the commit', async () => {
    const store = fresh();
    await store.write(async (t) => {
      await t.insert({ ref: userRef('u'), values: { displayName: 'x' } }, by);
      assert.equal((await t.get(userRef('u')))?.id, 'u');
      assert.deepEqual(idsOf((await t.find({ type: user, limit: 9 })).items), ['u']);
      assert.equal(await store.read((r) => r.get(userRef('u'))), undefined);
    });
    assert.equal((await store.read((r) => r.get(userRef('u'))))?.id, 'u');
  });

  test('an undeclared type or navigation is refused', async () => {
    const store = fresh();
    const stranger = { ...user, name: 'stranger' };
    await assert.rejects(insert(store, { type: stranger, id: 'x' }), isFault('store.undeclared', { name: 'stranger' }));
    await insert(store, userRef('a'));
    await assert.rejects(
      store.write((t) => t.link(userRef('a'), 'nowhere', userRef('a'), by)),
      isFault('store.undeclared'),
    );
  });
}
