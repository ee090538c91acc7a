import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { entities } from '../model/index.ts';
import { app, openTenant, password, seed } from './testing/harness.ts';

const house = await openTenant();
const { directory, identity, hasher } = house;
after(() => house.close());

const { user } = entities;
const email = (issuerAssignedId: string, issuer = 'contoso.onmicrosoft.com') => ({
  signInType: 'emailAddress',
  issuer,
  issuerAssignedId,
});
const create = async (draft: Readonly<Record<string, unknown>>) => (await directory.create(app, user, draft)).entity;
const passwordProfile = { password, forceChangePasswordNextSignIn: false };

test('a local account is created as the Graph reference shows and can sign in', async () => {
  const made = await create({
    displayName: 'John Smith',
    identities: [
      { signInType: 'userName', issuer: 'contoso.onmicrosoft.com', issuerAssignedId: 'johnsmith' },
      email('jsmith@yahoo.com'),
      { signInType: 'federated', issuer: 'facebook.com', issuerAssignedId: '5eecb0cd' },
    ],
    passwordProfile,
    passwordPolicies: 'DisablePasswordExpiration',
  });
  assert.equal(made.creationType, 'LocalAccount');
  assert.equal(made.userPrincipalName, `${made.id}@contoso.onmicrosoft.com`);
  assert.equal(made.lastPasswordChangeDateTime, '2027-01-15T08:00:00Z');
  assert.equal((await identity.provePassword('jsmith@yahoo.com', password)).kind, 'proved');
});

test('the password is stored as a hash only', async () => {
  const { id } = await create({ identities: [email('stored@contoso.example')], passwordProfile });
  const row = await house.store.read((reader) => reader.get({ type: user, id }));
  assert.doesNotMatch(JSON.stringify(row), new RegExp(password));
  assert.equal('passwordProfile' in (row?.values ?? {}) && row?.values['passwordProfile'] !== null, false);
  assert.match(String(row?.values['passwordHash']), /^\$argon2id\$/);
});

test('a new password ends sessions, is the only one that proves, and may have to be changed', async () => {
  const { id } = await create({ identities: [email('change@contoso.example')], passwordProfile });
  house.clock.advance(100);
  await directory.update(app, { type: user, id }, { displayName: 'Same sessions' });
  assert.equal((await identity.find(id))?.signInSessionsValidFromDateTime, '2027-01-15T08:00:00Z');
  const fresh = { password: 'Another-one-2', forceChangePasswordNextSignIn: true };
  await directory.update(app, { type: user, id }, { passwordProfile: fresh });
  const changed = await identity.find(id);
  assert.equal(changed?.signInSessionsValidFromDateTime, '2027-01-15T08:01:40Z');
  assert.equal(changed?.lastPasswordChangeDateTime, '2027-01-15T08:01:40Z');
  assert.equal(changed?.forceChangePassword, true);
  assert.equal((await identity.provePassword('change@contoso.example', password)).kind, 'wrong');
  assert.equal((await identity.provePassword('change@contoso.example', 'Another-one-2')).kind, 'expired');
  await directory.update(app, { type: user, id }, { passwordProfile: { forceChangePasswordNextSignIn: false } });
  assert.equal((await identity.find(id))?.forceChangePassword, false);
  assert.equal((await identity.provePassword('change@contoso.example', 'Another-one-2')).kind, 'proved');
});

test('nobody but the server brings a hash', async () => {
  const draft = { identities: [email('hash@contoso.example')], passwordHash: await hasher.hash('x') };
  await assert.rejects(create(draft), { status: 400 });
});

test('a password must satisfy the rules of the tenant, or of the policy that allows weak ones', async () => {
  const weak = { identities: [email('weak@contoso.example')], passwordProfile: { password: 'abcdefgh' } };
  await assert.rejects(create(weak), { code: 'identity.weakPassword', status: 400 });
  await assert.rejects(create({ ...weak, passwordProfile: { password: 'abc' } }), {
    message:
      'The specified password does not comply with password complexity requirements: at least 8 characters; ' +
      'at least 3 of the four classes: lower case letters, upper case letters, digits, other characters.',
  });
  await create({ ...weak, passwordPolicies: 'DisablePasswordExpiration, DisableStrongPassword' });
  await assert.rejects(create({ ...weak, passwordPolicies: 'Anything' }), { code: 'identity.badPasswordPolicies' });
});

test('a local name belongs to the tenant, a federated one to anybody', async () => {
  const foreign = { identities: [email('a@fabrikam.example', 'fabrikam.onmicrosoft.com')], passwordProfile };
  await assert.rejects(create(foreign), {
    code: 'identity.wrongIssuer',
    status: 400,
    message: 'Issuer should match tenants domainName for non federated identity.',
  });
  await create({ identities: [email('a@contoso.example', 'Contoso.Example')], passwordProfile });
  const social = await create({ identities: [{ signInType: 'federated', issuer: 'x.com', issuerAssignedId: '1' }] });
  assert.equal(social.creationType, null);
});

test('identities that could not be signed in with are refused', async () => {
  for (const identities of [
    [email('no address')],
    [email('a@b')],
    [email('@contoso.example')],
    [email('a..b@contoso.example')],
    [email(`${'a'.repeat(65)}@contoso.example`)],
    [{ ...email('x'), signInType: 'userName', issuerAssignedId: 'has space' }],
    [{ ...email('a@contoso.example'), signInType: null }],
    [{ ...email('a@contoso.example'), issuer: '' }],
    [{ signInType: 'federated', issuer: 'x.com', issuerAssignedId: null }],
    [email('twice@contoso.example'), email('TWICE@contoso.example')],
  ]) {
    const refused = create({ identities, passwordProfile });
    await assert.rejects(refused, { code: 'identity.badIdentity', status: 400 }, JSON.stringify(identities));
  }
  const many = Array.from({ length: 11 }, (_, i) => email(`many${i}@contoso.example`));
  await assert.rejects(create({ identities: many, passwordProfile }), { code: 'identity.tooManyIdentities' });
  const { id } = await create({ identities: [email('patched@contoso.example')], passwordProfile });
  const patch = { identities: [email('a@contoso.example', 'fabrikam.example')] };
  await assert.rejects(directory.update(app, { type: user, id }, patch), { code: 'identity.wrongIssuer' });
});

test('a sign-in name is taken once', async () => {
  await create({ identities: [email('once@contoso.example')], passwordProfile });
  await assert.rejects(create({ identities: [email('ONCE@contoso.example')], passwordProfile }), { status: 409 });
});

test('each kind of user needs what it cannot do without', async () => {
  await assert.rejects(create({ identities: [email('bare@contoso.example')] }), {
    code: 'identity.missingProperty',
    data: { property: 'passwordProfile' },
  });
  const work = {
    displayName: 'Work',
    mailNickname: 'work',
    userPrincipalName: 'work@contoso.onmicrosoft.com',
    passwordProfile,
  };
  for (const name of Object.keys(work)) {
    await assert.rejects(create({ ...work, [name]: undefined }), { data: { property: name } }, name);
  }
  assert.equal((await create(work)).creationType, null);
  const elsewhere = { ...work, userPrincipalName: 'other@fabrikam.example' };
  await assert.rejects(create(elsewhere), { code: 'identity.badPrincipalName' });
});

test('a display name holds no markup', async () => {
  const draft = { displayName: '<b>', identities: [email('markup@contoso.example')], passwordProfile };
  await assert.rejects(create(draft), { code: 'identity.badDisplayName' });
});

test('custom attributes are typed and must exist', async () => {
  const make = async (displayName: string, dataType: string) =>
    (await directory.create(app, entities.identityUserFlowAttribute, { displayName, dataType })).entity.id;
  const [text, flag, whole] = [
    await make('Text', 'string'),
    await make('Flag', 'boolean'),
    await make('Whole', 'int64'),
  ];
  const base = { passwordProfile };
  const values = { [text]: 'x', [flag]: true, [whole]: 42 };
  const made = await create({ ...base, identities: [email('custom@contoso.example')], ...values });
  assert.deepEqual(Object.fromEntries(Object.entries(made).filter(([name]) => name.startsWith('extension_'))), values);
  for (const wrong of [{ [text]: 1 }, { [flag]: 'true' }, { [whole]: 1.5 }, { [text]: 'x'.repeat(257) }]) {
    const patched = directory.update(app, { type: user, id: made.id }, wrong);
    await assert.rejects(patched, { code: 'identity.badExtension', status: 400 });
  }
  const unknown = { [text.replace('_Text', '_Nothing')]: 'x' };
  await assert.rejects(directory.update(seed, { type: user, id: made.id }, unknown), {
    code: 'identity.unknownExtension',
  });
  await directory.update(app, { type: user, id: made.id }, { [text]: null });
  assert.equal(text in ((await identity.find(made.id)) ?? {}), false);
});

test('revoking sessions is an operation of its own, and makes every earlier session stale', async () => {
  const { id } = await create({ identities: [email('revoked@contoso.example')], passwordProfile });
  const before = (await identity.find(id))?.signInSessionsValidFromDateTime ?? '';
  house.clock.advance(60);
  assert.equal(await directory.invoke(app, { type: user, id }, 'revokeSignInSessions', {}), true);
  const after = (await identity.find(id))?.signInSessionsValidFromDateTime ?? '';
  assert.ok(after > before, `${after} after ${before}`);
  await assert.rejects(directory.invoke(app, { type: user, id }, 'revokeSignInSessions', { other: 1 }), {
    code: 'model.unknownProperty',
  });
});

test('a user is a member or a guest, and nothing else', async () => {
  const draft = { identities: [email('kind@contoso.example')], passwordProfile };
  await assert.rejects(create({ ...draft, userType: 'Robot' }), { code: 'identity.badUserType' });
  assert.equal((await create({ ...draft, userType: 'Guest' })).userType, 'Guest');
});

test('age and consent are among the published values, and say together how old a person is before the law', async () => {
  const { id } = await create({ identities: [email('age@contoso.example')], passwordProfile, ageGroup: 'NotAdult' });
  const ref = { type: user, id };
  const read = async () => (await directory.get(ref))?.entity;
  assert.deepEqual([(await read())?.ageGroup, (await read())?.legalAgeGroupClassification], ['notAdult', 'notAdult']);
  const steps: readonly (readonly [Readonly<Record<string, unknown>>, string | null])[] = [
    [{ ageGroup: 'minor' }, 'minorWithOutParentalConsent'],
    [{ consentProvidedForMinor: 'granted' }, 'minorWithParentalConsent'],
    [{ consentProvidedForMinor: 'notRequired' }, 'minorNoParentalConsentRequired'],
    [{ consentProvidedForMinor: 'denied' }, 'minorWithOutParentalConsent'],
    [{ ageGroup: 'Adult' }, 'adult'],
    [{ ageGroup: null }, null],
  ];
  for (const [patch, classification] of steps) {
    const { entity } = await directory.update(app, ref, patch);
    assert.equal(entity.legalAgeGroupClassification, classification, JSON.stringify(patch));
    assert.equal((await read())?.legalAgeGroupClassification, classification);
  }
  for (const wrong of [{ ageGroup: 'old' }, { consentProvidedForMinor: 'maybe' }, { ageGroup: '' }]) {
    await assert.rejects(directory.update(app, ref, wrong), { code: 'identity.badChoice', status: 400 });
  }
  const told = directory.update(app, ref, { legalAgeGroupClassification: 'adult' });
  await assert.rejects(told, { code: 'model.readOnlyProperty' });
});
