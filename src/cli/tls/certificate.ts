import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import { bits, boolean, context, integer, objectId, octets, sequence, set, time, utf8 } from './der.ts';

/** A certificate with its key, both in PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

const dayMilliseconds = 86_400_000;
const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));

/** Starts an hour ago, for clients whose clock is behind. */
const validity = (days: number, now: number): Buffer =>
  sequence(time(new Date(now - 3_600_000)), time(new Date(now + days * dayMilliseconds)));

const name = (common: string): Buffer =>
  sequence(
    ...[
      ['2.5.4.10', 'Usher development'],
      ['2.5.4.3', common],
    ].map(([type = '', value = '']) => set(sequence(objectId(type), utf8(value)))),
  );

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(value));

/** SHA-1 of the public key's bits (RFC 5280 §4.2.1.2 method 1); of a P-256 key these are its last 65 bytes. */
const keyId = (key: KeyObject): Buffer =>
  createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }).subarray(-65))
    .digest();

/** The 4 or 16 bytes of an address. */
export function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = new URL(`https://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string | undefined): string[] => (part ? part.split(':') : []);
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** A subject alternative name, or with `subtree` the constraint that covers it (RFC 5280 §4.2.1.6, §4.2.1.10). */
function generalName(host: string, subtree = false): Buffer {
  if (isIP(host) === 0) return context(2, Buffer.from(host), true);
  const bytes = addressBytes(host);
  return context(7, subtree ? Buffer.concat([bytes, Buffer.alloc(bytes.length, 0xff)]) : bytes, true);
}

interface Contents {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly days: number;
  readonly now: number;
  readonly extensions: readonly Buffer[];
}

function certify({ issuer, subject, publicKey, signer, days, now, extensions }: Contents): string {
  const body = sequence(
    context(0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    ecdsaWithSha256,
    name(issuer),
    validity(days, now),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    context(3, sequence(...extensions)),
  );
  const der = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, signer)));
  return new X509Certificate(der).toString();
}

const newKeys = (): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' });

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/**
 * A new certificate authority for development: EC P-256, ten years. It can sign no further authority (path length 0) and only
 * for the `hosts` named and what is below them (name constraints), so that its key, if stolen, opens no other site.
 */
export function createAuthority(hosts: readonly string[], now: number = Date.now()): Issued {
  const { publicKey, privateKey } = newKeys();
  const common = `Usher development CA ${randomBytes(4).toString('hex')}`;
  const permitted = hosts.map((host) => sequence(generalName(host.replace(/^\*\./, ''), true)));
  const cert = certify({
    issuer: common,
    subject: common,
    publicKey,
    signer: privateKey,
    days: 3650,
    now,
    extensions: [
      extension('2.5.29.19', true, sequence(boolean(true), integer(Buffer.of(0)))),
      // keyCertSign and cRLSign: bits 5 and 6.
      extension('2.5.29.15', true, bits(Buffer.of(0x06), 1)),
      extension('2.5.29.14', false, octets(keyId(publicKey))),
      extension('2.5.29.30', true, sequence(context(0, Buffer.concat(permitted)))),
    ],
  });
  return { cert, key: pem(privateKey) };
}

/** A server certificate for these host names and addresses, 397 days (what browsers accept of a public authority). */
export function issueCertificate(authority: Issued, hosts: readonly string[], now: number = Date.now()): Issued {
  const { publicKey, privateKey } = newKeys();
  const issuer = /^CN=(.+)$/m.exec(new X509Certificate(authority.cert).subject)?.[1] ?? '';
  const cert = certify({
    issuer,
    subject: hosts[0] ?? 'localhost',
    publicKey,
    signer: createPrivateKey(authority.key),
    days: 397,
    now,
    extensions: [
      extension('2.5.29.19', true, sequence()),
      // digitalSignature: bit 0.
      extension('2.5.29.15', true, bits(Buffer.of(0x80), 7)),
      extension('2.5.29.37', false, sequence(objectId('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', false, sequence(...hosts.map((host) => generalName(host)))),
      extension('2.5.29.14', false, octets(keyId(publicKey))),
      extension('2.5.29.35', false, sequence(context(0, keyId(createPublicKey(authority.cert)), true))),
    ],
  });
  return { cert, key: pem(privateKey) };
}
