import { createHmac, timingSafeEqual } from 'node:crypto';
import { faults } from './faults.ts';
import { decrypt, hashNames, type Opening } from './pkcs12-decrypt.ts';
import { deriveLegacyKey, type Effort, limitedEffort, purposes, wideText } from './pkcs12-keys.ts';
import { type Asn1Reader, bytesOf, type Node, numberOf, openAsn1, partsOf, refused } from './pkcs12-nodes.ts';

/** What a file holds, as DER. */
export interface Pkcs12 {
  readonly certificates: readonly Buffer[];
  /** PKCS #8. */
  readonly privateKeys: readonly Buffer[];
}

/** Certificates and keys of one file. */
const maxBags = 50;

const dataType = '1.2.840.113549.1.7.1';
const encryptedDataType = '1.2.840.113549.1.7.6';
const x509Type = '1.2.840.113549.1.9.22.1';
const bags = '1.2.840.113549.1.12.10.1';

/**
 * Opens a PKCS #12 file (RFC 7292): encrypted with AES or, as older programs do, with triple DES or RC2, and protected by a MAC or not.
 * Throws `flows.badPkcs12`, `flows.wrongPkcs12Password`.
 */
export async function readPkcs12(file: Buffer, password: string): Promise<Pkcs12> {
  const asn1 = await openAsn1();
  const [version, content, mac] = partsOf(asn1.read(file));
  if (!version || !content || numberOf(version) !== 3) throw refused('it is no PKCS #12 file');
  const safes = plainData(asn1, content);
  const effort = limitedEffort();
  const found: Found = { certificates: [], privateKeys: [] };
  const legacyPassword = await provenPassword(asn1, mac, safes, password, effort);
  const opening: Opening = { asn1, password, legacyPassword, effort };
  for (const safe of partsOf(asn1.read(safes))) await collect(await openSafe(safe, opening), opening, found);
  return found;
}

interface Found {
  readonly certificates: Buffer[];
  readonly privateKeys: Buffer[];
}

/** The octets of a `ContentInfo` of type data (RFC 2315 §7). */
function plainData(asn1: Asn1Reader, content: Node): Buffer {
  const [type, wrapped] = partsOf(content);
  if (asn1.oid(type) !== dataType) throw refused('it is signed or encrypted with a public key');
  return bytesOf(partsOf(wrapped)[0]);
}

/**
 * The password in its older form, for which the MAC is right (RFC 7292 §5.1). Of no password there are two forms, and programs
 * disagree. Without a MAC only decryption can tell. Throws `flows.wrongPkcs12Password`.
 */
async function provenPassword(
  asn1: Asn1Reader,
  mac: Node | undefined,
  safes: Buffer,
  password: string,
  effort: Effort,
): Promise<Buffer> {
  const forms = password === '' ? [wideText(''), Buffer.alloc(0)] : [wideText(password)];
  const [only] = forms;
  if (!mac && only) return only;
  const [digestInfo, salt, iterations] = partsOf(mac);
  const [algorithm, digest] = partsOf(digestInfo);
  const hash = hashNames[asn1.oid(partsOf(algorithm)[0])];
  if (!hash) throw refused('its MAC is of a kind that is not supported');
  const expected = bytesOf(digest);
  const request = { hash, salt: bytesOf(salt), iterations: iterations ? numberOf(iterations) : 1 };
  for (const form of forms) {
    const key = await deriveLegacyKey({ ...request, length: expected.length }, form, purposes.integrity, effort);
    const actual = createHmac(hash, key).update(safes).digest();
    if (actual.length === expected.length && timingSafeEqual(actual, expected)) return form;
  }
  throw faults.wrongPkcs12Password({ target: 'password' });
}

/** The `SafeContents` of one safe, decrypted where it is encrypted (RFC 7292 §4.1). */
async function openSafe(safe: Node, opening: Opening): Promise<Buffer> {
  const [type, wrapped] = partsOf(safe);
  if (opening.asn1.oid(type) !== encryptedDataType) return plainData(opening.asn1, safe);
  const [, info] = partsOf(partsOf(wrapped)[0]);
  const [, scheme, encrypted] = partsOf(info);
  return decrypt(scheme, bytesOf(encrypted), opening);
}

/** The keys and certificates among the bags of a safe; other kinds are passed over (RFC 7292 §4.2). */
async function collect(contents: Buffer, opening: Opening, found: Found): Promise<void> {
  for (const bag of partsOf(readOpened(contents, opening))) {
    const [type, wrapped] = partsOf(bag);
    const [value] = partsOf(wrapped);
    switch (opening.asn1.oid(type)) {
      case `${bags}.1`:
        found.privateKeys.push(opening.asn1.write(value));
        break;
      case `${bags}.2`: {
        const [scheme, encrypted] = partsOf(value);
        found.privateKeys.push(await decrypt(scheme, bytesOf(encrypted), opening));
        break;
      }
      case `${bags}.3`: {
        const [kind, certificate] = partsOf(value);
        if (opening.asn1.oid(kind) === x509Type) found.certificates.push(bytesOf(partsOf(certificate)[0]));
        break;
      }
      default:
    }
    if (found.certificates.length + found.privateKeys.length > maxBags) {
      throw refused(`it holds more than ${maxBags} certificates and keys`);
    }
  }
}

/** Decrypting with a wrong key can look right by chance; what it gives is then no ASN.1. Throws `flows.wrongPkcs12Password`. */
function readOpened(contents: Buffer, { asn1 }: Opening): Node {
  try {
    return asn1.read(contents);
  } catch (cause) {
    throw faults.wrongPkcs12Password({ target: 'password' }, cause);
  }
}
