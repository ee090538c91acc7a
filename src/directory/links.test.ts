import assert from 'node:assert/strict';
import { entities } from '../model/index.ts';
import { app, assignment, type Bench, flowDraft, flowRef, google, onEveryEngine, server } from './harness.test.ts';
import { type NamedNavigation, targetOf } from './navigation.ts';

const { b2cIdentityUserFlow, identityUserFlow, identityUserFlowAttribute, socialIdentityProvider } = entities;

async function withFlowAndProviders({ directory }: Bench): Promise<void> {
  await directory.create(app, b2cIdentityUserFlow, flowDraft);
  await directory.create(server, socialIdentityProvider, google);
  await directory.create(server, socialIdentityProvider, { ...google, id: 'Facebook-OAUTH' });
}

const idsOf = async ({ directory }: Bench, navigation: string): Promise<readonly string[]> =>
  [...(await directory.linked([flowRef], navigation)).values()].flat().map(({ entity }) => entity.id);

onEveryEngine('a link under the deprecated name is the same link', async (bench) => {
  await withFlowAndProviders(bench);
  const { directory } = bench;
  assert.equal(await directory.link(app, flowRef, 'identityProviders', 'GOOGLE-oauth'), true);
  assert.equal(await directory.link(app, flowRef, 'userFlowIdentityProviders', 'Google-OAUTH'), false);
  assert.equal(await directory.link(app, flowRef, 'USERFLOWidentityProviders', 'Facebook-OAUTH'), true);
  assert.deepEqual(await idsOf(bench, 'identityProviders'), ['Google-OAUTH', 'Facebook-OAUTH']);
  assert.deepEqual(await idsOf(bench, 'userFlowIdentityProviders'), ['Google-OAUTH', 'Facebook-OAUTH']);
  assert.equal(await directory.unlink(app, flowRef, 'userFlowIdentityProviders', 'google-oauth'), true);
  assert.equal(await directory.unlink(app, flowRef, 'identityProviders', 'Google-OAUTH'), false);
  assert.equal(await directory.unlink(app, flowRef, 'identityProviders', 'nobody'), false);
  assert.deepEqual(await idsOf(bench, 'identityProviders'), ['Facebook-OAUTH']);
});

onEveryEngine('a navigation of a derived type is reached through the base type', async (bench) => {
  await withFlowAndProviders(bench);
  const { directory } = bench;
  const source = { type: identityUserFlow, id: 'b2c_1_susi' };
  assert.equal(await directory.link(app, source, 'userFlowIdentityProviders', 'Google-OAUTH'), true);
  assert.equal([...(await directory.linked([source], 'identityProviders')).values()].flat().length, 1);
});

onEveryEngine('linked entities hold no secret', async (bench) => {
  await withFlowAndProviders(bench);
  const { directory } = bench;
  await directory.link(app, flowRef, 'userFlowIdentityProviders', 'Google-OAUTH');
  const [linked] = [...(await directory.linked([flowRef], 'userFlowIdentityProviders')).values()].flat();
  assert.ok(linked);
  assert.equal((linked.entity as Record<string, unknown>)['clientSecret'], '******');
  assert.equal(linked.type.name, 'socialIdentityProvider');
  assert.deepEqual(await directory.linked([], 'anything'), []);
});

onEveryEngine('a reference points only at what is there and of the right type', async (bench) => {
  await withFlowAndProviders(bench);
  const { directory } = bench;
  await assert.rejects(directory.link(app, flowRef, 'userFlowIdentityProviders', 'nobody'), {
    code: 'directory.notFound',
    message: /^Resource 'nobody'/,
  });
  await assert.rejects(directory.link(app, flowRef, 'userFlowIdentityProviders', 'B2C_1_susi'), {
    code: 'directory.notFound',
  });
  await assert.rejects(directory.link(app, flowRef, 'nothing', 'Google-OAUTH'), {
    code: 'directory.wrongNavigation',
    status: 400,
  });
  await assert.rejects(directory.link(app, flowRef, 'userAttributeAssignments', 'Google-OAUTH'), {
    code: 'directory.wrongNavigation',
  });
  await assert.rejects(directory.linked([flowRef], 'constructor'), { code: 'directory.wrongNavigation' });
});

onEveryEngine('a reference to a derived type does not take another member of the family', async (bench) => {
  await withFlowAndProviders(bench);
  const builtIn = { id: 'EmailPassword-OAUTH', displayName: 'E-mail', identityProviderType: 'EmailPassword' };
  await bench.directory.create(server, entities.builtInIdentityProvider, builtIn);
  const navigation: NamedNavigation = {
    name: 'socialOnly',
    kind: 'references',
    many: true,
    target: () => socialIdentityProvider,
    versions: [],
    methods: [],
  };
  const find = (id: string) => bench.store.read((reader) => targetOf(reader, navigation, id));
  assert.equal((await find('google-oauth')).id, 'Google-OAUTH');
  await assert.rejects(find('EmailPassword-OAUTH'), { code: 'directory.wrongTarget', status: 400 });
});

onEveryEngine('a reference to one entity moves when it is set again', async ({ directory }) => {
  await directory.create(app, b2cIdentityUserFlow, flowDraft);
  for (const id of ['city', 'country']) {
    await directory.create(server, identityUserFlowAttribute, { id, displayName: id, dataType: 'string' });
  }
  const type = entities.identityUserFlowAttributeAssignment;
  const within = { parent: flowRef, navigation: 'userAttributeAssignments' };
  const options = { within, links: { userAttribute: ['city'] } };
  await assert.rejects(
    directory.create(
      server,
      type,
      { ...assignment, id: 'city' },
      { within, links: { userAttribute: ['city', 'country'] } },
    ),
    { code: 'directory.oneTarget' },
  );
  await directory.create(server, type, { ...assignment, id: 'city' }, options);
  const ref = { type, id: 'city', within };
  const target = async () =>
    [...(await directory.linked([ref], 'userAttribute')).values()].flat().map(({ entity }) => entity.id);
  assert.equal(await directory.link(app, ref, 'userAttribute', 'CITY'), false);
  assert.equal(await directory.link(app, ref, 'userAttribute', 'country'), true);
  assert.deepEqual(await target(), ['country']);
});

onEveryEngine('a link to a removed entity is gone', async (bench) => {
  await withFlowAndProviders(bench);
  await bench.directory.link(app, flowRef, 'userFlowIdentityProviders', 'Google-OAUTH');
  await bench.directory.remove(app, { type: socialIdentityProvider, id: 'google-oauth' });
  assert.deepEqual(await idsOf(bench, 'identityProviders'), []);
});

onEveryEngine('a reference out of a complex value brings the value about where there is none', async (bench) => {
  const { directory } = bench;
  const type = entities.externalUsersSelfServiceSignUpEventsFlow;
  await directory.create(server, identityUserFlowAttribute, { id: 'city', displayName: 'City', dataType: 'string' });
  const { entity } = await directory.create(app, type, { displayName: 'Flow' });
  const ref = { type, id: entity.id };
  assert.equal(entity.onAttributeCollection, null);
  assert.equal(await directory.link(app, ref, 'onAttributeCollection/attributes', 'city'), true);
  const linked = (await directory.get(ref))?.entity;
  const name = 'onAttributeCollectionExternalUsersSelfServiceSignUp';
  assert.deepEqual(linked?.onAttributeCollection, {
    '@odata.type': name,
    attributeCollectionPage: null,
    accessPackages: [],
  });
  assert.equal(linked?.onAuthenticationMethodLoadStart, null);
  const row = await bench.store.read((reader) => reader.get(ref));
  assert.equal(await directory.link(app, ref, 'onAttributeCollection/attributes', 'CITY'), false);
  assert.equal((await bench.store.read((reader) => reader.get(ref)))?.etag, row?.etag);
});
