import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Observation, silent } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { createHasher } from './hasher.ts';
import { createIdentity } from './identity.ts';
import { app, openTenant, password, seed } from './testing/harness.ts';
import { hasherWith } from './testing/hashers.ts';

const house = await openTenant();
const { identity, directory, hasher } = house;
after(() => house.close());

const sayings = async (name: string, guess: string, times: number): Promise<string[]> => {
  const kinds: string[] = [];
  for (let i = 0; i < times; i += 1) kinds.push((await identity.provePassword(name, `${guess} ${i}`)).kind);
  return kinds;
};

const register = async (email: string, attributes = {}) =>
  identity.register(seed, { email, passwordHash: await hasher.hash(password), attributes });

test('a registered person is found by e-mail in any case and proved by password', async () => {
  const user = await register('Adele@contoso.example', { displayName: 'Adele', City: 'Lyon' });
  assert.equal((await identity.findBySignInName('ADELE@Contoso.example'))?.id, user.id);
  assert.equal((await identity.find(user.id))?.displayName, 'Adele');
  const proof = await identity.provePassword('adele@contoso.example', password);
  assert.equal(proof.kind === 'proved' && proof.user.id, user.id);
  assert.equal((await identity.provePassword('adele@contoso.example', 'usher-dev-1')).kind, 'wrong');
  assert.equal((await identity.provePassword('nobody@contoso.example', password)).kind, 'wrong');
  assert.equal(user.city, 'Lyon');
});

test('a registered account looks like one of B2C', async () => {
  const user = await register('shape@contoso.example', { displayName: '' });
  assert.equal(user.displayName, 'unknown');
  assert.equal(user.creationType, 'LocalAccount');
  assert.equal(user.passwordPolicies, 'DisablePasswordExpiration');
  assert.equal(user.userPrincipalName, `${user.id}@contoso.onmicrosoft.com`);
  assert.equal(user.mail, null);
  assert.equal(user.userType, 'Member');
  assert.equal(user.createdDateTime, '2027-01-15T08:00:00Z');
  assert.deepEqual(user.identities, [
    { signInType: 'emailAddress', issuer: 'contoso.onmicrosoft.com', issuerAssignedId: 'shape@contoso.example' },
  ]);
});

test('of many simultaneous registrations of one address exactly one succeeds', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 12 }, (_, i) => register(i % 2 ? 'race@contoso.example' : 'RACE@contoso.example')),
  );
  const codes = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'done' : outcome.reason.code)).sort();
  assert.deepEqual(codes, ['done', ...Array.from({ length: 11 }, () => 'identity.taken')]);
});

test('a registration sets attributes only, whatever their names', async () => {
  for (const name of ['accountEnabled', 'passwordHash', 'userType', 'id', '__proto__', 'identities', 'extension_x']) {
    const attributes = JSON.parse(`{"${name}":"x"}`);
    await assert.rejects(
      register('attributes@contoso.example', attributes),
      { code: 'identity.unknownAttribute' },
      name,
    );
  }
  await assert.rejects(register('no address'), { code: 'identity.badIdentity' });
  assert.equal(await identity.findBySignInName('attributes@contoso.example'), undefined);
});

test('a disabled account is told so only to whoever knows the password', async () => {
  const user = await register('disabled@contoso.example');
  await directory.update(app, { type: entities.user, id: user.id }, { accountEnabled: false });
  assert.equal((await identity.provePassword('disabled@contoso.example', 'wrong')).kind, 'wrong');
  assert.equal((await identity.provePassword('disabled@contoso.example', password)).kind, 'disabled');
});

test('a password that must be changed is told so only to whoever knows it, and proves nobody until it is', async () => {
  const user = await register('expired@contoso.example');
  const force = (forceChangePasswordNextSignIn: boolean) =>
    directory.update(app, { type: entities.user, id: user.id }, { passwordProfile: { forceChangePasswordNextSignIn } });
  await force(true);
  assert.equal((await identity.provePassword('expired@contoso.example', 'wrong')).kind, 'wrong');
  assert.equal((await identity.provePassword('expired@contoso.example', password)).kind, 'expired');
  await directory.update(app, { type: entities.user, id: user.id }, { accountEnabled: false });
  assert.equal((await identity.provePassword('expired@contoso.example', password)).kind, 'disabled');
  await directory.update(app, { type: entities.user, id: user.id }, { accountEnabled: true });
  await force(false);
  assert.equal((await identity.provePassword('expired@contoso.example', password)).kind, 'proved');
});

test('a person proved elsewhere has no password to prove', async () => {
  const social = await directory.create(app, entities.user, {
    identities: [{ signInType: 'federated', issuer: 'contoso.onmicrosoft.com', issuerAssignedId: 'f@contoso.example' }],
  });
  assert.equal(social.entity.creationType, null);
  assert.equal(await identity.findBySignInName('f@contoso.example'), undefined);
  assert.equal((await identity.provePassword('f@contoso.example', '')).kind, 'wrong');
});

test('ten different wrong passwords lock an account, and an unknown name just the same', async () => {
  await register('locked@contoso.example');
  const expected = [...Array.from({ length: 10 }, () => 'wrong'), 'locked', 'locked'];
  for (const name of ['locked@contoso.example', 'ghost@contoso.example']) {
    assert.deepEqual(await sayings(name, 'guess', 12), expected, name);
    assert.equal((await identity.provePassword(name, password)).kind, 'locked', name);
  }
});

test('after a minute one more wrong password locks again, a right one forgets everything', async () => {
  await register('minute@contoso.example');
  await sayings('minute@contoso.example', 'guess', 10);
  house.clock.advance(59);
  assert.equal((await identity.provePassword('minute@contoso.example', password)).kind, 'locked');
  house.clock.advance(1);
  assert.deepEqual(await sayings('minute@contoso.example', 'another', 2), ['wrong', 'locked']);
  house.clock.advance(60);
  assert.equal((await identity.provePassword('minute@contoso.example', password)).kind, 'proved');
  assert.deepEqual(
    await sayings('minute@contoso.example', 'third', 9),
    Array.from({ length: 9 }, () => 'wrong'),
  );
  assert.equal((await identity.provePassword('minute@contoso.example', password)).kind, 'proved');
});

test('one wrong password typed again and again counts once', async () => {
  await register('stubborn@contoso.example');
  for (let i = 0; i < 25; i += 1) {
    assert.equal((await identity.provePassword('stubborn@contoso.example', 'my old one')).kind, 'wrong');
  }
  assert.equal((await identity.provePassword('stubborn@contoso.example', password)).kind, 'proved');
});

test('of two hundred simultaneous guesses ten are looked at, over two servers with one store', async () => {
  await register('burst@contoso.example');
  const other = createIdentity({
    directory,
    clock: house.clock,
    ephemeral: house.store.ephemeral,
    hasher,
    observe: silent,
  });
  const kinds = await Promise.all(
    Array.from(
      { length: 200 },
      async (_, i) => (await (i % 2 ? identity : other).provePassword('burst@contoso.example', `guess ${i}`)).kind,
    ),
  );
  assert.equal(kinds.filter((kind) => kind === 'wrong').length, 10);
  assert.equal(kinds.filter((kind) => kind === 'locked').length, 190);
});

test('a right password among simultaneous guesses past the threshold is not told', async () => {
  await register('needle@contoso.example');
  await sayings('needle@contoso.example', 'guess', 10);
  const guesses = ['a', 'b', password, 'c'];
  const proofs = await Promise.all(guesses.map((guess) => identity.provePassword('needle@contoso.example', guess)));
  assert.deepEqual(
    proofs.map(({ kind }) => kind),
    ['locked', 'locked', 'locked', 'locked'],
  );
});

test('every answer costs one hash, whether or not the account exists or is locked', async () => {
  let verified = 0;
  const counting = hasherWith(hasher, (hashing) => ({
    verify(phc, guess) {
      verified += 1;
      return hashing.verify(phc, guess);
    },
  }));
  const counted = createIdentity({
    directory,
    clock: house.clock,
    ephemeral: house.store.ephemeral,
    hasher: counting,
    observe: silent,
  });
  await register('cost@contoso.example');
  await register('closed@contoso.example');
  await sayings('closed@contoso.example', 'guess', 10);
  for (const [name, guess] of [
    ['cost@contoso.example', password],
    ['cost@contoso.example', 'wrong'],
    ['missing@contoso.example', 'wrong'],
    ['closed@contoso.example', password],
    ['cost@contoso.example', 'x'.repeat(100_000)],
  ] as const) {
    verified = 0;
    await counted.provePassword(name, guess);
    assert.equal(verified, 1, `${name} ${guess.slice(0, 9)}`);
  }
});

test('a hash of other parameters is replaced at the next sign-in, without ending sessions', async () => {
  const older = createHasher({ memoryKib: 32, passes: 1, workers: 1 });
  const old = await older.hash(password);
  await older.close();
  const { id } = await identity.register(seed, { email: 'old@contoso.example', passwordHash: old, attributes: {} });
  const before = await identity.find(id);
  house.clock.advance(5);
  assert.equal((await identity.provePassword('old@contoso.example', 'wrong')).kind, 'wrong');
  assert.equal((await identity.find(id))?.passwordHash, old);
  assert.equal((await identity.provePassword('old@contoso.example', password)).kind, 'proved');
  const after = await identity.find(id);
  assert.equal(hasher.outdated(after?.passwordHash ?? ''), false);
  assert.equal(after?.signInSessionsValidFromDateTime, before?.signInSessionsValidFromDateTime);
  assert.equal((await identity.provePassword('old@contoso.example', password)).kind, 'proved');
});

test('a sign-in does not fail because its hash could not be brought up to date, and the failure is told', async () => {
  const older = createHasher({ memoryKib: 32, passes: 1, workers: 1 });
  const passwordHash = await older.hash(password);
  await older.close();
  await identity.register(seed, { email: 'stuck@contoso.example', passwordHash, attributes: {} });
  const observed: Observation[] = [];
  const failure = new RangeError('the worker is gone');
  const stuck = createIdentity({
    directory,
    clock: house.clock,
    ephemeral: house.store.ephemeral,
    hasher: hasherWith(hasher, () => ({ hash: () => Promise.reject(failure) })),
    observe: (observation) => observed.push(observation),
  });
  assert.equal((await stuck.provePassword('stuck@contoso.example', password)).kind, 'proved');
  assert.deepEqual(observed, [
    { kind: 'warning', message: 'A password hash could not be brought up to date.', error: failure },
  ]);
});

test('a full hash queue refuses before it counts', async () => {
  const narrow = createHasher({ memoryKib: 64, passes: 1, workers: 1, queueLimit: 0 });
  const blocked = createIdentity({
    directory,
    clock: house.clock,
    ephemeral: house.store.ephemeral,
    hasher: narrow,
    observe: silent,
  });
  await register('busy@contoso.example');
  const running = narrow.hash('something');
  const guess = blocked.provePassword('busy@contoso.example', 'guess 0');
  await assert.rejects(guess, { code: 'identity.busy', status: 503 });
  await running;
  await narrow.close();
  assert.deepEqual(
    await sayings('busy@contoso.example', 'guess', 10),
    Array.from({ length: 10 }, () => 'wrong'),
  );
});

test('what is stored about wrong passwords does not hold them', async () => {
  const seen: unknown[] = [];
  const { ephemeral } = house.store;
  const spying = createIdentity({
    directory,
    clock: house.clock,
    observe: silent,
    hasher,
    ephemeral: {
      ...ephemeral,
      put: (kind, record, revision) => {
        seen.push(record);
        return ephemeral.put(kind, record, revision);
      },
      increment: (kind, id, ttl) => {
        seen.push(id);
        return ephemeral.increment(kind, id, ttl);
      },
    },
  });
  await spying.provePassword('spied@contoso.example', 'hunter2-hunter2');
  assert.ok(seen.length >= 2);
  assert.doesNotMatch(JSON.stringify(seen), /hunter2|spied/);
});

test('the tenant rules judge a new password', async () => {
  assert.deepEqual(await identity.checkPassword(password), []);
  assert.equal((await identity.checkPassword('short'))[0]?.id, 'password.tooShort');
});

const google = (issuerAssignedId: string) => ({ issuer: 'google.com', issuerAssignedId });

test('somebody whom a provider has proved gets an account that looks like one of B2C', async () => {
  const foreign = google('1234567890');
  const attributes = { givenName: 'Grace' };
  const user = await identity.register(seed, { foreign, contactEmail: 'grace@example.com', attributes });
  assert.deepEqual(user.identities, [{ signInType: 'federated', ...foreign }]);
  assert.equal(user.userPrincipalName, `cpim_${user.id}@contoso.onmicrosoft.com`);
  assert.deepEqual([user.displayName, user.givenName, user.mailNickname], ['unknown', 'Grace', 'unknown']);
  assert.deepEqual([user.otherMails, user.mail, user.recoveryEmail], [['grace@example.com'], null, null]);
  assert.deepEqual([user.creationType, user.passwordPolicies, user.userType], [null, null, 'Member']);
  assert.equal((await identity.findByForeignIdentity('google.com', '1234567890'))?.id, user.id);
});

test('an account of a provider is found by issuer and subject letter by letter, and by nothing else', async () => {
  const attributes = {};
  const address = 'victim@example.com';
  const own = await identity.register(seed, { foreign: google('AbC'), contactEmail: address, attributes });
  const local = await register('AbD', {}).catch(() => undefined);
  assert.equal(local, undefined, 'a local name is an address');
  await register(address);
  assert.equal((await identity.findByForeignIdentity('google.com', 'AbC'))?.id, own.id);
  const strangers = [
    ['google.com', 'abc'],
    ['Google.com', 'AbC'],
    ['facebook.com', 'AbC'],
    ['google.com', address],
    ['contoso.onmicrosoft.com', address],
    ['', 'AbC'],
  ] as const;
  for (const [issuer, id] of strangers) assert.equal(await identity.findByForeignIdentity(issuer, id), undefined);
  assert.notEqual((await identity.findBySignInName(address))?.id, own.id);
  assert.equal(await identity.findBySignInName('AbC'), undefined);
  await assert.rejects(identity.register(seed, { foreign: google('abc'), attributes }), { code: 'identity.taken' });
});
