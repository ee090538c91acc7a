import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { entities } from '../model/index.ts';
import { app, openTenant, password, seed } from './testing/harness.ts';

const house = await openTenant();
const { identity, directory, hasher, clock } = house;
after(() => house.close());

const attributes = {};
const hashed = () => hasher.hash(password);

test('an account is found and proved by any of its names, without regard to case, but only as what it may be read', async () => {
  const user = await identity.register(seed, {
    email: 'multi@contoso.example',
    userName: 'Multi_1',
    phoneNumber: '+4915123456789',
    passwordHash: await hashed(),
    attributes,
  });
  const found = async (...[name, kinds]: Parameters<typeof identity.findBySignInName>) =>
    (await identity.findBySignInName(name, kinds))?.id;
  assert.equal(await found('MULTI@contoso.example'), user.id);
  assert.equal(await found('multi_1', ['userName']), user.id);
  assert.equal(await found('+4915123456789', ['phone']), user.id);
  assert.equal(await found('multi_1', ['email', 'phone']), undefined);
  assert.equal(await found('multi@contoso.example', ['userName']), undefined);
  assert.equal((await identity.provePassword('MULTI_1', password, { kinds: ['userName'] })).kind, 'proved');
  assert.deepEqual(await identity.provePassword('multi_1', password, { kinds: ['email'] }), {
    kind: 'wrong',
    account: undefined,
  });
});

test('every e-mail name counts, the principal name and federated ones do not', async () => {
  const issuer = 'contoso.onmicrosoft.com';
  const { entity } = await directory.create(app, entities.user, {
    displayName: 'Names',
    passwordProfile: { password },
    identities: [
      { signInType: 'emailAddress', issuer, issuerAssignedId: 'first@contoso.example' },
      { signInType: 'emailAddress1', issuer, issuerAssignedId: 'second@contoso.example' },
      { signInType: 'memberNumber', issuer, issuerAssignedId: 'M-77' },
      { signInType: 'userPrincipalName', issuer, issuerAssignedId: 'names@contoso.onmicrosoft.com' },
    ],
  });
  assert.equal((await identity.findBySignInName('second@contoso.example', ['email']))?.id, entity.id);
  assert.equal((await identity.findBySignInName('m-77', ['userName']))?.id, entity.id);
  assert.equal(await identity.findBySignInName('names@contoso.onmicrosoft.com'), undefined);
});

test('wrong passwords are counted for the account, by whichever of its names', async () => {
  await identity.register(seed, {
    email: 'count@contoso.example',
    userName: 'count',
    passwordHash: await hashed(),
    attributes,
  });
  for (let i = 0; i < 10; i += 1) {
    await identity.provePassword(i % 2 ? 'count' : 'count@contoso.example', `guess ${i}`);
  }
  assert.equal((await identity.provePassword('count', password)).kind, 'locked');
  assert.equal((await identity.provePassword('count@contoso.example', password)).kind, 'locked');
});

test('only the server makes an account without a password, and no password proves it', async () => {
  const { id, identities } = await identity.register(seed, { phoneNumber: '+4915111111111', attributes });
  assert.deepEqual(identities, [
    { signInType: 'phoneNumber', issuer: 'contoso.onmicrosoft.com', issuerAssignedId: '+4915111111111' },
  ]);
  assert.equal((await identity.provePassword('+4915111111111', '')).kind, 'wrong');
  assert.equal((await identity.find(id))?.creationType, 'LocalAccount');
  await assert.rejects(directory.create(app, entities.user, { displayName: 'No', identities }), {
    code: 'identity.missingProperty',
  });
});

test('a number is written as E.164 has it', async () => {
  for (const phoneNumber of ['0151 1234', '+49 151 123456', '+0123456789', '+12345', `+1${'2'.repeat(15)}`]) {
    await assert.rejects(identity.register(seed, { phoneNumber, attributes }), { code: 'identity.badIdentity' });
  }
});

test('of many simultaneous registrations that share any name exactly one succeeds', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, (_, i) =>
      identity.register(seed, { userName: i % 2 ? 'Racer' : 'RACER', email: `racer${i}@contoso.example`, attributes }),
    ),
  );
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  const codes = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
  assert.deepEqual(codes, Array(7).fill('identity.taken'));
});

test('an address for recovery is kept where there is none, and no name to sign in with', async () => {
  const { id } = await identity.register(seed, { userName: 'recover', passwordHash: await hashed(), attributes });
  const wanted = ['new@contoso.example', 'other@contoso.example'];
  await Promise.all(wanted.map((address) => identity.keepRecoveryEmail(seed, id, address)));
  assert.equal((await identity.find(id))?.recoveryEmail, 'new@contoso.example', 'of two at the same moment one');
  await identity.keepRecoveryEmail(seed, id, 'other@contoso.example');
  assert.equal((await identity.find(id))?.recoveryEmail, 'new@contoso.example', 'what is on record stays');
  assert.equal(await identity.findBySignInName('new@contoso.example'), undefined);
  const patch = (recoveryEmail: string | null) => directory.update(app, { type: entities.user, id }, { recoveryEmail });
  await patch('moved@contoso.example');
  assert.equal((await identity.find(id))?.recoveryEmail, 'moved@contoso.example');
  await assert.rejects(patch('no address'), { code: 'identity.badSetting' });
  await patch(null);
  assert.equal((await identity.find(id))?.recoveryEmail, null);
});

test('a password may grow too old only where the account says so', async () => {
  const age = async (userName: string, passwordPolicies?: string) => {
    const { id } = await identity.register(seed, { userName, passwordHash: await hashed(), attributes });
    if (passwordPolicies) await directory.update(app, { type: entities.user, id }, { passwordPolicies });
    return async () => {
      const proof = await identity.provePassword(userName, password);
      return proof.kind === 'expired' ? `forced: ${proof.forced}` : proof.kind;
    };
  };
  const [lasting, ageing] = [await age('lasting'), await age('ageing', 'None')];
  clock.advance(90 * 86_400 - 1);
  assert.deepEqual([await lasting(), await ageing()], ['proved', 'proved']);
  clock.advance(1);
  assert.deepEqual([await lasting(), await ageing()], ['proved', 'forced: false']);
});
