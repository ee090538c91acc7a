import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { digest, isUuid } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { extensionsAppName } from './extensions-app.ts';
import { app, openTenant, seed } from './testing/harness.ts';

const house = await openTenant();
const { directory } = house;
after(() => house.close());

const { application } = entities;
const create = async (draft: Readonly<Record<string, unknown>>, caller = app) =>
  (await directory.create(caller, application, { displayName: 'An application', ...draft })).entity;
const scope = (id: string, value: string) => ({ id: `00000000-0000-4000-8000-00000000000${id}`, value });

test('the server adds what the caller cannot know', async () => {
  const made = await create({});
  assert.ok(isUuid(made.appId));
  assert.notEqual(made.appId, made.id);
  assert.equal(made.publisherDomain, 'contoso.onmicrosoft.com');
  assert.equal(made.createdDateTime, '2027-01-15T08:00:00Z');
  const chosen = '11111111-1111-4111-8111-111111111111';
  assert.equal((await create({ appId: chosen }, seed)).appId, chosen);
  await assert.rejects(create({ appId: chosen }, seed), { status: 409 });
});

test('a client secret is kept as its hash, with a hint and an end two years away', async () => {
  const made = await create({ passwordCredentials: [{ secretText: 'usher-dev-secret', displayName: 'seed' }] }, seed);
  const [credential] = made.passwordCredentials;
  assert.equal(credential?.secretHash, digest('usher-dev-secret'));
  assert.equal(credential?.hint, 'ush');
  assert.equal(credential?.startDateTime, '2027-01-15T08:00:00Z');
  assert.equal(credential?.endDateTime, '2029-01-15T08:00:00Z');
  assert.ok(isUuid(credential?.keyId ?? ''));
  const row = await house.store.read((reader) => reader.get({ type: application, id: made.id }));
  assert.doesNotMatch(JSON.stringify(row), /usher-dev-secret/);
});

test('a credential that stays keeps its hash, one that is left out is gone', async () => {
  const made = await create({ passwordCredentials: [{ secretText: 'first one' }, { secretText: 'second' }] }, seed);
  const { keyId, endDateTime } = made.passwordCredentials[0] ?? {};
  const patch = { passwordCredentials: [{ keyId, endDateTime }] };
  const { entity } = await directory.update(app, { type: application, id: made.id }, patch);
  assert.equal(entity.passwordCredentials.length, 1);
  assert.equal(entity.passwordCredentials[0]?.secretHash, digest('first one'));
  assert.equal(entity.passwordCredentials[0]?.hint, 'fir');
  const unrelated = await directory.update(app, { type: application, id: made.id }, { description: 'x' });
  assert.equal(unrelated.entity.passwordCredentials[0]?.secretHash, digest('first one'));
});

test('a credential that stands cannot be changed, least of all prolonged', async () => {
  const made = await create({ passwordCredentials: [{ secretText: 'first one' }] }, seed);
  const keyId = made.passwordCredentials[0]?.keyId;
  for (const changed of [{ endDateTime: '2099-01-01T00:00:00Z' }, { displayName: 'renamed' }]) {
    const patch = { passwordCredentials: [{ keyId, ...changed }] };
    const refused = directory.update(app, { type: application, id: made.id }, patch);
    await assert.rejects(refused, { code: 'identity.credentialChanged', status: 400 });
  }
});

test('a caller can neither choose a secret nor invent a credential', async () => {
  for (const passwordCredentials of [[{ secretText: 'my own secret' }], [{ displayName: 'no text' }]]) {
    await assert.rejects(create({ passwordCredentials }), { code: 'identity.secretNotAccepted', status: 400 });
  }
  const made = await create({ passwordCredentials: [{ secretText: 'first one' }] }, seed);
  const keyId = made.passwordCredentials[0]?.keyId;
  const replaced = { passwordCredentials: [{ keyId, secretText: 'replaced' }] };
  await assert.rejects(directory.update(app, { type: application, id: made.id }, replaced), {
    code: 'identity.secretNotAccepted',
  });
});

test('redirect URIs are checked on every platform, in POST and in PATCH', async () => {
  const made = await create({
    web: { redirectUris: ['https://app.example/cb'] },
    spa: { redirectUris: ['http://localhost:3000/'] },
    publicClient: { redirectUris: ['msal1://auth'] },
  });
  for (const platform of ['web', 'spa', 'publicClient']) {
    const draft = { [platform]: { redirectUris: ['https://app.example/cb', 'javascript:alert(1)'] } };
    await assert.rejects(create(draft), { code: 'identity.badRedirectUri' }, platform);
    const patched = directory.update(app, { type: application, id: made.id }, draft);
    await assert.rejects(patched, { code: 'identity.badRedirectUri' }, platform);
  }
  const many = (from: number) => Array.from({ length: 51 }, (_, i) => `https://app.example/${from + i}`);
  await create({ web: { redirectUris: many(0) }, spa: { redirectUris: many(0).slice(2) } });
  const tooMany = { web: { redirectUris: many(0) }, spa: { redirectUris: many(51) } };
  await assert.rejects(create(tooMany), { code: 'identity.tooManyRedirectUris' });
});

test('an identifier URI names one application of the tenant', async () => {
  const identifierUris = ['https://contoso.onmicrosoft.com/tasks-api'];
  const made = await create({ identifierUris });
  await directory.update(app, { type: application, id: made.id }, { displayName: 'renamed', identifierUris });
  const again = create({ identifierUris: ['https://CONTOSO.onmicrosoft.com/tasks-api'] });
  await assert.rejects(again, { code: 'identity.identifierUriTaken', status: 400 });
  await assert.rejects(create({ identifierUris: ['tasks'] }), { code: 'identity.badIdentifierUri' });
  await assert.rejects(create({ identifierUris: ['api://a', 'API://a'] }), { code: 'identity.duplicateMember' });
});

test('of many simultaneous claims to one identifier URI exactly one succeeds', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, () => create({ identifierUris: ['api://contested'] })),
  );
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('scopes and roles have one value and one id each', async () => {
  await create({ api: { oauth2PermissionScopes: [scope('1', 'tasks.read'), scope('2', 'tasks.write')] } });
  for (const second of [scope('2', 'Tasks.Read'), scope('1', 'tasks.write')]) {
    const scopes = [scope('1', 'tasks.read'), second];
    await assert.rejects(create({ api: { oauth2PermissionScopes: scopes } }), { code: 'identity.duplicateMember' });
    await assert.rejects(create({ appRoles: scopes }), { code: 'identity.duplicateMember' });
  }
});

test('the application of the custom attributes is the server’s own', async () => {
  const find = () =>
    directory.find({
      type: application,
      filter: { op: 'eq', path: ['displayName'], value: extensionsAppName },
      limit: 9,
    });
  const [own] = (await find()).items;
  assert.ok(own);
  const ref = { type: application, id: own.entity.id };
  const reserved = { code: 'identity.reservedApplication', status: 400 };
  await assert.rejects(create({ displayName: extensionsAppName }), reserved);
  await assert.rejects(directory.update(app, ref, { displayName: 'mine' }), reserved);
  await assert.rejects(directory.remove(app, ref), reserved);
  const made = await create({});
  await assert.rejects(
    directory.update(app, { type: application, id: made.id }, { displayName: extensionsAppName }),
    reserved,
  );
  await directory.update(app, { type: application, id: made.id }, { displayName: 'renamed' });
  await directory.remove(app, { type: application, id: made.id });
  assert.equal((await find()).items.length, 1);
});
