import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Directory } from '../directory/index.ts';
import { isoDateTime } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { createAccountChanges } from './account-changes.ts';
import { createLockout } from './lockout.ts';
import { passwordMark } from './password-change.ts';
import { attributeOf } from './profile-change.ts';
import { recoveryAddressesOf } from './recovery-email.ts';
import { app, openTenant, password, seed } from './testing/harness.ts';
import type { User } from './user.ts';

const house = await openTenant();
const { identity, directory, hasher, clock } = house;
after(() => house.close());

let counter = 0;

async function person(attributes: Readonly<Record<string, string>> = {}): Promise<User & { readonly email: string }> {
  counter += 1;
  const email = `Person${counter}@contoso.example`;
  const user = await identity.register(seed, { email, passwordHash: await hasher.hash(password), attributes });
  return { ...user, email };
}
const refOf = ({ id }: User) => ({ type: entities.user, id });
const now = async (user: User): Promise<User> => (await identity.find(user.id)) ?? assert.fail();
const changeOf = async (user: User, text: string) => ({
  userId: user.id,
  mark: passwordMark(user),
  passwordHash: await hasher.hash(text),
});

test('a new password is set with its dates, the order to change it taken back and the lock opened', async () => {
  const user = await person();
  await directory.update(app, refOf(user), { passwordProfile: { forceChangePasswordNextSignIn: true } });
  for (let count = 0; count < 12; count += 1) await identity.provePassword(user.email, `wrong ${count}`);
  assert.equal((await identity.provePassword(user.email, password)).kind, 'locked');
  clock.advance(50);
  assert.equal(await identity.changePassword(seed, await changeOf(user, 'Olive-drum-1')), 'changed');
  assert.equal((await identity.provePassword(user.email, 'Olive-drum-1')).kind, 'proved');
  const { lastPasswordChangeDateTime, signInSessionsValidFromDateTime } = await now(user);
  const moment = isoDateTime(clock.now());
  assert.deepEqual([lastPasswordChangeDateTime, signInSessionsValidFromDateTime], [moment, moment]);
  assert.equal(await identity.hasPassword(await now(user), 'Olive-drum-1'), true);
  assert.equal(await identity.hasPassword(await now(user), password), false);
});

test('with a password go the passkeys that it alone let somebody make, and no others', async () => {
  const [user, other] = [await person(), await person()];
  const passkey = (credentialId: string, isVouchedFor: boolean) => ({
    kind: 'passkey' as const,
    content: {
      credentialId,
      userHandle: 'c29tZWJvZHk',
      publicKey: 'pQECAyYgASFY',
      signCount: 0,
      transports: [],
      aaguid: null,
      isBackupEligible: true,
      isBackedUp: false,
      isVouchedFor,
      displayName: null,
    },
  });
  const { authenticators } = identity;
  await authenticators.add(seed, user.id, passkey('of-a-thief', false));
  await authenticators.add(seed, user.id, passkey('of-the-owner', true));
  await authenticators.add(seed, user.id, { kind: 'phone', content: '+4915112345678' });
  await authenticators.add(seed, other.id, passkey('of-another', false));
  const change = await changeOf(user, 'Olive-drum-1');
  assert.equal(await identity.changePassword(seed, { ...change, mark: 'of another password' }), 'overtaken');
  assert.equal((await authenticators.of(user.id)).length, 3);
  assert.equal(await identity.changePassword(seed, change), 'changed');
  const left = await authenticators.of(user.id);
  assert.deepEqual(left.map(({ kind }) => kind).toSorted(), ['passkey', 'phone']);
  assert.ok(await authenticators.passkey('of-the-owner'));
  assert.ok(await authenticators.passkey('of-another'));
});

test('of twelve simultaneous changes that rest on one password one is made', async () => {
  const user = await person();
  const changes = await Promise.all(Array.from({ length: 12 }, (_, index) => changeOf(user, `Olive-drum-${index}`)));
  const came = await Promise.all(changes.map((change) => identity.changePassword(seed, change)));
  assert.deepEqual(came.toSorted(), ['changed', ...Array.from({ length: 11 }, () => 'overtaken')].toSorted());
  const winner = changes[came.indexOf('changed')];
  assert.equal((await now(user)).passwordHash, winner?.passwordHash);
});

test('a password set by an administrator, or for an account that is gone, is not replaced', async () => {
  const user = await person();
  const change = await changeOf(user, 'Olive-drum-1');
  await directory.update(app, refOf(user), { passwordProfile: { password: 'Temporary-1' } });
  assert.equal(await identity.changePassword(seed, change), 'overtaken');
  assert.equal((await identity.provePassword(user.email, 'Temporary-1')).kind, 'proved');
  await directory.update(app, refOf(user), { accountEnabled: false });
  assert.equal(await identity.changePassword(seed, change), 'disabled');
  await directory.remove(app, refOf(user));
  assert.equal(await identity.changePassword(seed, change), 'gone');
});

test('the address that was proved must still be one of the account', async () => {
  const user = await person();
  const change = await changeOf(user, 'Olive-drum-1');
  assert.deepEqual(recoveryAddressesOf(user), [user.email.toLowerCase()]);
  assert.equal(await identity.changePassword(seed, { ...change, addresses: ['other@contoso.example'] }), 'gone');
  assert.equal(await identity.changePassword(seed, { ...change, addresses: [] }), 'gone');
  assert.equal(await identity.changePassword(seed, { ...change, addresses: [user.email.toLowerCase()] }), 'changed');
});

test('addresses that nobody proved, or that belong to other providers, recover nothing', () => {
  const identities = [
    { signInType: 'userName', issuer: 'contoso.onmicrosoft.com', issuerAssignedId: 'ada' },
    { signInType: 'federated', issuer: 'google.com', issuerAssignedId: 'ada@gmail.example' },
    { signInType: 'userPrincipalName', issuer: 'contoso.onmicrosoft.com', issuerAssignedId: 'ada@contoso.example' },
  ];
  const unproved = { mail: 'mail@contoso.example', otherMails: ['other@contoso.example'] };
  assert.deepEqual(recoveryAddressesOf({ ...unproved, identities, recoveryEmail: null }), []);
  assert.deepEqual(recoveryAddressesOf({ identities, recoveryEmail: 'Ada@Contoso.example' }), ['ada@contoso.example']);
});

test('simultaneous edits of different attributes all come true', async () => {
  const user = await person({ city: 'Turin' });
  const ids = ['city', 'jobTitle', 'state', 'country', 'postalCode'];
  const before = (id: string) => attributeOf(user, id);
  const came = await Promise.all(
    ids.map((id) => identity.changeProfile(seed, user.id, [{ id, before: before(id), after: `new ${id}` }])),
  );
  assert.deepEqual(new Set(came.map(({ kind }) => kind)), new Set(['changed']));
  const found = await now(user);
  assert.deepEqual(
    ids.map((id) => attributeOf(found, id)),
    ids.map((id) => `new ${id}`),
  );
});

test('of simultaneous edits of one attribute one comes true, and the others are told what it is now', async () => {
  const user = await person({ city: 'Turin' });
  const cities = ['Oslo', 'Bern', 'Rome'];
  const came = await Promise.all(
    cities.map((after) => identity.changeProfile(seed, user.id, [{ id: 'city', before: 'Turin', after }])),
  );
  assert.deepEqual(came.map(({ kind }) => kind).toSorted(), ['changed', 'overtaken', 'overtaken']);
  const { city } = await now(user);
  for (const one of came) assert.equal(one.kind !== 'gone' && one.user.city, city);
});

test('only attributes can be edited, and a name that was emptied is the one of who gave none', async () => {
  const user = await person({ displayName: 'Ada', city: 'Turin' });
  for (const id of ['email', 'accountEnabled', 'passwordHash', 'identities', '__proto__', 'extension_x']) {
    const edit = { id, before: undefined, after: 'x' };
    await assert.rejects(identity.changeProfile(seed, user.id, [edit]), { code: 'identity.unknownAttribute' }, id);
  }
  const emptied = [
    { id: 'displayName', before: 'Ada', after: undefined },
    { id: 'city', before: 'Turin', after: undefined },
  ];
  await identity.changeProfile(seed, user.id, emptied);
  const { displayName, city } = await now(user);
  assert.deepEqual([displayName, city], ['unknown', null]);
});

test('an account that never holds still is left alone', async () => {
  const user = await person({ city: 'Turin' });
  let writes = 0;
  const restless: Directory = {
    ...directory,
    async update(caller, ref, patch, ifMatch, options) {
      writes += 1;
      await directory.update(seed, refOf(user), { officeLocation: `room ${writes}` });
      return directory.update(caller, ref, patch, ifMatch, options);
    },
  };
  const lockout = createLockout(house.store.ephemeral);
  const changes = createAccountChanges({
    directory: restless,
    lockout,
    clock,
    authenticators: identity.authenticators,
  });
  const busy = { code: 'identity.busy' };
  await assert.rejects(changes.changePassword(seed, await changeOf(user, 'Olive-drum-1')), busy);
  const edits = [{ id: 'city', before: 'Turin', after: 'Oslo' }];
  await assert.rejects(changes.changeProfile(seed, user.id, edits), busy);
  assert.ok(writes <= 20, `${writes} writes`);
  assert.equal((await now(user)).city, 'Turin');
});
