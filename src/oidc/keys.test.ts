import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Directory } from '../directory/index.ts';
import { system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { createKeys } from './keys.ts';
import { reportKeys, rotateKeys } from './keys-rotation.ts';
import { type House, ids, openHouse } from './testing/harness.ts';
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
  const second = await createKeys({
    directory,
    clock: house.clock,
    settings: () => house.contoso.identity.settings(),
  }).ring();
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

const day = 86_400;
const keysOf = async (): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const response = await house.fetch('/contoso.onmicrosoft.com/b2c_1_susi/discovery/v2.0/keys');
  return ((await response.json()) as { keys: Readonly<Record<string, unknown>>[] }).keys;
};
const kids = async () => (await keysOf()).map(({ kid }) => kid);
const services = () => ({
  directory: house.contoso.directory,
  clock: house.clock,
  settings: () => house.contoso.identity.settings(),
});
const userInfo = async (token: unknown): Promise<number> => {
  const url = '/contoso.onmicrosoft.com/b2c_1_susi/openid/v2.0/userinfo';
  return (await house.fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;
};
const settle = (settings: Readonly<Record<string, unknown>>) =>
  house.contoso.directory.update(
    system('test'),
    { type: entities.organization, id: house.contoso.tenant.id },
    { settings },
  );

test('a new key is published a day before it signs, the old one until its last token is over, and secrets outlive it', async () => {
  const before = kidOf((await signedIn(house)).body['id_token']);
  const { root } = await house.contoso.oidc.keys.ring();
  const rotated = await rotateKeys(services(), system('test'), { leaked: false });
  assert.ok(rotated);
  assert.ok((await kids()).includes(rotated.id), 'it can be known before');
  house.clock.advance(day - 1);
  assert.equal(kidOf((await signedIn(house)).body['id_token']), before);
  house.clock.advance(1);
  assert.equal(kidOf((await signedIn(house)).body['id_token']), rotated.id);
  house.clock.advance(day);
  assert.ok((await kids()).includes(before), 'the last token of the longest kind is good until now');
  house.clock.advance(3_600);
  assert.deepEqual(await kids(), [rotated.id]);
  house.clock.advance(91 * day);
  assert.equal((await house.contoso.oidc.keys.ring()).root, root);
  const left = await reportKeys(services());
  assert.equal(left.length, 2, 'the oldest, of which other secrets are made, and the one that signs');
  assert.deepEqual(
    left.map(({ state }) => state),
    ['over', 'signing'],
  );
});

test('of keys that begin to sign in the same second the one made last does', async () => {
  const ids: (string | undefined)[] = [];
  for (let n = 0; n < 5; n += 1) ids.push((await rotateKeys(services(), system('test'), { leaked: false }))?.id);
  house.clock.advance(day);
  assert.equal(kidOf((await signedIn(house)).body['id_token']), ids.at(-1));
});

test('what a leaked key has signed is worth nothing once every server knows the new one, which signs then', async () => {
  const { body } = await signedIn(house, { scope: `openid ${ids.spa}` });
  const token = body['access_token'] ?? body['id_token'];
  const rotated = await rotateKeys(services(), system('test'), { leaked: true });
  assert.notEqual(kidOf((await signedIn(house)).body['id_token']), rotated?.id);
  assert.ok((await kids()).includes(rotated?.id));
  house.clock.advance(5);
  assert.equal(kidOf((await signedIn(house)).body['id_token']), rotated?.id);
  assert.deepEqual(await kids(), [rotated?.id]);
  assert.equal(await userInfo(token), 401);
});

test('of processes that rotate at the same moment one makes the key', async () => {
  const found = await Promise.all(
    Array.from({ length: 4 }, () => rotateKeys(services(), system('test'), { leaked: false })),
  );
  assert.equal(found.filter((one) => one !== undefined).length, 1);
  house.clock.advance(day + 1);
});

test('keys follow each other as often as the tenant says, each known for a day before it signs', async () => {
  await settle({ keyRotationDays: 30 });
  const first = (await house.contoso.oidc.keys.ring()).signing.kid;
  house.clock.advance(29 * day);
  const ring = await house.contoso.oidc.keys.ring();
  assert.equal(ring.signing.kid, first);
  assert.ok(ring.published.some(({ notBefore }) => notBefore > house.clock.now()));
  house.clock.advance(day + 1);
  assert.notEqual((await house.contoso.oidc.keys.ring()).signing.kid, first);
  await settle({ keyRotationDays: null });
});

test('a tenant that asks for ES256 has tokens of it a day later, and says so', async () => {
  await settle({ signingAlgorithm: 'ES256' });
  const discovery = async () => {
    const answer = await house.fetch('/contoso.onmicrosoft.com/b2c_1_susi/v2.0/.well-known/openid-configuration');
    return ((await answer.json()) as Record<string, unknown>)['id_token_signing_alg_values_supported'];
  };
  assert.deepEqual(new Set((await discovery()) as string[]), new Set(['RS256', 'ES256']));
  house.clock.advance(day);
  const { body } = await signedIn(house);
  const { kid, kty, crv, x, y, e, n } = (await keysOf()).find((one) => one['kid'] === kidOf(body['id_token'])) ?? {};
  assert.deepEqual({ kty, crv, e, n }, { kty: 'EC', crv: 'P-256', e: undefined, n: undefined });
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: String(x), y: String(y) }, format: 'jwk' });
  const [head, payload, signature = ''] = String(body['id_token']).split('.');
  const bytes = Buffer.from(signature, 'base64url');
  assert.equal(verify('sha256', Buffer.from(`${head}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, bytes), true);
  assert.ok(kid);
  house.clock.advance(2 * day);
  assert.deepEqual(await discovery(), ['RS256', 'ES256'], 'clients want the first whatever signs');
});

test('a key that another process has just made is looked for when a token names it, and not more than once a second', async () => {
  const { store, identity } = house.fabrikam;
  const directory = createDirectoryApart(house.fabrikam.directory);
  const settings = () => identity.settings();
  const keys = createKeys({ directory, clock: house.clock, settings });
  await keys.ring();
  const rotated = await rotateKeys(
    { directory: house.fabrikam.directory, clock: house.clock, settings },
    system('test'),
    {
      leaked: false,
    },
  );
  assert.ok(rotated && store);
  const knows = async () => (await keys.ring(rotated.id)).known.some(({ kid }) => kid === rotated.id);
  assert.equal(await knows(), false, 'it has looked this very second');
  house.clock.advance(1);
  assert.equal(await knows(), true);
});

/** As another process has it that hears of no change. */
const createDirectoryApart = (directory: Directory): Directory => ({ ...directory, onChange: () => () => undefined });
