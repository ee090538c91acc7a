import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { readClientCertificate, withActive } from './client-certificate.ts';
import { files, type Pkcs12File, pkcs12Between, withMacRounds } from './testing/pkcs12.ts';

const read = ({ base64, password }: Pkcs12File) => readClientCertificate(base64, password);
const file = (name: string): Pkcs12File => files[name] ?? assert.fail(`no file ${name}`);
const now = 1_800_000_000;

/** What every file of one key shows. */
const known = {
  thumbprint: '0261113757FAD6BD15EDE2C7989080E4EE5DABE1',
  notBefore: Date.UTC(2026, 10, 21, 15, 14, 33) / 1000,
  notAfter: Date.UTC(2046, 10, 16, 15, 14, 33) / 1000,
};

for (const name of ['modern', 'legacy', 'tripleDes', 'aes128', 'emptyPassword', 'emptyLegacy', 'noMac', 'plain']) {
  test(`a certificate is read with its key: ${name}`, async () => {
    const { thumbprint, notBefore, notAfter, certificateChain, privateKey } = await read(file(name));
    assert.deepEqual({ thumbprint, notBefore, notAfter }, known);
    assert.ok(new X509Certificate(certificateChain).checkPrivateKey(createPrivateKey(privateKey)));
  });

  test(`a wrong password is refused: ${name}`, async () => {
    for (const password of ['Pässword', 'x', `${file(name).password} `]) {
      await assert.rejects(read({ ...file(name), password }), { code: 'flows.wrongPkcs12Password', status: 400 });
    }
  });
}

test('the certificates that signed it come along, from the one it was signed with upwards', async () => {
  const { certificateChain } = await read(file('modern'));
  const chain = certificateChain.split(/(?<=-----END CERTIFICATE-----\n)/).map((pem) => new X509Certificate(pem));
  assert.deepEqual(
    chain.map(({ subject }) => subject),
    ['CN=Usher client', 'CN=Test authority'],
  );
});

test('a certificate of an RSA key is read as well, with line breaks in its base64', async () => {
  const { base64, password } = pkcs12Between(now - 100, now + 100);
  const broken = base64.replace(/.{76}/g, '$&\r\n');
  const { notBefore, notAfter } = await readClientCertificate(broken, password);
  assert.deepEqual([notBefore, notAfter], [now - 100, now + 100]);
});

test('a file without a key, and one that TLS could not use, are refused', async () => {
  const refused = (reason: RegExp) => ({ code: 'flows.badPkcs12', status: 400, message: reason });
  await assert.rejects(read(file('keyless')), refused(/holds no private key/));
  await assert.rejects(read(file('weak')), refused(/TLS cannot use its certificate or key/));
});

test('what is no base64 or no PKCS #12 file is refused', async () => {
  for (const base64 of ['', '....', 'eyJhbGci...kDJ04', 'AAAA AAAA', 'é']) {
    await assert.rejects(readClientCertificate(base64, ''), { code: 'flows.badBase64', status: 400 }, base64);
  }
  const { base64, password } = file('modern');
  const bytes = Buffer.from(base64, 'base64');
  const damaged = [Buffer.alloc(64), Buffer.from('MAA=', 'base64'), bytes.subarray(0, 700), bytes.subarray(3)];
  for (const part of damaged) {
    await assert.rejects(readClientCertificate(part.toString('base64'), password), {
      code: 'flows.badPkcs12',
      status: 400,
    });
  }
});

test('wherever a file is damaged, it is refused in plain words or still right', async () => {
  const { base64, password } = file('modern');
  for (let at = 0; at < Buffer.from(base64, 'base64').length; at += 7) {
    const bytes = Buffer.from(base64, 'base64');
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0x55, at);
    const outcome = await readClientCertificate(bytes.toString('base64'), password).then(
      ({ thumbprint }) => thumbprint,
      (error: { readonly code: string }) => error.code,
    );
    assert.ok(
      [known.thumbprint, 'flows.badPkcs12', 'flows.wrongPkcs12Password'].includes(outcome),
      `${at}: ${outcome}`,
    );
  }
});

test('a file that asks for millions of rounds is refused before the first of them', async () => {
  await assert.rejects(read(file('costly')), { code: 'flows.badPkcs12', message: /more than 200000 rounds/ });
  await assert.rejects(read(withMacRounds(file('modern'), 200_001)), { code: 'flows.badPkcs12', status: 400 });
});

test('one file is opened at a time, a few wait, and more are refused until there is room', async () => {
  const sent = { ...file('modern'), password: 'wrong' };
  const crowd = await Promise.allSettled(Array.from({ length: 20 }, () => read(sent)));
  const codes = crowd.map((one) => one.status === 'rejected' && one.reason.code);
  assert.deepEqual(codes.slice(0, 9), Array(9).fill('flows.wrongPkcs12Password'));
  assert.deepEqual(codes.slice(9), Array(11).fill('flows.certificatesBusy'));
  assert.deepEqual(crowd.map((one) => one.status === 'rejected' && one.reason.status).at(-1), 503);
  assert.equal((await read(file('modern'))).thumbprint, known.thumbprint);
});

test('active is the latest uploaded of those that are valid now', () => {
  const certificate = (notBefore: number, notAfter: number) => ({ notBefore, notAfter, isActive: true });
  const later = certificate(now + 10, now + 20);
  const valid = certificate(now, now + 10);
  const older = certificate(now - 10, now + 10);
  const expired = certificate(now - 10, now);
  const active = (list: Parameters<typeof withActive>[0], at = now) => withActive(list, at).map((one) => one.isActive);
  assert.deepEqual(active([later, valid, older, expired]), [false, true, false, false]);
  assert.deepEqual(active([later, valid, older, expired], now + 10), [true, false, false, false]);
  assert.deepEqual(active([later, valid, older, expired], now - 1), [false, false, true, false]);
  assert.deepEqual(active([expired]), [false]);
});
