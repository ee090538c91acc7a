import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engines } from '../support/engines.ts';
import type { Body } from '../support/golden/example.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';

let usher: Usher;

/** Sends and expects this status. */
async function ask(status: number, method: string, path: string, body?: unknown): Promise<Body> {
  const response = await usher.graph(method, path, body);
  const text = await response.text();
  assert.equal(response.status, status, `${method} ${path}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

const make = (draft: Readonly<Record<string, unknown>> = {}): Promise<Body> =>
  ask(201, 'POST', '/v1.0/applications', { displayName: 'Display name', ...draft });

/** The status of a token request with this secret. */
async function tokenStatus(clientId: string, secret: string): Promise<number> {
  const response = await fetch(`${usher.url}/${seeded.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  await response.body?.cancel();
  return response.status;
}

/** `Application.Read.All`. */
const readApplications = {
  resourceAppId: '00000003-0000-0000-c000-000000000000',
  resourceAccess: [{ id: '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30', type: 'Role' }],
};

for (const engine of engines) {
  describe(engine.name, () => {
    before(async () => {
      usher = await startUsher(engine.options());
    });
    after(() => usher?.stop());

    test('a client secret opens the token endpoint until it is removed', async () => {
      const { id, appId } = await make({ requiredResourceAccess: [readApplications] });
      const issued = await ask(200, 'POST', `/v1.0/applications/${id}/addPassword`, {
        passwordCredential: { displayName: 'Password friendly name' },
      });
      assert.match(issued['@odata.context'], /\$metadata#microsoft\.graph\.passwordCredential$/);
      assert.match(issued.secretText, /^[\w-]{40}$/);
      assert.equal(issued.hint, issued.secretText.slice(0, 3));
      assert.equal(await tokenStatus(appId, issued.secretText), 200);
      const [kept] = (await ask(200, 'GET', `/v1.0/applications/${id}`)).passwordCredentials;
      assert.deepEqual([kept.keyId, kept.hint], [issued.keyId, issued.hint]);
      assert.ok(!('secretHash' in kept) && !kept.secretText);
      await ask(204, 'POST', `/v1.0/applications/${id}/removePassword`, { keyId: issued.keyId });
      assert.notEqual(await tokenStatus(appId, issued.secretText), 200);
      await ask(400, 'POST', `/v1.0/applications/${id}/removePassword`, { keyId: issued.keyId });
      await ask(400, 'PATCH', `/v1.0/applications/${id}`, { passwordCredentials: [{ displayName: 'mine' }] });
    });

    test('a service principal has secrets of its own, and switched off shuts the application', async () => {
      const { appId, id } = await make({ requiredResourceAccess: [readApplications] });
      const principal = await ask(201, 'POST', '/v1.0/servicePrincipals', { appId });
      assert.deepEqual([principal.appId, principal.appDisplayName], [appId, 'Display name']);
      const path = `/v1.0/servicePrincipals/${principal.id}`;
      const { secretText } = await ask(200, 'POST', `${path}/addPassword`, {});
      assert.equal(await tokenStatus(appId, secretText), 200);
      await ask(204, 'PATCH', path, { accountEnabled: false });
      assert.notEqual(await tokenStatus(appId, secretText), 200);
      await ask(204, 'PATCH', `/v1.0/applications/${id}`, { displayName: 'Renamed' });
      assert.equal((await ask(200, 'GET', `/v1.0/servicePrincipals(appId='${appId}')`)).appDisplayName, 'Renamed');
      await ask(204, 'DELETE', `/v1.0/applications/${id}`);
      await ask(404, 'GET', path);
    });

    test('an application is addressed by its client id as well', async () => {
      const { id, appId } = await make();
      const path = `/v1.0/applications(appId='${appId}')`;
      assert.equal((await ask(200, 'GET', path)).id, id);
      await ask(204, 'PATCH', path, { displayName: 'New display name', settings: { isPkceRequired: true } });
      const { displayName, settings } = await ask(200, 'GET', `${path}?$select=displayName,settings`);
      assert.deepEqual([displayName, settings.isPkceRequired], ['New display name', true]);
      assert.ok(!('settings' in (await ask(200, 'GET', path))));
      await ask(204, 'DELETE', path);
      await ask(404, 'GET', path);
    });

    test('an identifier URI names one application', async () => {
      const identifierUris = ['api://tasks'];
      const { id } = await make({ identifierUris });
      const { error } = await ask(400, 'POST', '/v1.0/applications', { displayName: 'Other', identifierUris });
      assert.deepEqual(
        [error.code, error.message],
        [
          'Request_MultipleObjectsWithSameKeyValue',
          'Another object with the same value for property identifierUris already exists.',
        ],
      );
      await ask(204, 'PATCH', `/v1.0/applications/${id}`, { identifierUris: [] });
      await make({ identifierUris });
    });

    test('an extension property is a typed member of users until it is deleted', async () => {
      const { id, appId } = await make();
      const properties = `/v1.0/applications/${id}/extensionProperties`;
      const draft = { name: 'shoeSize', dataType: 'integer', targetObjects: ['User'] };
      const made = await ask(201, 'POST', properties, draft);
      assert.deepEqual(
        [made.name, made.dataType, made.targetObjects, made.appDisplayName, made.isSyncedFromOnPremises],
        [`extension_${appId.replaceAll('-', '')}_shoeSize`, 'Integer', ['User'], 'Display name', false],
      );
      await ask(400, 'POST', properties, draft);
      assert.deepEqual((await ask(200, 'GET', properties)).value.length, 1);
      assert.equal((await ask(200, 'GET', `${properties}/${made.id}`)).name, made.name);
      const users = await ask(200, 'GET', `/v1.0/users?$filter=mail eq '${seeded.user}'`);
      const person = `/v1.0/users/${users.value[0].id}`;
      await ask(400, 'PATCH', person, { [made.name]: 'large' });
      await ask(204, 'PATCH', person, { [made.name]: 43 });
      assert.equal((await ask(200, 'GET', `${person}?$select=${made.name}`))[made.name], 43);
      await ask(405, 'PATCH', `${properties}/${made.id}`, { name: 'other' });
      await ask(204, 'DELETE', `${properties}/${made.id}`);
      await ask(400, 'PATCH', person, { [made.name]: 44 });
      const shown = async () => (await ask(200, 'GET', `${person}?$select=${made.name}`))[made.name];
      assert.equal(await shown(), undefined);
      const text = await ask(201, 'POST', properties, { ...draft, dataType: 'String' });
      assert.equal(await shown(), undefined);
      await ask(204, 'DELETE', `${properties}/${text.id}`);
      await ask(201, 'POST', properties, draft);
      assert.equal(await shown(), 43);
      await ask(204, 'PATCH', person, { [made.name]: null });
      assert.equal(await shown(), undefined);
    });

    test('the permissions of Graph are looked up at its service principal', async () => {
      const path = "/v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')";
      const { appRoles, oauth2PermissionScopes } = await ask(
        200,
        'GET',
        `${path}?$select=id,appId,displayName,appRoles,oauth2PermissionScopes`,
      );
      const role = appRoles.find(({ value }: Body) => value === 'Application.Read.All');
      assert.equal(role.id, readApplications.resourceAccess[0]?.id);
      const scope = oauth2PermissionScopes.find(({ value }: Body) => value === 'IdentityUserFlow.ReadWrite.All');
      assert.equal(scope.id, '281892cc-4dbf-4e3a-b6cc-b21029bb4e82');
      await ask(400, 'DELETE', path);
    });
  });
}
