import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Caller, digest, isUuid } from '../kernel/index.ts';
import { entities, graphAppId, graphPermissions } from '../model/index.ts';
import { maximumCredentials } from './application-credentials.ts';
import { app, openTenant, seed } from './testing/harness.ts';

const house = await openTenant();
const { directory } = house;
after(() => house.close());

const { application } = entities;
const make = async (draft: Readonly<Record<string, unknown>> = {}) =>
  (await directory.create(seed, application, { displayName: 'An application', ...draft })).entity;
const invoke = (id: string, operation: string, parameters: Readonly<Record<string, unknown>>, caller: Caller = app) =>
  directory.invoke(caller, { type: application, id }, operation, parameters);
const stored = async (id: string) => (await directory.get({ type: application, id }))?.entity.passwordCredentials ?? [];

interface Issued {
  readonly keyId: string;
  readonly secretText: string;
}

test('a client secret is told once, and kept as its hash', async () => {
  const { id } = await make();
  const issued = (await invoke(id, 'addPassword', {
    passwordCredential: { displayName: 'Password friendly name' },
  })) as Issued & Readonly<Record<string, unknown>>;
  assert.deepEqual(issued, {
    customKeyIdentifier: null,
    displayName: 'Password friendly name',
    endDateTime: '2029-01-15T08:00:00Z',
    hint: issued.secretText.slice(0, 3),
    keyId: issued.keyId,
    startDateTime: '2027-01-15T08:00:00Z',
    secretText: issued.secretText,
  });
  assert.ok(isUuid(issued.keyId));
  assert.match(issued.secretText, /^[A-Za-z0-9_-]{40}$/);
  const [kept] = await stored(id);
  assert.equal(kept?.secretHash, digest(issued.secretText));
  assert.equal(kept?.secretText, null);
  const row = await house.store.read((reader) => reader.get({ type: application, id }));
  assert.ok(!JSON.stringify(row).includes(issued.secretText));
});

test('a client secret can be asked for without saying anything about it', async () => {
  const { id } = await make();
  for (const parameters of [{}, { passwordCredential: null }, { passwordCredential: {} }]) {
    await invoke(id, 'addPassword', parameters);
  }
  const secrets = await stored(id);
  assert.equal(new Set(secrets.map(({ keyId }) => keyId)).size, 3);
});

test('its period is the one asked for, and must not end before it begins', async () => {
  const { id } = await make();
  const period = { startDateTime: '2027-02-01T00:00:00Z', endDateTime: '2027-03-01T00:00:00Z' };
  await invoke(id, 'addPassword', { passwordCredential: period });
  const [kept] = await stored(id);
  assert.deepEqual([kept?.startDateTime, kept?.endDateTime], [period.startDateTime, period.endDateTime]);
  const open = { startDateTime: '2030-02-28T00:00:00Z' };
  await invoke(id, 'addPassword', { passwordCredential: open });
  assert.equal((await stored(id))[1]?.endDateTime, '2032-02-28T00:00:00Z');
  for (const wrong of [{ ...period, endDateTime: period.startDateTime }, { endDateTime: '2020-01-01T00:00:00Z' }]) {
    const refused = invoke(id, 'addPassword', { passwordCredential: wrong });
    await assert.rejects(refused, { code: 'identity.badPeriod', status: 400 });
  }
});

test('nobody chooses the text of a secret', async () => {
  const { id } = await make();
  const chosen = invoke(id, 'addPassword', { passwordCredential: { secretText: 'password' } });
  await assert.rejects(chosen, { code: 'identity.secretNotAccepted', status: 400 });
  const hinted = invoke(id, 'addPassword', { passwordCredential: { hint: 'pas' } });
  await assert.rejects(hinted, { code: 'model.readOnlyProperty', status: 400 });
  assert.deepEqual(await stored(id), []);
});

test('a secret is removed by its id, the others stay', async () => {
  const { id } = await make();
  const [first, second] = [
    (await invoke(id, 'addPassword', {})) as Issued,
    (await invoke(id, 'addPassword', {})) as Issued,
  ];
  assert.equal(await invoke(id, 'removePassword', { keyId: first.keyId.toUpperCase() }), undefined);
  assert.deepEqual(
    (await stored(id)).map(({ keyId }) => keyId),
    [second.keyId],
  );
  const again = invoke(id, 'removePassword', { keyId: first.keyId });
  await assert.rejects(again, { code: 'identity.unknownCredential', status: 400 });
  await assert.rejects(invoke(id, 'removePassword', {}), { code: 'model.requiredProperty', status: 400 });
  await assert.rejects(invoke(id, 'removePassword', { keyId: 'x' }), { code: 'model.invalidValue', status: 400 });
});

test('of secrets made and removed at the same time none is lost', async () => {
  const { id } = await make();
  const issued = (await Promise.all([1, 2, 3, 4].map(() => invoke(id, 'addPassword', {})))) as Issued[];
  assert.deepEqual((await stored(id)).map(({ keyId }) => keyId).sort(), issued.map(({ keyId }) => keyId).sort());
});

test('an application has a bounded number of secrets', async () => {
  const passwordCredentials = Array.from({ length: maximumCredentials }, (_, i) => ({ secretText: `secret ${i}` }));
  const { id } = await make({ passwordCredentials });
  await assert.rejects(invoke(id, 'addPassword', {}), { code: 'identity.tooManyCredentials', status: 400 });
});

test('nobody makes a secret for an application that may do more than the caller', async () => {
  const role = (name: keyof typeof graphPermissions) => ({ id: graphPermissions[name], type: 'Role' });
  const requiredResourceAccess = [{ resourceAppId: graphAppId, resourceAccess: [role('Policy.Read.All')] }];
  const { id, appId } = await make({ requiredResourceAccess });
  const lesser: Caller = { kind: 'app', appId, roles: ['Application.ReadWrite.All'] };
  const refused = { code: 'identity.grantNotHeld', status: 403 };
  await assert.rejects(invoke(id, 'addPassword', {}, lesser), refused);
  const keyed = directory.update(lesser, { type: application, id }, { keyCredentials: [] });
  await assert.rejects(keyed, refused);
  await invoke(id, 'addPassword', {}, { ...lesser, roles: ['Application.ReadWrite.All', 'Policy.Read.All'] });
});

test('an application that does not exist has no secrets', async () => {
  const nobody = '00000000-0000-4000-8000-000000000000';
  await assert.rejects(invoke(nobody, 'addPassword', {}), { code: 'directory.notFound', status: 404 });
});
