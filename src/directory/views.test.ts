import assert from 'node:assert/strict';
import { entities } from '../model/index.ts';
import type { Behaviour } from './behaviour.ts';
import { behaviour } from './behaviour.ts';
import { app, google, onEveryEngine, server } from './harness.test.ts';

const { identityProvider, openIdConnectProvider, identityProviderBase, openIdConnectIdentityProvider } = entities;

/** Ids as the server makes them elsewhere; here what counts is that they come from the type that is kept. */
const named: readonly Behaviour[] = [
  behaviour({
    type: entities.socialIdentityProvider,
    prepare: async (draft, { verb }) =>
      verb === 'create' ? { ...draft, id: `${draft.identityProviderType}-OAUTH` } : draft,
  }),
  behaviour({
    type: identityProvider,
    operations: { availableProviderTypes: async () => ['Amazon'] },
  }),
];

const amazon = { name: 'Login with Amazon', type: 'Amazon', clientId: 'amazon', clientSecret: '000000000000' };
const custom = {
  name: 'Contoso',
  type: 'openidconnect',
  clientId: 'contoso',
  clientSecret: '12345',
  claimsMapping: { userId: 'sub', displayName: 'name' },
  metadataUrl: 'https://idp.example/.well-known/openid-configuration',
  responseMode: 'form_post',
  responseType: 'code',
  scope: 'openid',
};

onEveryEngine(
  'what is created under an earlier name is the same entity',
  async ({ directory }) => {
    const { entity, type } = await directory.create(app, identityProvider, amazon);
    assert.equal(type.name, 'identityProvider');
    assert.deepEqual(entity, { id: 'Amazon-OAUTH', ...amazon, clientSecret: '******' });
    const real = await directory.get({ type: identityProviderBase, id: 'amazon-oauth' });
    assert.deepEqual(real?.entity, {
      id: 'Amazon-OAUTH',
      displayName: 'Login with Amazon',
      identityProviderType: 'Amazon',
      clientId: 'amazon',
      clientSecret: '******',
    });
    const secrets = { clientSecret: '000000000000' };
    assert.deepEqual(await directory.reveal({ type: identityProvider, id: 'Amazon-OAUTH' }), secrets);
    const refused = directory.create(app, identityProvider, amazon);
    await assert.rejects(refused, { code: 'store.exists', status: 409 });
  },
  named,
);

onEveryEngine(
  'a derived view is of another type, and says its one value',
  async ({ directory }) => {
    const { entity, type } = await directory.create(app, openIdConnectProvider, custom);
    assert.equal(type.name, 'openIdConnectProvider');
    assert.equal(entity.type, 'OpenIDConnect');
    assert.equal(entity.name, 'Contoso');
    assert.equal(entity.claimsMapping.userId, 'sub');
    const real = await directory.get({ type: openIdConnectIdentityProvider, id: entity.id });
    assert.equal(real?.entity.displayName, 'Contoso');
    const seen = await directory.get({ type: identityProvider, id: entity.id });
    assert.equal(seen?.type.name, 'openIdConnectProvider');
    const wrong = directory.create(app, openIdConnectProvider, { ...custom, type: 'Google' });
    await assert.rejects(wrong, { code: 'directory.fixedValue', status: 400 });
  },
  named,
);

onEveryEngine(
  'an update by the earlier names changes what it names and nothing else',
  async ({ directory }) => {
    const { entity } = await directory.create(app, openIdConnectProvider, custom);
    const ref = { type: identityProvider, id: entity.id };
    const changed = await directory.update(app, ref, { name: 'Other', claimsMapping: { email: 'mail' } });
    assert.deepEqual(changed.entity, {
      ...entity,
      name: 'Other',
      claimsMapping: { ...entity.claimsMapping, email: 'mail' },
    });
    assert.deepEqual(await directory.reveal(ref), { clientSecret: '12345' });
    const immutable = directory.update(app, ref, { type: 'OpenIDConnect' });
    await assert.rejects(immutable, { code: 'model.immutableProperty', status: 400 });
    for (const patch of [{ displayName: 'x' }, { identityProviderType: 'x' }, { colour: 'red' }]) {
      await assert.rejects(directory.update(app, ref, patch), { code: 'model.unknownProperty' }, JSON.stringify(patch));
    }
    const stale = directory.update(app, ref, { name: 'Late' }, 'W/"1"');
    await assert.rejects(stale, { status: 412 });
  },
  named,
);

onEveryEngine(
  'the entities of a view are filtered, ordered, counted and paged by its names',
  async ({ directory }) => {
    await directory.create(app, identityProvider, amazon);
    await directory.create(server, entities.socialIdentityProvider, google);
    await directory.create(app, openIdConnectProvider, custom);
    await directory.create(server, entities.builtInIdentityProvider, {
      id: 'b',
      identityProviderType: 'EmailPassword',
    });
    const order = [{ path: ['name'], descending: true }];
    const first = await directory.find({ type: identityProvider, order, limit: 2, count: true });
    assert.deepEqual([first.items.map(({ entity }) => entity.name), first.count], [['Login with Amazon', 'Google'], 3]);
    const rest = await directory.find({ type: identityProvider, order, limit: 2, after: first.next ?? '' });
    assert.deepEqual([rest.items.map(({ entity }) => entity.name), rest.next], [['Contoso'], undefined]);
    const find = async (path: string, value: string) => {
      const page = await directory.find({
        type: identityProvider,
        filter: { op: 'eq', path: [path], value },
        limit: 9,
      });
      return page.items.map(({ entity }) => entity.name);
    };
    assert.deepEqual(await find('type', 'OPENIDCONNECT'), ['Contoso']);
    assert.deepEqual(await find('type', 'Google'), ['Google']);
    assert.deepEqual(await find('name', 'login with amazon'), ['Login with Amazon']);
    const derived = await directory.find({ type: openIdConnectProvider, limit: 9 });
    assert.deepEqual(
      derived.items.map(({ entity }) => entity.name),
      ['Contoso'],
    );
  },
  named,
);

onEveryEngine(
  'what a view does not show cannot be read, changed or removed through it',
  async ({ directory, other }) => {
    await directory.create(server, entities.builtInIdentityProvider, {
      id: 'b',
      identityProviderType: 'EmailPassword',
    });
    const ref = { type: identityProvider, id: 'b' };
    assert.equal(await directory.get(ref), undefined);
    await assert.rejects(directory.update(app, ref, { name: 'x' }), { code: 'directory.notFound', status: 404 });
    await assert.rejects(directory.remove(app, ref), { code: 'directory.notFound' });
    await directory.create(app, identityProvider, amazon);
    assert.equal(await other.get({ type: identityProvider, id: 'Amazon-OAUTH' }), undefined);
    await directory.remove(app, { type: identityProvider, id: 'amazon-OAuth' });
    assert.equal(await directory.get({ type: identityProviderBase, id: 'Amazon-OAUTH' }), undefined);
  },
  named,
);

onEveryEngine(
  'a view has operations of its own',
  async ({ directory }) => {
    assert.deepEqual(await directory.invoke(app, { type: identityProvider }, 'availableProviderTypes', {}), ['Amazon']);
  },
  named,
);
