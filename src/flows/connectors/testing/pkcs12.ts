import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import forge from 'node-forge';
import type { EpochSeconds } from '../../../kernel/index.ts';

export interface Pkcs12File {
  readonly password: string;
  readonly base64: string;
}

/** Files as OpenSSL writes them, by what is special about them. */
export const files = JSON.parse(readFileSync(new URL('./pkcs12-files.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Pkcs12File>
>;

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = forge.pki.privateKeyFromPem(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
let serial = 0;

/** A self-signed certificate with its key, valid between two moments. */
export function pkcs12Between(notBefore: EpochSeconds, notAfter: EpochSeconds, password = 'pw'): Pkcs12File {
  const certificate = forge.pki.createCertificate();
  serial += 1;
  certificate.serialNumber = serial.toString(16).padStart(2, '0');
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  certificate.validity.notBefore = new Date(notBefore * 1000);
  certificate.validity.notAfter = new Date(notAfter * 1000);
  const names = [{ name: 'commonName', value: `client ${serial}` }];
  certificate.setSubject(names);
  certificate.setIssuer(names);
  certificate.sign(key, forge.md.sha256.create());
  const file = forge.pkcs12.toPkcs12Asn1(key, [certificate], password, { algorithm: 'aes256' });
  return { password, base64: Buffer.from(forge.asn1.toDer(file).getBytes(), 'latin1').toString('base64') };
}

/** The file with another number of rounds for the key of its MAC, which is then wrong. */
export function withMacRounds({ base64, password }: Pkcs12File, rounds: number): Pkcs12File {
  const { asn1 } = forge;
  const file = asn1.fromDer(Buffer.from(base64, 'base64').toString('latin1'));
  const [, , mac] = file.value as forge.asn1.Asn1[];
  const [digest, salt] = (mac?.value ?? []) as forge.asn1.Asn1[];
  const count = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.INTEGER, false, asn1.integerToDer(rounds).getBytes());
  if (mac && digest && salt) mac.value = [digest, salt, count];
  return { password, base64: Buffer.from(asn1.toDer(file).getBytes(), 'latin1').toString('base64') };
}
