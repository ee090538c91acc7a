import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Caller } from '../kernel/index.ts';
import { entities, graphAppId, graphPermissions } from '../model/index.ts';
import { openTenant, seed } from './testing/harness.ts';

const house = await openTenant();
const { directory } = house;
after(() => house.close());

const { application } = entities;
const holding = (...roles: readonly string[]): Caller => ({ kind: 'app', appId: 'caller', roles });
const graph = (...names: readonly (keyof typeof graphPermissions)[]) => [
  {
    resourceAppId: graphAppId.toUpperCase(),
    resourceAccess: names.map((name) => ({ id: graphPermissions[name].toUpperCase(), type: 'role' })),
  },
];
const create = async (caller: Caller, draft: Readonly<Record<string, unknown>>) =>
  (await directory.create(caller, application, { displayName: 'An application', ...draft })).entity;

test('nobody grants a permission of Graph that they do not hold, neither to another nor to themselves', async () => {
  const caller = holding('Application.ReadWrite.All', 'User.Read.All');
  const refused = { code: 'identity.grantNotHeld', status: 403 };
  await assert.rejects(create(caller, { requiredResourceAccess: graph('User.ReadWrite.All') }), refused);
  const made = await create(caller, { requiredResourceAccess: graph('User.Read.All') });
  const ref = { type: application, id: made.id };
  const more = { requiredResourceAccess: graph('User.Read.All', 'Policy.Read.All') };
  await assert.rejects(directory.update(caller, ref, more), refused);
  const signedIn: Caller = { kind: 'user', userId: 'u', appId: 'a', scopes: ['User.Read.All'] };
  await assert.rejects(directory.update(signedIn, ref, more), refused);
});

const sync = '6f1ba2f8-3f5c-4d0c-9a67-1f0a5b0c1d0a';
const onApi = (resourceAppId: string, type = 'Role') => [{ resourceAppId, resourceAccess: [{ id: sync, type }] }];
const tasksApi = async () => {
  const role = { id: sync, value: 'Tasks.Sync', displayName: 'Sync', description: 'Sync' };
  return create(seed, { appRoles: [{ ...role, allowedMemberTypes: ['Application'] }] });
};

test('nobody grants a role of an API of the tenant that they do not hold', async () => {
  const { appId: api } = await tasksApi();
  const holder = await create(seed, { requiredResourceAccess: onApi(api.toUpperCase(), 'role') });
  const other = await create(seed, {});
  const roles = ['Application.ReadWrite.All'];
  const refused = { code: 'identity.grantNotHeld', status: 403 };
  const grant = { requiredResourceAccess: onApi(api) };
  const by = (appId: string): Caller => ({ kind: 'app', appId, roles });
  const self = { type: application, id: other.id };
  await assert.rejects(directory.update(by(other.appId), self, grant), refused);
  await assert.rejects(create(by(other.appId), grant), refused);
  const person: Caller = { kind: 'user', userId: 'u', appId: holder.appId, scopes: roles };
  await assert.rejects(directory.update(person, self, grant), refused, 'an application does not lend its roles');
  await directory.update(by(other.appId), self, { requiredResourceAccess: onApi(api, 'Scope') });
  await directory.update(by(holder.appId), self, grant);
  await directory.update(by('gone'), self, { ...grant, displayName: 'It has it already' });
});

test('nobody adds a credential to an application that holds a role of an API which they do not hold', async () => {
  const { appId: api } = await tasksApi();
  const holder = await create(seed, { requiredResourceAccess: onApi(api) });
  const twin = await create(seed, { requiredResourceAccess: onApi(api) });
  const target = { type: application, id: holder.id };
  const add = (appId: string) =>
    directory.invoke({ kind: 'app', appId, roles: ['Application.ReadWrite.All'] }, target, 'addPassword', {});
  await assert.rejects(add('another'), { code: 'identity.grantNotHeld', status: 403 });
  await add(twin.appId);
});

test('who manages the grants of applications grants every role', async () => {
  const { appId: api } = await tasksApi();
  const requiredResourceAccess = [...onApi(api), ...graph('Policy.Read.All')];
  const manager = holding('Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All');
  const { id } = await create(manager, { requiredResourceAccess });
  await directory.invoke(manager, { type: application, id }, 'addPassword', {});
  const scopes = ['Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All'];
  await create({ kind: 'user', userId: 'u', appId: 'a', scopes }, { requiredResourceAccess });
});

test('what was granted before stays, and another member of the application can be changed', async () => {
  const made = await create(seed, { requiredResourceAccess: graph('User.ReadWrite.All') });
  const caller = holding('Application.ReadWrite.All');
  const same = { displayName: 'Renamed', requiredResourceAccess: graph('User.ReadWrite.All') };
  const { entity } = await directory.update(caller, { type: application, id: made.id }, same);
  assert.equal(entity.displayName, 'Renamed');
});

test('an application passes neither for Graph nor for a person', async () => {
  const caller = holding('Application.ReadWrite.All');
  const person = await directory.create(seed, entities.user, {
    displayName: 'Ada',
    identities: [{ signInType: 'federated', issuer: 'example.com', issuerAssignedId: 'ada' }],
  });
  for (const appId of [graphAppId, person.entity.id]) {
    await assert.rejects(create(caller, { appId }), { code: 'identity.reservedAppId', status: 400 });
  }
  for (const uri of ['https://graph.microsoft.com', 'HTTPS://Graph.Microsoft.com/', `api://${graphAppId}`]) {
    await assert.rejects(create(caller, { identifierUris: [uri] }), { code: 'identity.reservedIdentifierUri' });
  }
});

test('a sign-out address is held to the rules of redirect URIs', async () => {
  const caller = holding('Application.ReadWrite.All');
  await assert.rejects(create(caller, { web: { logoutUrl: 'javascript:alert(1)' } }), {
    code: 'identity.badRedirectUri',
  });
  await create(caller, { web: { logoutUrl: 'https://app.example/signed-out' } });
});
