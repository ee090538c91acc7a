import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createAdmission, silent, system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { createHasher } from './hasher.ts';
import { createIdentity, type Identity } from './identity.ts';
import type { Visitor } from './password-proof.ts';
import { cheap, openTenant, password } from './testing/harness.ts';
import { hasherWith } from './testing/hashers.ts';

const house = await openTenant();
after(() => house.close());
const { directory, clock, store, hasher } = house;

/** An identity of the tenant, with what is said besides. */
function identityWith(more: Partial<Parameters<typeof createIdentity>[0]> = {}): Identity {
  return createIdentity({ directory, clock, ephemeral: store.ephemeral, hasher, observe: silent, ...more });
}
const identity = identityWith();

let made = 0;
async function person(): Promise<{ readonly id: string; readonly name: string }> {
  made += 1;
  const name = `person${made}@contoso.example`;
  const { id } = await identity.register(system('test'), {
    email: name,
    passwordHash: await hasher.hash(password),
    attributes: {},
  });
  return { id, name };
}

const away = '192.0.2.66';
/** A browser where this person has signed in before. */
const ownBrowser = (device: string, userId: string): Visitor => ({
  address: '198.51.100.1',
  device,
  knows: async (id) => id === userId,
});

async function kinds(times: number, ask: (nth: number) => Promise<{ readonly kind: string }>) {
  const came: string[] = [];
  for (let nth = 0; nth < times; nth += 1) came.push((await ask(nth)).kind);
  return came;
}

test('who is locked by somebody elsewhere signs in at a browser of their own', async () => {
  const { id, name } = await person();
  const failed = await kinds(12, (nth) => identity.provePassword(name, `guess ${nth}`, { visitor: { address: away } }));
  assert.deepEqual(failed.slice(9), ['wrong', 'locked', 'locked']);
  assert.equal((await identity.provePassword(name, password, { visitor: { address: away } })).kind, 'locked');
  const own = { visitor: ownBrowser('own', id) };
  assert.equal((await identity.provePassword(name, password, own)).kind, 'proved');
  assert.equal(
    (await identity.provePassword(name, password, { visitor: { address: away } })).kind,
    'locked',
    'that opens nothing elsewhere',
  );
});

test('a browser of their own has no more tries than anybody, until the password is another one', async () => {
  const { id, name } = await person();
  const stolen = { visitor: ownBrowser('stolen', id) };
  const came = await kinds(12, (nth) => identity.provePassword(name, `guess ${nth}`, stolen));
  assert.deepEqual(came.slice(9), ['wrong', 'locked', 'locked']);
  assert.equal((await identity.provePassword(name, password, stolen)).kind, 'locked');
  const passwordHash = await hasher.hash('Another-one-1');
  await directory.update(system('test'), { type: entities.user, id }, { passwordHash });
  assert.equal((await identity.provePassword(name, 'Another-one-1', stolen)).kind, 'proved');
});

test('to be known at a browser is asked for names without an account too, and helps nobody there', async () => {
  const asked: string[] = [];
  const visitor: Visitor = {
    address: away,
    device: 'any',
    async knows(userId) {
      asked.push(userId);
      return true;
    },
  };
  const came = await kinds(11, (nth) => identity.provePassword('nobody@contoso.example', `guess ${nth}`, { visitor }));
  assert.deepEqual(came.slice(9), ['wrong', 'locked']);
  assert.equal(asked.length, 11);
});

test('who tries a few passwords at each of many names is slowed down, and right ones are not counted', async () => {
  const admission = createAdmission({ limiting: 'strict' });
  const guesses = { begin: (address: string) => admission.attempt('wrongPassword', address) };
  let hashes = 0;
  const counting = hasherWith(hasher, (hashing) => ({
    verify(phc, text) {
      hashes += 1;
      return hashing.verify(phc, text);
    },
  }));
  const guarded = identityWith({ guesses, hasher: counting });
  const { id, name } = await person();
  const from = (address: string) => ({ visitor: { address } });
  const right = await kinds(5, () => guarded.provePassword(name, password, from(away)));
  assert.deepEqual(new Set(right), new Set(['proved']));
  hashes = 0;
  const sprayed = await kinds(200, (nth) =>
    guarded.provePassword(`name${nth}@contoso.example`, 'Summer2026', from(away)),
  );
  assert.deepEqual([sprayed.filter((kind) => kind === 'wrong').length, hashes], [120, 120]);
  assert.equal((await guarded.provePassword(name, password, from(away))).kind, 'locked');
  assert.equal((await guarded.provePassword(name, password, from('192.0.2.67'))).kind, 'proved', 'another address');
  const own = { visitor: { ...ownBrowser('own', id), address: away } };
  assert.equal((await guarded.provePassword(name, password, own)).kind, 'proved', 'a browser of their own, there too');
});

test('a flood of one address leaves room for others, and is refused before anything is read', async () => {
  const small = createHasher({ ...cheap, workers: 1, queueLimit: 19 });
  let reads = 0;
  const watched = {
    ...directory,
    find: ((query) => {
      reads += 1;
      return directory.find(query);
    }) as typeof directory.find,
  };
  const crowded = identityWith({ hasher: small, directory: watched });
  const { name } = await person();
  const flood = Array.from({ length: 200 }, (_, nth) =>
    crowded.provePassword(`flood${nth}@contoso.example`, 'guess', { visitor: { address: away } }),
  );
  const somebody = crowded.provePassword(name, password, { visitor: { address: '198.51.100.9' } });
  const outcomes = await Promise.allSettled(flood);
  assert.equal((await somebody).kind, 'proved');
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 10);
  assert.ok(outcomes.every((one) => one.status === 'fulfilled' || one.reason.code === 'identity.busy'));
  assert.equal(reads, 11);
  await small.close();
});
