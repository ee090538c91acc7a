import { X509Certificate } from 'node:crypto';
import type { PrepareContext } from '../directory/index.ts';
import { isoDateTime, newId } from '../kernel/index.ts';
import { type EntityOf, type entities, fold } from '../model/index.ts';
import { faults } from './faults.ts';

type Application = EntityOf<typeof entities.application>;
type Key = Application['keyCredentials'][number];

const certificateType = 'AsymmetricX509Cert';
/** What a public key can be used for; to sign, the server would have to hold the private one. */
const usages = ['Verify', 'Encrypt'];

/**
 * A certificate as it is stored: what was not said about it is read from it. One that stands already may be sent back without its key.
 * Throws `identity.badKeyCredential`.
 */
export function certified(sent: Key, { current }: Pick<PrepareContext<typeof entities.application>, 'current'>): Key {
  const { keyId } = sent;
  const stored = current?.keyCredentials.find((old) => old.keyId && keyId && fold(old.keyId) === fold(keyId));
  if (stored && !sent.key) return { ...stored, displayName: sent.displayName ?? stored.displayName };
  if (fold(sent.type ?? certificateType) !== fold(certificateType)) {
    throw faults.badKeyCredential({ reason: `type must be '${certificateType}'` });
  }
  const usage = usages.find((one) => fold(one) === fold(sent.usage ?? 'Verify'));
  if (!usage) throw faults.badKeyCredential({ reason: `usage must be ${usages.join(' or ')}` });
  const certificate = certificateOf(sent.key ?? '');
  return {
    customKeyIdentifier: sent.customKeyIdentifier ?? certificate.fingerprint.replaceAll(':', ''),
    displayName: sent.displayName ?? certificate.subject.replaceAll('\n', ', ').slice(0, 256),
    endDateTime: sent.endDateTime ?? moment(certificate.validToDate),
    key: certificate.raw.toString('base64'),
    keyId: keyId ?? newId(),
    startDateTime: sent.startDateTime ?? moment(certificate.validFromDate),
    type: certificateType,
    usage,
  };
}

const moment = (date: Date): string => isoDateTime(Math.floor(date.getTime() / 1000));

/** DER or PEM, in Base64. */
function certificateOf(key: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(key, 'base64'));
  } catch (cause) {
    throw faults.badKeyCredential({ reason: 'key must be a certificate in Base64' }, cause);
  }
}
