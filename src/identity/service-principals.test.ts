import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Caller, digest, isUuid } from '../kernel/index.ts';
import { entities, graphAppId, graphDelegatedPermissions, graphPermissions } from '../model/index.ts';
import { app, openTenant, seed } from './testing/harness.ts';

const house = await openTenant();
const { directory, tenant } = house;
after(() => house.close());

const { application, servicePrincipal } = entities;
const scope = { id: '00000000-0000-4000-8000-000000000001', value: 'tasks.read', type: 'User' };
const makeApplication = async (draft: Readonly<Record<string, unknown>> = {}) =>
  (await directory.create(seed, application, { displayName: 'My App', ...draft })).entity;
const create = async (draft: Readonly<Record<string, unknown>>) =>
  (await directory.create(app, servicePrincipal, draft)).entity;

test('a service principal shows what its application declares, as it is now', async () => {
  const owner = await makeApplication({
    description: 'about it',
    identifierUris: ['api://my-app'],
    web: { redirectUris: ['https://app.example/cb'], logoutUrl: 'https://app.example/out' },
    spa: { redirectUris: ['https://app.example/cb', 'http://localhost:3000/'] },
    api: { oauth2PermissionScopes: [scope] },
  });
  const made = await create({ appId: owner.appId });
  assert.ok(isUuid(made.id));
  assert.notEqual(made.id, owner.id);
  assert.deepEqual(
    {
      names: [made.displayName, made.appDisplayName, made.publisherName],
      owner: made.appOwnerOrganizationId,
      urls: [made.replyUrls, made.logoutUrl, made.servicePrincipalNames],
      scopes: made.oauth2PermissionScopes.map(({ value }) => value),
      published: made.publishedPermissionScopes,
      kind: [made.servicePrincipalType, made.accountEnabled, made.appRoleAssignmentRequired],
      audience: made.signInAudience,
    },
    {
      names: ['My App', 'My App', 'Contoso'],
      owner: tenant.id,
      urls: [
        ['https://app.example/cb', 'http://localhost:3000/'],
        'https://app.example/out',
        ['api://my-app', owner.appId],
      ],
      scopes: ['tasks.read'],
      published: made.oauth2PermissionScopes,
      kind: ['Application', true, false],
      audience: 'AzureADandPersonalMicrosoftAccount',
    },
  );
  const patch = { displayName: 'Renamed', appRoles: [{ id: scope.id, value: 'Tasks.Sync' }] };
  await directory.update(seed, { type: application, id: owner.id }, patch);
  const { items } = await directory.find({
    type: servicePrincipal,
    filter: { op: 'eq', path: ['appId'], value: owner.appId },
    limit: 9,
  });
  assert.deepEqual(
    items.map(({ entity }) => [entity.displayName, entity.appDisplayName, entity.appRoles.map(({ value }) => value)]),
    [['My App', 'Renamed', ['Tasks.Sync']]],
  );
});

test('it stands for an application that exists, of which there is one', async () => {
  const nobody = '99999999-9999-4999-8999-999999999999';
  await assert.rejects(create({ appId: nobody }), {
    code: 'identity.noSuchApplication',
    message: `The appId '${nobody}' of the service principal does not reference a valid application object.`,
    status: 400,
  });
  const { appId } = await makeApplication();
  await create({ appId: appId.toUpperCase(), displayName: 'foo', tags: ['a'] });
  await assert.rejects(create({ appId }), { code: 'store.exists', status: 409 });
  await assert.rejects(create({}), { code: 'model.requiredProperty', status: 400 });
  await assert.rejects(create({ appId, appRoles: [] }), { code: 'model.readOnlyProperty', status: 400 });
});

test('what is its own can be changed, what follows from the application cannot', async () => {
  const made = await create({ appId: (await makeApplication()).appId });
  const ref = { type: servicePrincipal, id: made.id };
  const patch = { appRoleAssignmentRequired: true, accountEnabled: false, notes: 'n', loginUrl: 'https://app.example' };
  assert.deepEqual((await directory.update(app, ref, patch)).entity, { ...made, ...patch });
  for (const refused of [{ appId: scope.id }, { replyUrls: [] }, { publisherName: 'x' }, { passwordCredentials: [] }]) {
    await assert.rejects(directory.update(app, ref, refused), { status: 400 }, JSON.stringify(refused));
  }
  await directory.remove(app, ref);
  assert.equal(await directory.get(ref), undefined);
});

test('a client secret of a service principal is told once, and kept as its hash', async () => {
  const role = { id: graphPermissions['Policy.Read.All'], type: 'Role' };
  const requiredResourceAccess = [{ resourceAppId: graphAppId, resourceAccess: [role] }];
  const { appId } = await makeApplication({ requiredResourceAccess });
  const ref = { type: servicePrincipal, id: (await create({ appId })).id };
  const invoke = (operation: string, parameters: Readonly<Record<string, unknown>>, caller: Caller = able) =>
    directory.invoke(caller, ref, operation, parameters);
  const able: Caller = { kind: 'app', appId, roles: ['Application.ReadWrite.All', 'Policy.Read.All'] };
  await assert.rejects(invoke('addPassword', {}, app), { code: 'identity.grantNotHeld', status: 403 });
  const issued = (await invoke('addPassword', {})) as { readonly keyId: string; readonly secretText: string };
  const stored = async () => (await directory.get(ref))?.entity.passwordCredentials ?? [];
  assert.deepEqual(
    (await stored()).map(({ keyId, secretHash }) => [keyId, secretHash]),
    [[issued.keyId, digest(issued.secretText)]],
  );
  await invoke('removePassword', { keyId: issued.keyId });
  assert.deepEqual(await stored(), []);
  await assert.rejects(invoke('removePassword', { keyId: issued.keyId }), { code: 'identity.unknownCredential' });
});

test('a service principal goes with its application', async () => {
  const owner = await makeApplication();
  const { id } = await create({ appId: owner.appId });
  await directory.remove(app, { type: application, id: owner.id });
  assert.equal(await directory.get({ type: servicePrincipal, id }), undefined);
});

test('Microsoft Graph is there with everything an application can be given, and belongs to the server', async () => {
  const { items } = await directory.find({
    type: servicePrincipal,
    filter: { op: 'eq', path: ['appId'], value: graphAppId },
    limit: 9,
  });
  const [graph] = items.map(({ entity }) => entity);
  assert.ok(graph);
  assert.equal(items.length, 1);
  assert.equal(graph.displayName, 'Microsoft Graph');
  assert.deepEqual(Object.fromEntries(graph.appRoles.map(({ value, id }) => [value, id])), graphPermissions);
  const scopes = graph.oauth2PermissionScopes;
  assert.deepEqual(Object.fromEntries(scopes.map(({ value, id }) => [value, id])), graphDelegatedPermissions);
  assert.ok(!scopes.some(({ id }) => graph.appRoles.some((role) => role.id === id)));
  const ref = { type: servicePrincipal, id: graph.id };
  const refused = { code: 'identity.reservedServicePrincipal', status: 400 };
  await assert.rejects(directory.update(app, ref, { accountEnabled: false }), refused);
  await assert.rejects(directory.remove(app, ref), refused);
  await assert.rejects(directory.invoke(app, ref, 'addPassword', {}), refused);
  await assert.rejects(create({ appId: graphAppId }), { status: 400 });
});
