import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { createKeys } from './keys.ts';
import { type House, openHouse } from './testing/harness.ts';
import {
  authorizeUrl,
  createBrowser,
  postToken,
  readRedirect,
  redemption,
  signedIn,
  signIn,
} from './testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const type = entities.signingKey;

const kidOf = (token: unknown): unknown =>
  JSON.parse(Buffer.from(String(token).split('.')[0] ?? '', 'base64url').toString())['kid'];

test('a key made at first use is the same after a start, in every process, and so is what other secrets are made of', async () => {
  const { directory, oidc } = house.contoso;
  const [ring] = await Promise.all([oidc.keys.ring(), oidc.keys.ring()]);
  const second = await createKeys({ directory, clock: house.clock }).ring();
  assert.equal(second.signing.kid, ring.signing.kid);
  assert.equal(second.root, ring.root);
  assert.equal((await directory.find({ type, limit: 10 })).items.length, 1);
});

test('the private part of a key is sealed at rest', async () => {
  const { store, oidc } = house.contoso;
  const { root } = await oidc.keys.ring();
  const { items } = await store.read((reader) => reader.find({ type, limit: 10 }));
  const stored = JSON.stringify(items);
  assert.ok(root.length > 100);
  assert.equal(stored.includes(root), false);
  assert.equal(stored.includes('privateJwk'), true);
});

test('after a rotation the new key signs, the old one is still listed, and sessions go on', async () => {
  const { directory } = house.contoso;
  const browser = createBrowser(house);
  await signIn(house, browser);
  const before = kidOf((await signedIn(house)).body['id_token']);
  const [old] = (await directory.find({ type, limit: 10 })).items;
  assert.ok(old);
  house.clock.advance(60);
  await directory.update(system('rotation'), { type, id: old.entity.id }, { active: false });
  const silent = await browser.get(authorizeUrl({ prompt: 'none' }));
  const { body } = await postToken(house, redemption(readRedirect(silent).params.get('code') ?? ''));
  assert.notEqual(kidOf(body['id_token']), before);
  const response = await house.fetch('/contoso.onmicrosoft.com/b2c_1_susi/discovery/v2.0/keys');
  const { keys } = (await response.json()) as { keys: { kid: string }[] };
  assert.deepEqual(new Set(keys.map(({ kid }) => kid)), new Set([before, kidOf(body['id_token'])]));
});
