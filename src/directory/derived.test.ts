import assert from 'node:assert/strict';
import { type EntityType, entities } from '../model/index.ts';
import { behaviour } from './behaviour.ts';
import type { Versioned } from './directory.ts';
import { app, google, googleRef, onEveryEngine, server } from './harness.test.ts';

const { socialIdentityProvider, identityProviderBase, builtInIdentityProvider, b2cIdentityUserFlow } = entities;

let asked = 0;
/** The name of a provider follows from how many applications there are. */
const counting = behaviour({
  type: socialIdentityProvider,
  async derive(found, { reader, tenant }) {
    asked += 1;
    const { count = 0 } = await reader.find({ type: entities.application, limit: 1, count: true });
    return found.map(({ entity }) => ({ displayName: `${entity.displayName} of ${tenant.displayName}, ${count}` }));
  },
});

onEveryEngine(
  'derived values are seen wherever the entity is, and stored nowhere',
  async ({ directory, store }) => {
    const made = await directory.create(server, socialIdentityProvider, google);
    assert.equal(made.entity.displayName, 'Google of Contoso, 0');
    await directory.create(server, entities.application, {
      appId: '11111111-1111-4111-8111-111111111111',
      displayName: 'x',
    });
    assert.equal((await directory.get(googleRef))?.entity.displayName, 'Google of Contoso, 1');
    const updated = await directory.update(app, googleRef, { clientId: 'other' });
    assert.deepEqual([updated.entity.displayName, updated.entity.clientId], ['Google of Contoso, 1', 'other']);
    const row = await store.read((reader) => reader.get(googleRef));
    assert.equal(row?.values['displayName'], 'Google');
    const renamed = await directory.update(app, googleRef, { displayName: 'G' });
    assert.equal(renamed.entity.displayName, 'G of Contoso, 1');
  },
  [counting],
);

onEveryEngine(
  'a page is filled in at once, its order kept, and other types are left alone',
  async ({ directory }) => {
    for (const kind of ['A', 'C', 'D']) {
      await directory.create(server, socialIdentityProvider, { ...google, id: kind, displayName: kind });
    }
    await directory.create(server, builtInIdentityProvider, { id: 'B', displayName: 'B', identityProviderType: 'x' });
    asked = 0;
    const page = await directory.find({ type: identityProviderBase, limit: 9 });
    assert.deepEqual(
      page.items.map(({ entity }) => entity.displayName),
      ['A of Contoso, 0', 'B', 'C of Contoso, 0', 'D of Contoso, 0'],
    );
    assert.equal(asked, 1);
    const providersOf = { B2C_1_a: ['C', 'B'], B2C_1_b: ['D', 'C'] };
    for (const [id, userFlowIdentityProviders] of Object.entries(providersOf)) {
      const flow = { id, userFlowType: 'signIn', userFlowTypeVersion: 3 };
      await directory.create(server, b2cIdentityUserFlow, flow, { links: { userFlowIdentityProviders } });
    }
    asked = 0;
    const flows = Object.keys(providersOf).map((id) => ({ type: b2cIdentityUserFlow, id }));
    const linked = await directory.linked(flows, 'userFlowIdentityProviders');
    const names = ({ entity }: Versioned<EntityType>) => (entity as { readonly displayName?: string }).displayName;
    assert.deepEqual(flows.map(({ id }, at) => [id, linked[at]?.map(names)]).sort(), [
      ['B2C_1_a', ['C of Contoso, 0', 'B']],
      ['B2C_1_b', ['D of Contoso, 0', 'C of Contoso, 0']],
    ]);
    assert.equal(asked, 1);
  },
  [counting],
);

const saying = behaviour({ ...counting, type: socialIdentityProvider, derived: ['displayName'] });

onEveryEngine(
  'of what is wanted alone, nothing else is worked out',
  async ({ directory }) => {
    await directory.create(server, socialIdentityProvider, google);
    asked = 0;
    const { type } = googleRef;
    const found = await directory.get(googleRef, ['clientId', 'clientSecret']);
    const wanted = (entity: unknown) => {
      const { id, clientId, clientSecret } = entity as Readonly<Record<string, unknown>>;
      return { id, clientId, clientSecret };
    };
    assert.deepEqual(wanted(found?.entity), { id: google.id, clientId: google.clientId, clientSecret: '******' });
    const { items } = await directory.find({ type, limit: 9, only: ['id', 'clientId'] });
    assert.deepEqual(
      items.map(({ entity: { id, clientId } }) => ({ id, clientId })),
      [{ id: google.id, clientId: google.clientId }],
    );
    assert.equal(asked, 0);
    assert.equal((await directory.get(googleRef, ['displayName']))?.entity.displayName, 'Google of Contoso, 0');
    const named = await directory.find({ type: identityProviderBase, limit: 9, only: ['displayName'] });
    assert.deepEqual(
      named.items.map(({ entity }) => entity.displayName),
      ['Google of Contoso, 0'],
    );
    assert.equal(asked, 2);
  },
  [saying],
);
