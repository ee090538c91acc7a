import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { isoDateTime, newId } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { app, openTenant, password, seed } from './testing/harness.ts';

const { b2cAuthenticationMethodsPolicy, organization, user } = entities;

const house = await openTenant();
const { directory, identity, tenant } = house;
after(() => house.close());
const ref = { type: organization, id: tenant.id };
const choose = (settings: Readonly<Record<string, unknown>>) => directory.update(app, ref, { settings });

test('the tenant is its one organization', async () => {
  const { items, count } = await directory.find({ type: organization, limit: 9, count: true });
  assert.equal(count, 1);
  const { entity } = items[0] ?? assert.fail();
  assert.deepEqual(
    [entity.id, entity.displayName, entity.tenantType, entity.createdDateTime],
    [tenant.id, 'Contoso', 'AAD B2C', isoDateTime(tenant.created)],
  );
  assert.deepEqual(
    entity.verifiedDomains.map(({ name, isDefault, isInitial }) => [name, isDefault, isInitial]),
    [
      ['contoso.onmicrosoft.com', true, true],
      ['contoso.example', false, false],
    ],
  );
  assert.deepEqual(entity.technicalNotificationMails, []);
});

test('what an administrator changes of it stays with the rest', async () => {
  const privacyProfile = { contactEmail: 'alice@contoso.example', statementUrl: 'https://contoso.example/privacy' };
  await directory.update(app, ref, { privacyProfile, technicalNotificationMails: ['tech@contoso.example'] });
  const { entity } = (await directory.get(ref)) ?? assert.fail();
  assert.deepEqual(entity.privacyProfile, privacyProfile);
  assert.deepEqual([entity.displayName, entity.verifiedDomains.length], ['Contoso', 2]);
  const wrong = directory.update(app, ref, { technicalNotificationMails: ['nobody'] });
  await assert.rejects(wrong, { code: 'model.invalidValue', status: 400 });
  for (const patch of [{ tenantType: 'AAD' }, { verifiedDomains: [] }, { createdDateTime: '2020-01-01T00:00:00Z' }]) {
    await assert.rejects(directory.update(app, ref, patch), { code: 'model.readOnlyProperty' });
  }
});

test('settings have the defaults of the server, and a change of one leaves the others', async () => {
  assert.deepEqual(await identity.settings(), {
    displayName: 'Contoso',
    passwordRules: 'b2c-strong',
    lockout: { threshold: 10, minimumSeconds: 60, maximumSeconds: 18_000 },
    reuseGraceSeconds: 0,
    allowAnyLogoutRedirect: false,
    allowPlainPkce: false,
    signingAlgorithm: 'RS256',
    keyRotationDays: null,
    journeyRetentionDays: 30,
    auditRetentionDays: 30,
  });
  await choose({ lockout: { durationSeconds: 90 }, allowPlainPkce: true });
  await choose({ reuseGraceSeconds: 20 });
  const { lockout, allowPlainPkce, reuseGraceSeconds } = await identity.settings();
  assert.deepEqual([lockout.threshold, lockout.minimumSeconds, allowPlainPkce, reuseGraceSeconds], [10, 90, true, 20]);
});

test('a tenant that is renamed is called so at once', async () => {
  await directory.update(app, ref, { displayName: 'Contoso Ltd' });
  assert.equal((await identity.settings()).displayName, 'Contoso Ltd');
  await directory.update(app, ref, { displayName: 'Contoso' });
});

test('a tenant is called by one line, as the subject of its letters is', async () => {
  for (const displayName of ['Contoso\r\nBcc: x@y.example', 'Contoso\u2028', 'Con\u0007toso']) {
    await assert.rejects(directory.update(app, ref, { displayName }), { code: 'model.invalidValue', status: 400 });
  }
});

test('values outside of the documented ranges are refused', async () => {
  const wrong = [
    { lockout: { threshold: 0 } },
    { lockout: { threshold: 51 } },
    { lockout: { durationSeconds: 4 } },
    { lockout: { durationSeconds: 18_001 } },
    { reuseGraceSeconds: -1 },
    { reuseGraceSeconds: 301 },
    { auditRetentionDays: 29 },
    { auditRetentionDays: 3651 },
    { passwordRules: 'none' },
    { lockout: null },
  ];
  for (const settings of wrong) {
    const refused = choose(settings);
    await assert.rejects(refused, { status: 400 }, JSON.stringify(settings));
  }
  await assert.rejects(choose({ unheardOf: true }), { code: 'model.unknownProperty' });
});

test('the password rules a tenant chooses count from then on, in journeys and in the directory', async () => {
  const register = (candidate: string) => {
    const issuerAssignedId = `${newId()}@contoso.example`;
    const identities = [{ signInType: 'emailAddress', issuer: 'contoso.onmicrosoft.com', issuerAssignedId }];
    const draft = { displayName: 'A', identities, passwordProfile: { password: candidate } };
    return directory.create(seed, user, draft);
  };
  await choose({ passwordRules: 'nist' });
  assert.deepEqual(
    (await identity.checkPassword(password)).map(({ id }) => id),
    ['password.tooShort'],
  );
  await assert.rejects(register(password), { code: 'identity.weakPassword' });
  assert.deepEqual(await identity.checkPassword('long enough without digits'), []);
  await register('long enough without digits');
  await choose({ passwordRules: 'b2cWeak' });
  assert.deepEqual(await identity.checkPassword('abcd'), []);
  await register('abcd');
  await choose({ passwordRules: null });
  assert.deepEqual(await identity.checkPassword(password), []);
  await assert.rejects(register('abcd'), { code: 'identity.weakPassword' });
});

test('the lockout a tenant chooses counts from the next try', async () => {
  await choose({ lockout: { threshold: 2, durationSeconds: 30 } });
  const attempt = () => identity.provePassword('nobody@contoso.example', `wrong ${Math.random()}`);
  assert.equal((await attempt()).kind, 'wrong');
  assert.equal((await attempt()).kind, 'wrong');
  assert.equal((await attempt()).kind, 'locked');
  house.clock.advance(31);
  assert.equal((await attempt()).kind, 'wrong');
});

test('the policy of authentication methods is there, and can be changed', async () => {
  const policy = { type: b2cAuthenticationMethodsPolicy, id: 'b2CAuthenticationMethodsPolicy' };
  assert.deepEqual((await directory.get(policy))?.entity, {
    id: policy.id,
    isEmailPasswordAuthenticationEnabled: true,
    isUserNameAuthenticationEnabled: false,
    isPhoneOneTimePasswordAuthenticationEnabled: false,
  });
  await directory.update(app, policy, { isUserNameAuthenticationEnabled: true });
  const { entity } = (await directory.get(policy)) ?? assert.fail();
  assert.deepEqual([entity.isEmailPasswordAuthenticationEnabled, entity.isUserNameAuthenticationEnabled], [true, true]);
  await assert.rejects(directory.update(app, policy, { isUserNameAuthenticationEnabled: null }), { status: 400 });
  const log = await directory.find({ type: entities.directoryAudit, limit: 1 });
  assert.equal(log.items[0]?.entity.activityDisplayName, 'Update policy');
});
