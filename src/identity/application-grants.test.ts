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
