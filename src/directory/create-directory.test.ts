import assert from 'node:assert/strict';
import { entities } from '../model/index.ts';
import { app, assignment, flowDraft, flowRef, google, googleRef, onEveryEngine, server } from './harness.test.ts';

const { b2cIdentityUserFlow, identityProviderBase, identityUserFlow, identityUserFlowAttribute, user } = entities;
const attribute = { displayName: 'Shoe size', dataType: 'string' };

onEveryEngine('what is created is complete, has an id and reads back the same', async ({ directory }) => {
  const created = await directory.create(app, user, { DisplayName: 'Adele', extension_abc_ShoeSize: 42 });
  assert.match(created.entity.id, /^[0-9a-f-]{36}$/);
  assert.equal(created.entity.displayName, 'Adele');
  assert.equal(created.entity.accountEnabled, true);
  assert.deepEqual(created.entity.identities, []);
  assert.equal(created.entity.passwordHash, null);
  assert.equal((created.entity as Record<string, unknown>)['extension_abc_ShoeSize'], 42);
  assert.deepEqual(await directory.get({ type: user, id: created.entity.id }), created);
});

onEveryEngine('ids match in any case and come back as they were written', async ({ directory }) => {
  await directory.create(app, b2cIdentityUserFlow, flowDraft);
  const found = await directory.get({ type: b2cIdentityUserFlow, id: 'b2c_1_SUSI' });
  assert.equal(found?.entity.id, 'B2C_1_susi');
  await assert.rejects(directory.create(app, b2cIdentityUserFlow, { ...flowDraft, id: 'b2c_1_susi' }), {
    code: 'store.exists',
    status: 409,
  });
});

onEveryEngine('a PATCH changes what it names and nothing else', async ({ directory }) => {
  const draft = {
    appId: '22222222-2222-4222-8222-222222222222',
    displayName: 'web',
    tags: ['a', 'b'],
    web: { redirectUris: ['https://a/'] },
  };
  const { entity, etag } = await directory.create(app, entities.application, draft);
  const ref = { type: entities.application, id: entity.id };
  const patch = { web: { implicitGrantSettings: { enableIdTokenIssuance: true } }, tags: ['c'] };
  const updated = await directory.update(app, ref, patch);
  assert.deepEqual(updated.entity, {
    ...entity,
    tags: ['c'],
    web: { ...entity.web, implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: false } },
  });
  assert.notEqual(updated.etag, etag);
  assert.deepEqual(await directory.get(ref), updated);
});

onEveryEngine('an empty patch writes nothing', async ({ directory, observed }) => {
  const created = await directory.create(app, b2cIdentityUserFlow, flowDraft);
  const before = observed.length;
  assert.deepEqual(
    await directory.update(app, flowRef, { '@odata.type': '#microsoft.graph.b2cIdentityUserFlow' }),
    created,
  );
  assert.equal(observed.length, before);
});

onEveryEngine('a patch may repeat the id of the entity, and not name another', async ({ directory }) => {
  await directory.create(app, b2cIdentityUserFlow, flowDraft);
  const { entity } = await directory.update(app, flowRef, { id: 'b2c_1_SUSI', defaultLanguageTag: 'de' });
  assert.deepEqual([entity.id, entity.defaultLanguageTag], ['B2C_1_susi', 'de']);
  await assert.rejects(directory.update(app, flowRef, { id: 'Other' }), { code: 'model.immutableProperty' });
});

onEveryEngine(
  'a patch through the base type is checked by the declaration of the stored type',
  async ({ directory }) => {
    await directory.create(server, entities.socialIdentityProvider, google);
    const ref = { type: identityProviderBase, id: 'google-oauth' };
    const { type } = await directory.update(app, ref, { clientId: 'changed' });
    assert.equal(type.name, 'socialIdentityProvider');
    assert.equal((await directory.get(googleRef))?.entity.clientId, 'changed');
    await assert.rejects(directory.update(app, ref, { metadataUrl: 'x' }), { code: 'model.unknownProperty' });
  },
);

onEveryEngine('an update with an old version is refused and changes nothing', async ({ directory }) => {
  const { etag } = await directory.create(app, b2cIdentityUserFlow, flowDraft);
  const next = await directory.update(app, flowRef, { defaultLanguageTag: 'de' }, etag);
  await assert.rejects(directory.update(app, flowRef, { defaultLanguageTag: 'fr' }, etag), {
    code: 'store.stale',
    status: 412,
  });
  await assert.rejects(directory.remove(app, flowRef, etag), { code: 'store.stale' });
  assert.deepEqual(await directory.get(flowRef), next);
  await directory.update(app, flowRef, { defaultLanguageTag: 'fr' }, '*');
  await directory.remove(app, flowRef, '*');
  assert.equal(await directory.get(flowRef), undefined);
});

onEveryEngine('what is not there is not found', async ({ directory }) => {
  const ref = { type: b2cIdentityUserFlow, id: 'B2C_1_none' };
  const notFound = { code: 'directory.notFound', status: 404, message: /^Resource 'B2C_1_none' does not exist/ };
  assert.equal(await directory.get(ref), undefined);
  await assert.rejects(directory.update(app, ref, { defaultLanguageTag: 'de' }), notFound);
  await assert.rejects(directory.remove(app, ref), notFound);
  await assert.rejects(directory.reveal(ref), notFound);
  await assert.rejects(directory.link(app, ref, 'userFlowIdentityProviders', 'x'), notFound);
  await assert.rejects(directory.unlink(app, ref, 'userFlowIdentityProviders', 'x'), notFound);
  const within = { parent: ref, navigation: 'userAttributeAssignments' };
  await assert.rejects(
    directory.create(app, entities.identityUserFlowAttributeAssignment, assignment, { within }),
    notFound,
  );
});

onEveryEngine('only the server itself may set what is the server’s', async ({ directory }) => {
  await assert.rejects(directory.create(app, user, { passwordHash: 'x' }), { code: 'model.unknownProperty' });
  await assert.rejects(directory.create(app, user, { id: 'chosen' }), { code: 'model.readOnlyProperty' });
  const { entity } = await directory.create(server, user, { id: 'chosen', passwordHash: 'x' });
  assert.deepEqual([entity.id, entity.passwordHash], ['chosen', 'x']);
});

onEveryEngine('what is accepted but never stored is not in the store', async ({ directory, store }) => {
  const { entity } = await directory.create(app, user, {
    displayName: 'A',
    passwordProfile: { password: 'Usher-dev-1' },
  });
  const row = await store.read((reader) => reader.get({ type: user, id: entity.id }));
  assert.equal(row?.values['passwordProfile'] ?? null, null);
  assert.ok(!JSON.stringify(row).includes('Usher-dev-1'));
  assert.equal(entity.passwordProfile, null);
});

onEveryEngine('one tenant sees nothing of another', async ({ directory, other }) => {
  const told: string[] = [];
  other.onChange(b2cIdentityUserFlow, ({ key }) => told.push(key));
  await directory.create(app, b2cIdentityUserFlow, flowDraft);
  assert.equal(await other.get(flowRef), undefined);
  assert.deepEqual((await other.find({ type: identityUserFlow, limit: 10 })).items, []);
  await assert.rejects(other.remove(app, flowRef), { code: 'directory.notFound' });
  assert.deepEqual(told, []);
  await other.create(app, b2cIdentityUserFlow, flowDraft);
  assert.deepEqual(told, ['B2C_1_susi']);
});

onEveryEngine('a query through the base type finds the derived ones and masks their secrets', async ({ directory }) => {
  await directory.create(server, entities.socialIdentityProvider, google);
  await directory.create(server, entities.builtInIdentityProvider, {
    id: 'EmailPassword-OAUTH',
    displayName: 'E-mail',
    identityProviderType: 'EmailPassword',
  });
  const page = await directory.find({ type: identityProviderBase, limit: 10, count: true });
  assert.deepEqual(
    page.items.map(({ type, entity }) => [type.name, entity.id]),
    [
      ['builtInIdentityProvider', 'EmailPassword-OAUTH'],
      ['socialIdentityProvider', 'Google-OAUTH'],
    ],
  );
  assert.equal(page.count, 2);
  assert.ok(!JSON.stringify(page.items.map(({ entity }) => entity)).includes('hush-hush'));
});

onEveryEngine('entities inside others are created, read and removed through their place', async ({ directory }) => {
  await directory.create(app, b2cIdentityUserFlow, flowDraft);
  await directory.create(server, identityUserFlowAttribute, { ...attribute, id: 'city' });
  const type = entities.identityUserFlowAttributeAssignment;
  const parent = { type: identityUserFlow, id: 'b2c_1_SUSI' };
  const within = { parent, navigation: 'userattributeassignments' };
  const draft = { ...assignment, id: 'city' };
  const created = await directory.create(server, type, draft, { within, links: { userAttribute: ['CITY'] } });
  assert.equal(created.entity.userInputType, 'textBox');
  assert.equal(created.within?.parent.id, 'B2C_1_susi');
  assert.equal(created.within?.parent.type.name, 'b2cIdentityUserFlow');
  assert.equal(created.within?.navigation, 'userAttributeAssignments');
  const ref = { type, id: 'City', within: { parent: flowRef, navigation: 'userAttributeAssignments' } };
  const linked = await directory.linked([ref], 'userAttribute');
  assert.deepEqual(
    [...linked.values()].flat().map(({ entity }) => entity.id),
    ['city'],
  );
  await directory.update(app, ref, { isOptional: true });
  assert.equal((await directory.get(ref))?.entity.isOptional, true);
  await directory.remove(app, flowRef);
  assert.equal(await directory.get(ref), undefined);
});

onEveryEngine('an entity is not created where its type does not belong', async ({ directory }) => {
  await directory.create(app, b2cIdentityUserFlow, flowDraft);
  const at = (navigation: string) => ({ within: { parent: flowRef, navigation } });
  await assert.rejects(directory.create(app, user, {}, at('userAttributeAssignments')), {
    code: 'directory.wrongPlace',
    status: 400,
  });
  await assert.rejects(directory.create(app, user, {}, at('identityProviders')), { code: 'directory.wrongNavigation' });
  await assert.rejects(directory.create(app, user, {}, at('constructor')), { code: 'directory.wrongNavigation' });
});

onEveryEngine('a create with parts is one write: all of it or nothing', async ({ directory, observed }) => {
  await directory.create(server, entities.socialIdentityProvider, google);
  await directory.create(server, identityUserFlowAttribute, { ...attribute, id: 'city' });
  const part = (id: string, links = ['city']) => ({ draft: { ...assignment, id }, links: { userAttribute: links } });
  const create = (parts: readonly ReturnType<typeof part>[], providers: readonly string[] = ['google-oauth']) =>
    directory.create(server, b2cIdentityUserFlow, flowDraft, {
      links: { identityProviders: providers },
      contained: { userAttributeAssignments: parts },
    });
  const before = observed.length;
  for (const failing of [
    () => create([part('city'), part('CITY')]),
    () => create([part('city'), part('country', ['nowhere'])]),
    () => create([part('city')], ['Facebook-OAUTH']),
    () => create([part('city'), { ...part('x'), draft: { ...assignment, id: 'x', colour: 'red' } as never }]),
  ]) {
    await assert.rejects(failing());
    assert.equal(await directory.get(flowRef), undefined);
    assert.deepEqual(
      (
        await directory.find({
          type: entities.identityUserFlowAttributeAssignment,
          limit: 10,
          within: [{ parent: flowRef, navigation: 'userAttributeAssignments' }],
        })
      ).items,
      [],
    );
  }
  assert.equal(observed.length, before);
  await create([part('city'), part('country')]);
  const linked = await directory.linked([flowRef], 'identityProviders');
  assert.deepEqual(
    [...linked.values()].flat().map(({ entity }) => entity.id),
    ['Google-OAUTH'],
  );
  const within = [{ parent: flowRef, navigation: 'userAttributeAssignments' }];
  const { items } = await directory.find({ type: entities.identityUserFlowAttributeAssignment, limit: 10, within });
  assert.deepEqual(
    items.map(({ entity }) => entity.id),
    ['city', 'country'],
  );
});

onEveryEngine('one create has a bounded number of parts', async ({ directory }) => {
  const links = { userFlowIdentityProviders: Array.from({ length: 1000 }, (_, index) => `p${index}`) };
  await assert.rejects(directory.create(app, b2cIdentityUserFlow, flowDraft, { links }), {
    code: 'directory.tooManyParts',
    status: 400,
  });
});
