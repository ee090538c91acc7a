import assert from 'node:assert/strict';
import { type Caller, isoDateTime, systemFor } from '../kernel/index.ts';
import { type EntityOf, entities } from '../model/index.ts';
import { behaviour } from './behaviour.ts';
import { assignment, flowDraft, flowRef, google, googleRef, onEveryEngine, server } from './harness.test.ts';
import type { Directory } from './index.ts';

const { application, b2cIdentityUserFlow, directoryAudit, identityUserFlowAttribute, signingKey, user } = entities;

type Entry = EntityOf<typeof directoryAudit>;

/** Newest first. */
const log = async (directory: Directory): Promise<readonly Entry[]> =>
  (await directory.find({ type: directoryAudit, limit: 999 })).items.map(({ entity }) => entity);
const names = async (directory: Directory) =>
  (await log(directory)).map((entry) => entry.activityDisplayName).toReversed();

const appId = '44444444-4444-4444-8444-444444444444';
const app = { kind: 'app', appId, roles: [] } as const;

onEveryEngine('a created entity leaves one entry: who, when, what, and which properties', async ({ directory }) => {
  const { entity } = await directory.create(server, application, { displayName: 'Try', appId });
  const caller: Caller = { ...app, correlationId: '0a8b1f64-2a69-4c3f-8f0f-5c40a4b5b9a1' };
  const made = await directory.create(caller, user, {
    displayName: 'Adele',
    userPrincipalName: 'adele@contoso.example',
    extension_a_Shoe: 'secret-looking',
  });
  const [entry, first, ...rest] = await log(directory);
  assert.equal(rest.length, 0);
  assert.equal(first?.targetResources[0]?.id, entity.id);
  assert.match(entry?.id ?? '', /^[0-9a-f-]{36}$/);
  assert.deepEqual(entry, {
    id: entry?.id,
    activityDateTime: isoDateTime(1_800_000_000),
    activityDisplayName: 'Add user',
    additionalDetails: [],
    category: 'UserManagement',
    correlationId: '0a8b1f64-2a69-4c3f-8f0f-5c40a4b5b9a1',
    initiatedBy: {
      user: null,
      app: { appId, displayName: 'Try', servicePrincipalId: null, servicePrincipalName: null },
    },
    loggedByService: 'Core Directory',
    operationType: 'Add',
    result: 'success',
    resultReason: null,
    targetResources: [
      {
        id: made.entity.id,
        displayName: 'Adele',
        type: 'User',
        userPrincipalName: 'adele@contoso.example',
        groupType: null,
        modifiedProperties: ['displayName', 'userPrincipalName', 'extension_a_Shoe'].map((displayName) => ({
          displayName,
          oldValue: null,
          newValue: null,
        })),
      },
    ],
  });
});

onEveryEngine('updates, removals and links are told in their own words', async ({ directory }) => {
  await directory.create(server, identityUserFlowAttribute, { id: 'city', displayName: 'City', dataType: 'string' });
  await directory.create(server, entities.socialIdentityProvider, google);
  await directory.create(app, b2cIdentityUserFlow, flowDraft, {
    links: { userFlowIdentityProviders: [google.id] },
    contained: { userAttributeAssignments: [{ draft: assignment }] },
  });
  await directory.update(app, flowRef, { defaultLanguageTag: 'de' });
  await directory.unlink(app, flowRef, 'userFlowIdentityProviders', google.id);
  await directory.link(app, flowRef, 'userFlowIdentityProviders', google.id);
  const within = { parent: flowRef, navigation: 'userAttributeAssignments' };
  const type = entities.identityUserFlowAttributeAssignment;
  const [{ entity } = assert.fail()] = (await directory.find({ type, within: [within], limit: 1 })).items;
  const ref = { type, id: entity.id, within };
  await directory.update(app, ref, { isOptional: true });
  await directory.put(app, flowRef, flowDraft);
  await directory.remove(app, flowRef);
  assert.deepEqual(await names(directory), [
    'Create user attribute',
    'Create identity provider',
    'Create user flow',
    ...Array.from({ length: 5 }, () => 'Update user flow'),
    'Delete user flow',
  ]);
  const [removed, , inside, linked, , , created] = await log(directory);
  assert.deepEqual([removed?.operationType, removed?.category], ['Delete', 'ResourceManagement']);
  const touched = (entry: Entry | undefined) =>
    entry?.targetResources.map(({ id, modifiedProperties }) => [
      id,
      ...modifiedProperties.map(({ displayName }) => displayName),
    ]);
  assert.deepEqual(touched(inside), [
    ['B2C_1_susi', 'userAttributeAssignments'],
    [entity.id, 'isOptional'],
  ]);
  assert.deepEqual(touched(linked), [['B2C_1_susi', 'userFlowIdentityProviders'], ['Google-OAUTH']]);
  assert.deepEqual(touched(created), [
    ['B2C_1_susi', 'userFlowType', 'userFlowTypeVersion', 'userFlowIdentityProviders', 'userAttributeAssignments'],
  ]);
});

onEveryEngine('what changes nothing or is refused leaves no entry', async ({ directory }) => {
  await directory.create(server, entities.socialIdentityProvider, google);
  await directory.create(app, b2cIdentityUserFlow, flowDraft, { links: { userFlowIdentityProviders: [google.id] } });
  const before = (await log(directory)).length;
  await directory.update(app, flowRef, {});
  assert.equal(await directory.link(app, flowRef, 'userFlowIdentityProviders', google.id), false);
  assert.equal(await directory.unlink(app, flowRef, 'userFlowIdentityProviders', 'none'), false);
  await assert.rejects(directory.create(app, b2cIdentityUserFlow, flowDraft), { code: 'store.exists' });
  await assert.rejects(directory.update(app, flowRef, { defaultLanguageTag: 'de' }, 'W/"0"'), { status: 412 });
  await assert.rejects(directory.remove(app, { ...flowRef, id: 'none' }), { status: 404 });
  assert.equal((await log(directory)).length, before);
});

onEveryEngine('no value of a property is in the log, nor in an entry about a secret', async ({ directory, store }) => {
  await directory.create(server, entities.socialIdentityProvider, google);
  await directory.update(server, googleRef, { clientSecret: 'hush-hush-2', clientId: 'client-2' });
  const rows = (await store.read((reader) => reader.find({ type: directoryAudit, limit: 9 }))).items;
  assert.equal(rows.length, 2);
  assert.ok(!/hush|client-2/.test(JSON.stringify(rows)));
  assert.ok(JSON.stringify(rows).includes('clientSecret'));
});

onEveryEngine('who asked is named, and not the server that did it for them', async ({ directory }) => {
  await directory.create(server, user, {
    id: 'adele',
    displayName: 'Adele',
    userPrincipalName: 'adele@contoso.example',
  });
  const adele: Caller = { kind: 'user', userId: 'adele', appId: 'app-1', scopes: [] };
  await directory.create(systemFor(adele, 'inviteGuest'), user, { displayName: 'Guest' });
  await directory.create({ ...app, appId: 'unknown' }, user, { displayName: 'Other' });
  const [other, guest, first] = await log(directory);
  const nobody = { servicePrincipalId: null, servicePrincipalName: null };
  assert.deepEqual(first?.initiatedBy, { user: null, app: { appId: null, displayName: 'test', ...nobody } });
  assert.deepEqual(guest?.initiatedBy, {
    user: { id: 'adele', displayName: 'Adele', userPrincipalName: 'adele@contoso.example', ipAddress: null },
    app: null,
  });
  assert.deepEqual(guest?.additionalDetails, [
    { key: 'Operation', value: 'inviteGuest' },
    { key: 'AppId', value: 'app-1' },
  ]);
  assert.deepEqual(other?.initiatedBy.app?.displayName, null);
});

onEveryEngine(
  'what the server keeps for itself is not logged when it changes, but keys are when they are made',
  async ({ directory }) => {
    await directory.create(server, user, { id: 'adele', displayName: 'Adele' });
    await directory.update(server, { type: user, id: 'adele' }, { passwordHash: 'rehashed' });
    await directory.create(server, signingKey, {
      algorithm: 'RS256',
      publicJwk: '{}',
      privateJwk: '{}',
      createdDateTime: '2026-01-01T00:00:00Z',
    });
    await directory.update(systemFor(app, 'reset'), { type: user, id: 'adele' }, { passwordHash: 'other' });
    assert.deepEqual(await names(directory), ['Add user', 'Create policy key', 'Update user']);
    const [, key] = await log(directory);
    assert.deepEqual(key?.targetResources[0]?.modifiedProperties, []);
  },
);

const hashing = behaviour({
  type: user,
  async prepare(draft) {
    return draft.passwordProfile ? { ...draft, passwordHash: 'hash' } : draft;
  },
});

onEveryEngine(
  'a reset password and ended sessions have names of their own',
  async ({ directory }) => {
    await directory.create(app, user, { displayName: 'Adele' });
    const [{ entity } = assert.fail()] = (await directory.find({ type: user, limit: 1 })).items;
    const ref = { type: user, id: entity.id };
    await directory.update(app, ref, { passwordProfile: { password: 'n3w password' } });
    await directory.update(systemFor(app, 'revokeSignInSessions'), ref, {
      signInSessionsValidFromDateTime: '2026-01-01T00:00:00Z',
    });
    assert.deepEqual(await names(directory), [
      'Add user',
      'Reset user password',
      'Update StsRefreshTokenValidFrom Timestamp',
    ]);
    const [, reset] = await log(directory);
    assert.deepEqual(
      reset?.targetResources[0]?.modifiedProperties.map(({ displayName }) => displayName),
      ['passwordProfile'],
    );
  },
  [hashing],
);

onEveryEngine('the log is read newest first, also of one second, and in pages', async ({ directory }) => {
  for (const displayName of ['a', 'b', 'c']) await directory.create(app, user, { displayName });
  const targets = (items: readonly { entity: Entry }[]) =>
    items.map(({ entity }) => entity.targetResources[0]?.displayName);
  const first = await directory.find({ type: directoryAudit, limit: 2 });
  const rest = await directory.find({ type: directoryAudit, limit: 2, after: first.next ?? '' });
  assert.deepEqual([targets(first.items), targets(rest.items)], [['c', 'b'], ['a']]);
});

onEveryEngine(
  'a tenant has its own log, and entries of it are told to nobody',
  async ({ directory, other, observed }) => {
    let heard = 0;
    directory.onChange(directoryAudit, () => {
      heard += 1;
    });
    await directory.create(app, user, { displayName: 'Adele' });
    assert.equal((await log(other)).length, 0);
    assert.equal(heard, 0);
    assert.equal(observed.filter(({ kind }) => kind === 'directory.changed').length, 1);
  },
);

onEveryEngine('what is written into a log makes no change', async ({ directory, store }) => {
  await directory.create(app, user, { displayName: 'Adele' });
  const [{ id } = assert.fail()] = await log(directory);
  const ref = { type: directoryAudit, id };
  const { changes, value } = await store.write(async (transaction) => {
    const row = await transaction.get(ref);
    const { etag } = await transaction.insert({ ref: { ...ref, id: 'other' }, values: row?.values ?? {} }, app);
    const updated = await transaction.update({ ref, values: row?.values ?? {} }, app, ['category']);
    await transaction.remove(ref, app);
    return [row?.etag, etag, updated.etag];
  });
  assert.deepEqual(changes, []);
  assert.equal(new Set(value).size, 3);
});

onEveryEngine('entries of other logs are appended in one commit, in their order', async ({ directory }) => {
  const entry = (activityDisplayName: string) => ({
    activityDisplayName,
    category: 'Other',
    activityDateTime: '2026-01-01T00:00:00Z',
  });
  await directory.append(directoryAudit, ['one', 'two', 'three'].map(entry));
  assert.deepEqual(await names(directory), ['one', 'two', 'three']);
  await assert.rejects(directory.append(directoryAudit, [entry('four'), {}]), { code: 'model.requiredProperty' });
  assert.equal((await log(directory)).length, 3);
});
