import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { type EntityType, entities, type Property, type PropertyType } from '../model/index.ts';
import { app, type Bench, google, googleRef, key, onEveryEngine, server } from './harness.test.ts';
import { createSecretBox } from './secret-box.ts';
import {
  dropMasks,
  dropWriteOnly,
  keepMasked,
  maskedMembers,
  maskSecrets,
  openSecrets,
  sealSecrets,
} from './secrets.ts';

const { socialIdentityProvider } = entities;

const stored = async ({ store }: Bench): Promise<unknown> =>
  (await store.read((reader) => reader.get(googleRef)))?.values['clientSecret'];

onEveryEngine('a secret is sealed in the store, masked on every read and opened on demand', async (bench) => {
  const { directory } = bench;
  const created = await directory.create(server, socialIdentityProvider, google);
  assert.equal(created.entity.clientSecret, '******');
  assert.equal((await directory.get(googleRef))?.entity.clientSecret, '******');
  assert.match(String(await stored(bench)), /^v1\.[\w-]{8}\.[\w-]+$/);
  assert.deepEqual(await directory.reveal(googleRef), { clientSecret: 'hush-hush' });
});

onEveryEngine('a patch of something else leaves the sealed secret as it is', async (bench) => {
  const { directory } = bench;
  await directory.create(server, socialIdentityProvider, google);
  const before = await stored(bench);
  await directory.update(app, googleRef, { clientId: 'changed' });
  assert.equal(await stored(bench), before);
});

onEveryEngine(
  'a client that sends back the mask keeps the secret, and one that sends another replaces it',
  async (bench) => {
    const { directory } = bench;
    await directory.create(server, socialIdentityProvider, google);
    await directory.update(app, googleRef, { clientId: 'changed', clientSecret: '******' });
    assert.deepEqual(await directory.reveal(googleRef), { clientSecret: 'hush-hush' });
    await directory.update(app, googleRef, { clientSecret: 'other' });
    assert.deepEqual(await directory.reveal(googleRef), { clientSecret: 'other' });
    const facebook = { ...google, id: 'Facebook-OAUTH', clientSecret: '******' };
    await assert.rejects(directory.create(server, socialIdentityProvider, facebook), {
      code: 'directory.maskedSecret',
      status: 400,
    });
  },
);

onEveryEngine('a text that looks sealed is sealed like any other', async ({ directory, store }) => {
  await directory.create(server, socialIdentityProvider, google);
  const sealed = (await store.read((reader) => reader.get(googleRef)))?.values['clientSecret'] as string;
  await directory.create(server, socialIdentityProvider, { ...google, id: 'Facebook-OAUTH', clientSecret: sealed });
  assert.deepEqual(await directory.reveal({ type: socialIdentityProvider, id: 'Facebook-OAUTH' }), {
    clientSecret: sealed,
  });
});

onEveryEngine('with another key nothing opens, and the fault says why', async ({ directory, again }) => {
  await directory.create(server, socialIdentityProvider, google);
  const stranger = again([], randomBytes(32));
  assert.equal((await stranger.get(googleRef))?.entity.clientSecret, '******');
  await assert.rejects(stranger.reveal(googleRef), { code: 'directory.wrongKey', status: 500 });
});

onEveryEngine('a sealed secret copied to another entity does not open', async ({ directory, store }) => {
  await directory.create(server, socialIdentityProvider, google);
  const ref = { type: socialIdentityProvider, id: 'Facebook-OAUTH' };
  await directory.create(server, socialIdentityProvider, { ...google, id: ref.id });
  await store.write(async (transaction) => {
    const [from, to] = [await transaction.get(googleRef), await transaction.get(ref)];
    const values = { ...to?.values, clientSecret: from?.values['clientSecret'] };
    await transaction.update({ ref, values }, server, ['clientSecret']);
  });
  await assert.rejects(directory.reveal(ref), { code: 'directory.damagedSecret' });
});

const text = (rules: Property['rules']): Property => ({
  type: { kind: 'string' },
  rules: { nullable: true, ...rules },
});
const credential: PropertyType = {
  kind: 'complex',
  type: {
    name: 'credential',
    abstract: false,
    open: false,
    own: ['name', 'key', 'once'],
    properties: { name: text({}), key: text({ secret: true }), once: text({ access: 'write' }) },
  },
};
/** No type of the model holds a secret deeper than its own properties yet. */
const vault: EntityType = {
  ...entities.signingKey,
  name: 'vault',
  properties: {
    main: { type: credential, rules: { nullable: true } },
    more: { type: { kind: 'collection', of: credential }, rules: {} },
  },
};

test('secrets inside complex values and collections are sealed, masked and opened too', () => {
  const box = createSecretBox(key);
  const values = {
    main: { name: 'a', key: 'one' },
    more: [{ key: 'two' }, { key: null }, { name: 'c', key: 'three' }],
  };
  const sealed = sealSecrets(box, 't', vault, 'v', values);
  assert.ok(!/one|two|three/.test(JSON.stringify(Object.values(sealed)).replaceAll(/"v1\.[^"]+"/g, '')));
  assert.equal(JSON.stringify(sealed).match(/v1\./g)?.length, 3);
  assert.deepEqual(maskSecrets(vault, sealed), {
    main: { name: 'a', key: '******' },
    more: [{ key: '******' }, { key: null }, { name: 'c', key: '******' }],
  });
  assert.deepEqual(openSecrets(box, 't', vault, 'V', sealed), {
    'main/key': 'one',
    'more/0/key': 'two',
    'more/2/key': 'three',
  });
});

test('an item of a collection may change its index and still opens', () => {
  const box = createSecretBox(key);
  const { more } = sealSecrets(box, 't', vault, 'v', { more: [{ key: 'one' }, { key: 'two' }] }) as { more: unknown[] };
  assert.deepEqual(openSecrets(box, 't', vault, 'v', { more: more.toReversed() }), {
    'more/0/key': 'two',
    'more/1/key': 'one',
  });
});

test('the mask keeps a secret in a complex value and is refused where there is nothing to keep', () => {
  assert.deepEqual(dropMasks(vault, { main: { name: 'b', key: '******' } }, 'update'), { main: { name: 'b' } });
  assert.throws(() => dropMasks(vault, { more: [{ key: '******' }] }, 'update'), { code: 'directory.maskedSecret' });
  assert.throws(() => dropMasks(vault, { main: { key: '******' } }, 'create'), { code: 'directory.maskedSecret' });
});

test('the mask in a whole complex value keeps what is stored there, of the same type only', () => {
  const given = { main: { name: 'b', key: '******' }, more: [] };
  const next = { main: { name: 'b' }, more: [] };
  assert.deepEqual(maskedMembers(vault, given), ['main/key']);
  const stored = { main: { name: 'a', key: 'sealed' } };
  assert.deepEqual(keepMasked(next, stored, ['main/key']), { main: { name: 'b', key: 'sealed' }, more: [] });
  for (const without of [{}, { main: null }, { main: { key: null } }, { main: { '@odata.type': 'other', key: 'x' } }]) {
    assert.throws(() => keepMasked(next, without, ['main/key']), { code: 'directory.maskedSecret' });
  }
});

test('what is never stored is left out at every depth', () => {
  const values = { main: { name: 'a', once: 'x' }, more: [{ once: 'y', key: 'k' }] };
  assert.deepEqual(dropWriteOnly(vault, values), { main: { name: 'a' }, more: [{ key: 'k' }] });
});
