import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, test } from 'node:test';
import { isUuid } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { app, openTenant } from './testing/harness.ts';

const house = await openTenant();
const { directory } = house;
after(() => house.close());

const { application } = entities;
const create = async (keyCredentials: readonly Readonly<Record<string, unknown>>[]) =>
  (await directory.create(app, application, { displayName: 'With a certificate', keyCredentials })).entity;

/** Self-signed, EC P-256, CN=usher test, valid from 2026-11-21 for ten years. */
const pem = `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUfdyRhlLPYQiNwQ6aLkptqsd5MbowCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKdXNoZXIgdGVzdDAeFw0yNjExMjExNTMwMDBaFw0zNjExMTgx
NTMwMDBaMBUxEzARBgNVBAMMCnVzaGVyIHRlc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASEojtShrLZMYtsqlNjRCXC8qkkyaBXAs92Prj2c/LgB5SfhIEkCWcl
/Vq06u083Z8LY2eEnczjGPE2Bbg2GcOCo1MwUTAdBgNVHQ4EFgQUdhYc+we3Sx9/
aYZgCWhg06zncDcwHwYDVR0jBBgwFoAUdhYc+we3Sx9/aYZgCWhg06zncDcwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBbde7ovyQ7w5aKz3Sn42PV
y5rxQ+Lyd7WdII9HsXeGOgIhAL7bXGKbPtxj3x/KhspH144dFFjtZvVnGl92XYxb
D+ov
-----END CERTIFICATE-----
`;
const certificate = new X509Certificate(pem);
const der = certificate.raw.toString('base64');

test('a certificate is kept with what it says about itself', async () => {
  for (const key of [der, Buffer.from(pem).toString('base64')]) {
    const [kept] = (await create([{ key }])).keyCredentials;
    assert.ok(isUuid(kept?.keyId ?? ''));
    assert.deepEqual(kept, {
      customKeyIdentifier: certificate.fingerprint.replaceAll(':', ''),
      displayName: 'CN=usher test',
      endDateTime: new Date(certificate.validTo).toISOString().replace('.000', ''),
      key: der,
      keyId: kept?.keyId,
      startDateTime: new Date(certificate.validFrom).toISOString().replace('.000', ''),
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
    });
  }
});

test('a certificate that stands may be sent back without its key, and left out', async () => {
  const made = await create([{ key: der }, { key: der, usage: 'encrypt' }]);
  const ref = { type: application, id: made.id };
  const [first, second] = made.keyCredentials;
  assert.equal(second?.usage, 'Encrypt');
  const patch = { keyCredentials: [{ ...first, key: null }] };
  const { entity } = await directory.update(app, ref, patch);
  assert.deepEqual(entity.keyCredentials, [first]);
});

test('what is no certificate, or more than one, is refused', async () => {
  const wrong = [
    {},
    { key: '' },
    { key: 'not a certificate' },
    { key: Buffer.from('not a certificate').toString('base64') },
    { key: der, type: 'Symmetric' },
    { key: der, type: 'X509CertAndPassword' },
    { key: der, usage: 'Sign' },
  ];
  for (const one of wrong) {
    await assert.rejects(create([one]), { code: 'identity.badKeyCredential', status: 400 }, JSON.stringify(one));
  }
  const keyId = '11111111-1111-4111-8111-111111111111';
  const twice = create([
    { key: der, keyId },
    { key: der, keyId: keyId.toUpperCase() },
  ]);
  await assert.rejects(twice, { code: 'identity.duplicateMember', status: 400 });
});
