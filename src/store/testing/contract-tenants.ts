import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../kernel/index.ts';
import type { Database } from '../store.ts';
import {
  assignmentRef,
  by,
  eq,
  flowRef,
  idsOf,
  insert,
  isFault,
  not,
  or,
  providerRef,
  user,
  userRef,
} from './contract.ts';

/** The list of tenants. */
export function tenants(database: () => Database): void {
  test('tenants: found by id and by any domain in any case; an id or domain is taken once', async () => {
    const { tenants: list } = database();
    const [id, other] = [newId(), newId()];
    const domains = [`${id}.Example.com`, `${id}.onmicrosoft.com`];
    const made = await list.create({ id: id.toUpperCase(), domains, displayName: 'Contoso' });
    assert.deepEqual(
      { ...made, created: 0 },
      { id, domains: domains.map((d) => d.toLowerCase()), displayName: 'Contoso', created: 0 },
    );
    assert.ok(made.created > 0);
    for (const name of [id, id.toUpperCase(), ...domains, domains[1]?.toUpperCase() ?? '']) {
      assert.deepEqual(await list.find(name), made);
    }
    assert.equal(await list.find(other), undefined);
    const create = (taken: Parameters<typeof list.create>[0]) => list.create(taken);
    await assert.rejects(create({ id, domains: [], displayName: '' }), isFault('store.exists', { property: 'id' }));
    const reused = { id: other, domains: [domains[1]?.toUpperCase() ?? ''], displayName: '' };
    await assert.rejects(create(reused), isFault('store.exists', { property: 'domains' }));
    assert.equal(await list.find(other), undefined);
    await create({ ...reused, domains: [`${other}.example.com`] });
    const listed = (await list.list()).filter((tenant) => tenant.id === id || tenant.id === other);
    assert.deepEqual(
      listed.map((tenant) => tenant.id),
      [id, other],
    );
    assert.deepEqual(listed[0], made);
    for (const one of [id, other]) await list.remove(one);
  });

  test('tenants: removing one removes everything in it and nothing of another', async () => {
    const { tenants: list } = database();
    const [id, other] = [newId(), newId()];
    await list.create({ id, domains: [`${id}.example.com`], displayName: '' });
    const [store, neighbour] = [database().tenant(id), database().tenant(other)];
    for (const one of [store, neighbour]) {
      await insert(one, userRef('u'), {
        userPrincipalName: 'u@example.com',
        identities: [{ issuer: 'i', issuerAssignedId: 'x' }],
      });
      await one.ephemeral.put('journey', { id: 'j', payload: 1, ttlSeconds: 60, indexes: { uid: 'u' } });
    }
    assert.equal(await list.remove(id.toUpperCase()), true);
    assert.equal(await list.remove(id), false);
    assert.equal(await list.find(`${id}.example.com`), undefined);
    assert.equal(await store.read((r) => r.get(userRef('u'))), undefined);
    assert.equal(await store.ephemeral.get('journey', 'j'), undefined);
    assert.equal((await neighbour.read((r) => r.get(userRef('u'))))?.id, 'u');
    assert.equal((await neighbour.ephemeral.findBy('journey', 'uid', 'u'))?.id, 'j');
    await list.create({ id, domains: [`${id}.example.com`], displayName: '' });
    await insert(store, userRef('v'), {
      userPrincipalName: 'u@example.com',
      identities: [{ issuer: 'i', issuerAssignedId: 'x' }],
    });
    await list.remove(id);
  });

  test('isolation: a second tenant sees nothing of the first and is not hindered by it', async () => {
    const [one, two] = [database().tenant(newId()), database().tenant(newId())];
    const values = {
      displayName: 'u',
      userPrincipalName: 'u@example.com',
      identities: [{ issuer: 'i', issuerAssignedId: 'x' }],
    };
    const nav = 'userFlowIdentityProviders';
    await insert(one, userRef('u'), values);
    await insert(one, flowRef('F'));
    await insert(one, assignmentRef('F', 'email'));
    await insert(one, providerRef('P'));
    await one.write((t) => t.link(flowRef('F'), nav, providerRef('P'), by));
    await one.ephemeral.put('journey', { id: 'j', payload: 1, ttlSeconds: 60, indexes: { uid: 'u' } });
    await two.read(async (r) => {
      assert.equal(await r.get(userRef('u')), undefined);
      assert.equal(await r.get(assignmentRef('F', 'email')), undefined);
      const everyone = { op: 'any', path: ['identities'], where: eq('issuer', 'i') } as const;
      for (const filter of [eq('displayName', 'u'), everyone, or(eq('jobTitle', null), not(eq('id', 'u')))]) {
        assert.deepEqual(await r.find({ type: user, limit: 9, filter, count: true }), { items: [], count: 0 });
      }
      assert.deepEqual((await r.linked([flowRef('F')], nav))[0], []);
    });
    await assert.rejects(
      two.write((t) => t.update({ ref: userRef('u'), values: {} }, by, [])),
      isFault('store.absent'),
    );
    await assert.rejects(
      two.write((t) => t.remove(userRef('u'), by)),
      isFault('store.absent'),
    );
    await assert.rejects(insert(two, assignmentRef('F', 'email')), isFault('store.absent'));
    await insert(two, flowRef('F'));
    await assert.rejects(
      two.write((t) => t.link(flowRef('F'), nav, providerRef('P'), by)),
      isFault('store.absent'),
    );
    assert.equal(await two.ephemeral.get('journey', 'j'), undefined);
    assert.equal(await two.ephemeral.take('journey', 'j'), undefined);
    assert.equal(await two.ephemeral.consume('journey', 'j'), false);
    assert.equal(await two.ephemeral.findBy('journey', 'uid', 'u'), undefined);
    await two.ephemeral.drop(['journey'], 'uid', 'u');
    await two.ephemeral.remove('journey', 'j');
    assert.equal(await two.ephemeral.put('journey', { id: 'j', payload: 2, ttlSeconds: 60 }, 0), 1);
    await insert(two, userRef('u'), values);
    await two.write((t) => t.remove(userRef('u'), by));
    await two.write((t) => t.remove(flowRef('F'), by));
    assert.equal((await one.ephemeral.get('journey', 'j'))?.payload, 1);
    assert.deepEqual((await one.read((r) => r.get(userRef('u'))))?.values, values);
    assert.deepEqual(idsOf((await one.read((r) => r.linked([flowRef('F')], nav)))[0]), ['P']);
  });
}
