import { createDecipheriv } from 'node:crypto';
import { faults } from './faults.ts';
import { deriveLegacyKey, derivePbkdf2Key, type Effort, type HashName, purposes } from './pkcs12-keys.ts';
import { type Asn1Reader, bytesOf, type Node, numberOf, partsOf, refused } from './pkcs12-nodes.ts';

/** What opens the parts of one file. */
export interface Opening {
  readonly asn1: Asn1Reader;
  readonly password: string;
  /** `password` for the older key derivation; an empty one has two forms. */
  readonly legacyPassword: Buffer;
  readonly effort: Effort;
}

export const hashNames: Readonly<Record<string, HashName>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** RFC 8018 appendix B.1.2. */
const pseudorandomHashes: Readonly<Record<string, HashName>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

interface Cipher {
  readonly name: 'des-ede3-cbc' | 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc' | 'rc2';
  readonly keyBytes: number;
  readonly blockBytes: number;
}

const tripleDes: Cipher = { name: 'des-ede3-cbc', keyBytes: 24, blockBytes: 8 };

/** RFC 7292 appendix C; both RC4 and two-key triple DES are left out: nothing has written them for decades. */
const legacyCiphers: Readonly<Record<string, Cipher>> = {
  '1.2.840.113549.1.12.1.3': tripleDes,
  '1.2.840.113549.1.12.1.5': { name: 'rc2', keyBytes: 16, blockBytes: 8 },
  '1.2.840.113549.1.12.1.6': { name: 'rc2', keyBytes: 5, blockBytes: 8 },
};

/** RFC 8018 appendix B.2. */
const modernCiphers: Readonly<Record<string, Cipher>> = {
  '1.2.840.113549.3.7': tripleDes,
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16, blockBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24, blockBytes: 16 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32, blockBytes: 16 },
};

const pbes2 = '1.2.840.113549.1.5.13';
const pbkdf2 = '1.2.840.113549.1.5.12';
const unsupported = () => refused('it is encrypted in a way that is not supported; use AES-256 or triple DES');

/**
 * Decrypts what an encryption scheme (`AlgorithmIdentifier`) covers. Throws `flows.wrongPkcs12Password` when nothing sensible comes
 * out, and `flows.badPkcs12`.
 */
export async function decrypt(scheme: Node | undefined, data: Buffer, opening: Opening): Promise<Buffer> {
  const [algorithm, parameters] = partsOf(scheme);
  const oid = opening.asn1.oid(algorithm);
  const legacy = legacyCiphers[oid];
  if (!legacy && oid !== pbes2) throw unsupported();
  const keys = legacy ? await legacyKeys(legacy, parameters, opening) : await modernKeys(parameters, opening);
  const opened = decipher(keys, data, opening.asn1);
  if (!opened) throw faults.wrongPkcs12Password({ target: 'password' });
  return opened;
}

interface Keys {
  readonly cipher: Cipher;
  readonly key: Buffer;
  readonly initial: Buffer;
}

async function legacyKeys(cipher: Cipher, parameters: Node | undefined, opening: Opening): Promise<Keys> {
  const [salt, iterations] = partsOf(parameters);
  const request = { hash: 'sha1', salt: bytesOf(salt), iterations: numberOf(iterations) } as const;
  const { legacyPassword, effort } = opening;
  const derive = (length: number, purpose: number): Promise<Buffer> =>
    deriveLegacyKey({ ...request, length }, legacyPassword, purpose, effort);
  const key = await derive(cipher.keyBytes, purposes.encryption);
  return { cipher, key, initial: await derive(cipher.blockBytes, purposes.initialisation) };
}

async function modernKeys(parameters: Node | undefined, { asn1, password, effort }: Opening): Promise<Keys> {
  const [derivation, encryption] = partsOf(parameters);
  const [derivationName, derivationParameters] = partsOf(derivation);
  const [cipherName, initial] = partsOf(encryption);
  const cipher = modernCiphers[asn1.oid(cipherName)];
  if (!cipher || asn1.oid(derivationName) !== pbkdf2) throw unsupported();
  const [salt, iterations, ...rest] = partsOf(derivationParameters);
  // Between them a key length may stand, which the cipher says as well.
  const algorithm = rest.find(({ value }) => Array.isArray(value));
  const hash = algorithm ? pseudorandomHashes[asn1.oid(partsOf(algorithm)[0])] : 'sha1';
  if (!hash) throw unsupported();
  const request = { hash, salt: bytesOf(salt), iterations: numberOf(iterations), length: cipher.keyBytes };
  const key = await derivePbkdf2Key(request, Buffer.from(password, 'utf8'), effort);
  return { cipher, key, initial: bytesOf(initial) };
}

function decipher({ cipher: { name, blockBytes }, key, initial }: Keys, data: Buffer, asn1: Asn1Reader) {
  if (initial.length !== blockBytes) throw refused('it is damaged');
  if (name === 'rc2') return asn1.decryptRc2(key, initial, data);
  const cipher = createDecipheriv(name, key, initial);
  try {
    return Buffer.concat([cipher.update(data), cipher.final()]);
  } catch {
    return undefined;
  }
}
