import assert from 'node:assert/strict';
import { entities } from '../model/index.ts';
import { behaviour } from './behaviour.ts';
import { app, assignment, flowDraft, flowRef, google, googleRef, onEveryEngine, server } from './harness.test.ts';

const { application, b2cIdentityUserFlow, identityUserFlowAttribute, socialIdentityProvider, user } = entities;

onEveryEngine('a PUT creates at its address, and the next one replaces what is there', async ({ directory }) => {
  const { id: _, ...draft } = flowDraft;
  const made = await directory.put(app, flowRef, { ...draft, defaultLanguageTag: 'de' });
  assert.equal(made.created, true);
  assert.deepEqual([made.entity.id, made.entity.defaultLanguageTag], ['B2C_1_susi', 'de']);
  const replaced = await directory.put(app, { ...flowRef, id: 'b2c_1_SUSI' }, flowDraft);
  assert.equal(replaced.created, false);
  assert.deepEqual([replaced.entity.id, replaced.entity.defaultLanguageTag], ['B2C_1_susi', 'en']);
  assert.notEqual(replaced.etag, made.etag);
});

onEveryEngine('an id that the server would have made can be chosen by the address', async ({ directory }) => {
  const ref = { type: user, id: '11111111-1111-4111-8111-111111111111' };
  const made = await directory.put(app, ref, { id: ref.id.toUpperCase(), displayName: 'Adele' });
  assert.deepEqual([made.created, made.entity.id], [true, ref.id]);
  await assert.rejects(directory.put(app, ref, { id: 'other', displayName: 'Adele' }), { code: 'directory.otherId' });
  await assert.rejects(directory.put(app, { type: user, id: 'a/b' }, {}), { code: 'model.invalidValue' });
});

onEveryEngine(
  'what a replacement does not name has its default, what only the server sets stays',
  async ({ directory, store }) => {
    const ref = { type: user, id: 'adele' };
    const draft = { ...ref, displayName: 'Adele', jobTitle: 'Chef', passwordHash: 'hash', extension_a_b: 1 };
    const { type: _, ...first } = draft;
    await directory.create(server, user, { ...first, identities: [] });
    const changes: (readonly string[])[] = [];
    directory.onChange(user, ({ properties }) => changes.push(properties));
    const { entity } = await directory.put(app, ref, { displayName: 'Adele', city: 'Berlin' });
    assert.deepEqual([entity.displayName, entity.jobTitle, entity.city], ['Adele', null, 'Berlin']);
    assert.equal((entity as Record<string, unknown>)['extension_a_b'], undefined);
    assert.equal((await store.read((reader) => reader.get(ref)))?.values['passwordHash'], 'hash');
    assert.deepEqual(changes[0]?.toSorted(), ['city', 'displayName', 'extension_a_b', 'jobTitle']);
  },
);

onEveryEngine('complex values are replaced as a whole', async ({ directory }) => {
  const ref = { type: application, id: 'web' };
  const draft = { appId: '22222222-2222-4222-8222-222222222222', displayName: 'web' };
  const web = { redirectUris: ['https://a/'], logoutUrl: 'https://a/out' };
  await directory.create(server, application, { id: 'web', ...draft, web });
  const { entity } = await directory.put(server, ref, { ...draft, web: { logoutUrl: 'https://b/out' } });
  assert.deepEqual([entity.web?.redirectUris, entity.web?.logoutUrl], [[], 'https://b/out']);
});

onEveryEngine('a replacement is complete, and leaves alone what cannot change', async ({ directory }) => {
  await directory.create(app, b2cIdentityUserFlow, flowDraft);
  await assert.rejects(directory.put(app, flowRef, { defaultLanguageTag: 'de' }), { code: 'model.requiredProperty' });
  const other = { ...flowDraft, userFlowType: 'signIn' };
  await assert.rejects(directory.put(app, flowRef, other), { code: 'model.immutableProperty', status: 400 });
  assert.equal((await directory.put(app, flowRef, { ...flowDraft, userFlowType: 'SIGNUPORSIGNIN' })).created, false);
});

onEveryEngine('the mask of a secret keeps it', async ({ directory }) => {
  const made = await directory.put(server, googleRef, google);
  assert.equal(made.entity.clientSecret, '******');
  await directory.put(server, googleRef, { ...google, clientSecret: '******', clientId: 'changed' });
  assert.deepEqual(await directory.reveal(googleRef), { clientSecret: 'hush-hush' });
  await directory.put(server, googleRef, { ...google, clientSecret: 'other' });
  assert.deepEqual(await directory.reveal(googleRef), { clientSecret: 'other' });
  const facebook = { ...google, id: 'Facebook-OAUTH', clientSecret: '******' };
  const ref = { ...googleRef, id: facebook.id };
  await assert.rejects(directory.put(server, ref, facebook), { code: 'directory.maskedSecret' });
});

onEveryEngine('a PUT with a version is refused when there is another or none', async ({ directory }) => {
  await assert.rejects(directory.put(app, flowRef, flowDraft, 'W/"1"'), { status: 412 });
  await assert.rejects(directory.put(app, flowRef, flowDraft, '*'), { status: 412 });
  const { etag } = await directory.put(app, flowRef, flowDraft);
  await directory.put(app, flowRef, flowDraft, '*');
  const changed = await directory.put(app, flowRef, { ...flowDraft, defaultLanguageTag: 'de' }, etag);
  await assert.rejects(directory.put(app, flowRef, flowDraft, etag), { status: 412 });
  assert.equal((await directory.get(flowRef))?.etag, changed.etag);
});

onEveryEngine('of many PUTs to a new address one creates, and all succeed', async ({ directory }) => {
  const tags = ['de', 'fr', 'es', 'it'];
  const results = await Promise.all(
    tags.map((defaultLanguageTag) => directory.put(app, flowRef, { ...flowDraft, defaultLanguageTag })),
  );
  assert.equal(results.filter(({ created }) => created).length, 1);
  assert.ok(tags.includes((await directory.get(flowRef))?.entity.defaultLanguageTag ?? ''));
});

onEveryEngine('what it contains stays, and so do links unless they are named', async ({ directory }) => {
  await directory.create(server, socialIdentityProvider, google);
  await directory.create(server, socialIdentityProvider, { ...google, id: 'Facebook-OAUTH' });
  const links = { userFlowIdentityProviders: ['Google-OAUTH'] };
  const contained = { userAttributeAssignments: [{ draft: { ...assignment, id: 'city' } }] };
  await directory.create(server, b2cIdentityUserFlow, flowDraft, { links, contained });
  const linked = async () =>
    (await directory.linked([flowRef], 'userFlowIdentityProviders'))[0]?.map(({ entity }) => entity.id);
  await directory.put(app, flowRef, { ...flowDraft, defaultLanguageTag: 'de' });
  assert.deepEqual(await linked(), ['Google-OAUTH']);
  const { items } = await directory.find({
    type: entities.identityUserFlowAttributeAssignment,
    within: [{ parent: flowRef, navigation: 'userAttributeAssignments' }],
    limit: 9,
  });
  assert.equal(items.length, 1);
  const other = { links: { identityProviders: ['facebook-oauth'] } };
  await directory.put(app, flowRef, flowDraft, undefined, other);
  assert.deepEqual(await linked(), ['Facebook-OAUTH']);
});

onEveryEngine('an update sets links in the same commit, or nothing', async ({ directory, store }) => {
  for (const id of ['Google-OAUTH', 'Facebook-OAUTH', 'Twitter-OAUTH']) {
    await directory.create(server, socialIdentityProvider, { ...google, id });
  }
  await directory.create(app, b2cIdentityUserFlow, flowDraft);
  const linked = async () =>
    (await directory.linked([flowRef], 'userFlowIdentityProviders'))[0]?.map(({ entity }) => entity.id);
  const set = (patch: Record<string, unknown>, ids: readonly string[], ifMatch?: string) =>
    directory.update(app, flowRef, patch, ifMatch, { links: { userFlowIdentityProviders: ids } });
  await set({ defaultLanguageTag: 'de' }, ['Google-OAUTH', 'google-oauth', 'Twitter-OAUTH']);
  assert.deepEqual(await linked(), ['Google-OAUTH', 'Twitter-OAUTH']);
  await set({}, ['Twitter-OAUTH', 'Facebook-OAUTH']);
  assert.deepEqual(await linked(), ['Twitter-OAUTH', 'Facebook-OAUTH']);
  await assert.rejects(set({ defaultLanguageTag: 'fr' }, ['Google-OAUTH', 'none']), { code: 'directory.notFound' });
  await assert.rejects(set({}, [], 'W/"1"'), { status: 412 });
  assert.deepEqual(await linked(), ['Twitter-OAUTH', 'Facebook-OAUTH']);
  assert.equal((await store.read((reader) => reader.get(flowRef)))?.values['defaultLanguageTag'], 'de');
  await set({}, []);
  assert.deepEqual(await linked(), []);
});

const catalogue = behaviour({
  type: identityUserFlowAttribute,
  async builtIn() {
    return [{ id: 'city', values: { displayName: 'City', dataType: 'string', description: 'Town' } }];
  },
});

onEveryEngine(
  'a built-in entity is replaced, not created',
  async ({ directory }) => {
    const ref = { type: identityUserFlowAttribute, id: 'CITY' };
    const { created, entity } = await directory.put(app, ref, { displayName: 'City', dataType: 'string' });
    assert.deepEqual([created, entity.id, entity.description], [false, 'city', null]);
    assert.notEqual((await directory.get(ref))?.etag, 'W/"0"');
  },
  [catalogue],
);
