import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, test } from 'node:test';
import { entities } from '../model/index.ts';
import { app, openTenant } from './testing/harness.ts';

const house = await openTenant();
const { directory } = house;
after(() => house.close());

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const setOf = (...keys: readonly object[]): string => JSON.stringify({ keys });
const publicJwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one' };

const withSettings = (settings: Readonly<Record<string, unknown>>) =>
  directory.create(app, entities.application, { displayName: 'Settings', settings });

test('everything beyond Azure AD B2C is off in a new application', async () => {
  const { settings } = (await withSettings({})).entity;
  assert.deepEqual(settings, {
    isPkceRequired: false,
    isPushedAuthorizationRequired: false,
    tokenBinding: 'none',
    isDeviceFlowAllowed: false,
    isIntrospectionAllowed: false,
    isRevocationAllowed: false,
    securityProfile: 'none',
    jwks: null,
    jwksUri: null,
    backChannelLogoutUri: null,
    isBackChannelLogoutSessionRequired: false,
  });
});

test('a key set holds public keys, and nothing else', async () => {
  assert.equal((await withSettings({ jwks: setOf(publicJwk) })).entity.settings.jwks, setOf(publicJwk));
  const refused: readonly [string, RegExp][] = [
    ['{', /not a JSON Web Key Set/],
    ['{"keys":[]}', /not a JSON Web Key Set/],
    ['[]', /not a JSON Web Key Set/],
    [setOf(privateKey.export({ format: 'jwk' })), /private key/],
    [setOf({ kty: 'oct', k: 'c2VjcmV0' }), /private key/],
    [setOf({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }), /not a public key/],
    [setOf(...Array.from({ length: 21 }, () => publicJwk)), /more than 20 keys/],
  ];
  for (const [jwks, reason] of refused) {
    await assert.rejects(withSettings({ jwks }), { code: 'identity.badSetting', message: reason });
  }
});

test('addresses that the server calls are https, or on the machine itself', async () => {
  for (const name of ['jwksUri', 'backChannelLogoutUri']) {
    await withSettings({ [name]: 'https://app.example/path?x=1' });
    await withSettings({ [name]: 'http://localhost:3000/logout' });
    for (const url of ['http://app.example/', 'https://me:pw@app.example/', 'file:///etc/passwd', 'https://a/#f']) {
      await assert.rejects(withSettings({ [name]: url }), { code: 'identity.badSetting' }, url);
    }
  }
});
