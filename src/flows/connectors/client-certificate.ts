import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { EpochSeconds } from '../../kernel/index.ts';
import { faults } from './faults.ts';
import { readPkcs12 } from './pkcs12.ts';
import { refused } from './pkcs12-nodes.ts';
import { createTurns } from './turns.ts';

/** A certificate to call an API with, as it is stored. */
export interface ClientCertificate {
  readonly thumbprint: string;
  readonly notBefore: EpochSeconds;
  readonly notAfter: EpochSeconds;
  readonly isActive: boolean;
  readonly certificateChain: string;
  readonly privateKey: string;
}

/** Certificates that are sent along, up to the authority. */
const maxChain = 10;

/**
 * Whoever sends a file says how much work it takes to open. So one is opened at a time in the whole process, and this many wait, for
 * about a quarter of a second each at most.
 */
const mostWaiting = 8;
const turns = createTurns(mostWaiting, () => faults.certificatesBusy({ retryAfterSeconds: 2 }));

/**
 * The certificate in a base64 PKCS #12 file with its key and the certificates that signed it. Throws `flows.badBase64`,
 * `flows.badPkcs12`, `flows.wrongPkcs12Password`, `flows.certificatesBusy`.
 */
export function readClientCertificate(pkcs12Value: string, password: string): Promise<ClientCertificate> {
  return turns.take(() => readFile(pkcs12Value, password));
}

async function readFile(pkcs12Value: string, password: string): Promise<ClientCertificate> {
  const file = await readPkcs12(fromBase64(pkcs12Value), password);
  const certificates = file.certificates.map(readCertificate);
  const privateKeys = file.privateKeys.map(readPrivateKey);
  const [certificate, privateKey] = matching(certificates, privateKeys);
  const certificateChain = chainOf(certificate, certificates)
    .map((one) => one.toString())
    .join('');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  demandUsable(certificateChain, pem);
  return {
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
    notBefore: Math.floor(certificate.validFromDate.getTime() / 1000),
    notAfter: Math.floor(certificate.validToDate.getTime() / 1000),
    isActive: false,
    certificateChain,
    privateKey: pem,
  };
}

type Validity = Pick<ClientCertificate, 'notBefore' | 'notAfter' | 'isActive'>;

/**
 * Marks the one to call with: of those now valid the latest uploaded, which stands first (Graph contract a.5). None when none is valid.
 */
export function withActive<C extends Validity>(certificates: readonly C[], now: EpochSeconds): readonly C[] {
  const active = certificates.findIndex(({ notBefore, notAfter }) => notBefore <= now && now < notAfter);
  return certificates.map((certificate, index) => ({ ...certificate, isActive: index === active }));
}

/** Line breaks are let through: tools that print base64 put them in. */
function fromBase64(text: string): Buffer {
  const compact = text.replace(/[\r\n]/g, '');
  if (compact === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) throw faults.badBase64({ target: 'pkcs12Value' });
  return Buffer.from(compact, 'base64');
}

function readCertificate(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw faults.badPkcs12({ reason: 'a certificate in it cannot be read', target: 'pkcs12Value' }, cause);
  }
}

/** Decrypting with a wrong password can look right by chance; what it gives is then no key. */
function readPrivateKey(der: Buffer): KeyObject {
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw faults.badPkcs12({ reason: 'its private key cannot be read', target: 'pkcs12Value' }, cause);
  }
}

function matching(
  certificates: readonly X509Certificate[],
  privateKeys: readonly KeyObject[],
): readonly [X509Certificate, KeyObject] {
  for (const privateKey of privateKeys) {
    const certificate = certificates.find((one) => one.checkPrivateKey(privateKey));
    if (certificate) return [certificate, privateKey];
  }
  throw refused(privateKeys.length === 0 ? 'it holds no private key' : 'it holds no certificate of its private key');
}

function chainOf(leaf: X509Certificate, known: readonly X509Certificate[]): readonly X509Certificate[] {
  const chain = [leaf];
  while (chain.length < maxChain) {
    const last = chain.at(-1);
    const issuer = last && known.find((one) => !chain.includes(one) && last.checkIssued(one));
    if (!issuer) break;
    chain.push(issuer);
  }
  return chain;
}

/** What TLS would refuse when a call is made (a key too short, a signature too weak) is refused now. */
function demandUsable(cert: string, key: string): void {
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw faults.badPkcs12({ reason: 'TLS cannot use its certificate or key', target: 'pkcs12Value' }, cause);
  }
}
