import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { faults } from './faults.ts';

/** Where a secret belongs: tenant, type, entity, property. A sealed text opens only in the place it was sealed for. */
export type SecretPlace = readonly string[];

/** Seals secrets before they are stored. */
export interface SecretBox {
  seal(secret: string, place: SecretPlace): string;
  /** Throws `directory.wrongKey` and `directory.damagedSecret`, both 500. */
  open(sealed: string, place: SecretPlace): string;
}

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const algorithm = 'aes-256-gcm';

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. A sealed text is `v1.{key name}.{nonce, ciphertext, tag}`; the key
 * name is a fingerprint of the key, so that a wrong key can be told from a damaged text. Random nonces are good for 2^32 seals.
 * Throws `directory.badKey` unless the key has 32 bytes.
 */
export function createSecretBox(key: Buffer): SecretBox {
  if (key.length !== keyBytes) throw faults.badKey({ expected: keyBytes, given: key.length });
  // Derived, so that the same master key can serve other purposes (RFC 5869 §3.2).
  const sealing = Buffer.from(hkdfSync('sha256', key, '', 'usher secret box v1', keyBytes));
  const keyName = createHmac('sha256', key).update('usher key name').digest('base64url').slice(0, 8);
  return {
    seal(secret, place) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, sealing, nonce).setAAD(bind(place));
      const parts = [nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()];
      return `v1.${keyName}.${Buffer.concat(parts).toString('base64url')}`;
    },
    open(sealed, place) {
      const [version, name, text] = sealed.split('.');
      if (version !== 'v1' || !name || !text) throw faults.damagedSecret();
      if (name !== keyName) throw faults.wrongKey();
      return openWith(sealing, Buffer.from(text, 'base64url'), place);
    },
  };
}

function openWith(sealing: Buffer, bytes: Buffer, place: SecretPlace): string {
  if (bytes.length < nonceBytes + tagBytes) throw faults.damagedSecret();
  const decipher = createDecipheriv(algorithm, sealing, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
    .setAAD(bind(place))
    .setAuthTag(bytes.subarray(-tagBytes));
  try {
    const start = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
    return Buffer.concat([start, decipher.final()]).toString('utf8');
  } catch (cause) {
    throw faults.damagedSecret({}, cause);
  }
}

/** JSON, so that no two places give the same bytes. */
const bind = (place: SecretPlace): Buffer => Buffer.from(JSON.stringify(place), 'utf8');
