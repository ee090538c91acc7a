import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyRing } from './keys.ts';
import type { SignIn } from './records.ts';

/** The claim that holds what opens the API of the provider who proved the person (b2c contract c.3). */
const claim = 'idp_access_token';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

const keyOf = ({ root }: Pick<KeyRing, 'root'>): Buffer =>
  Buffer.from(hkdfSync('sha256', root, '', 'usher tokens of foreign providers', 32));

/** At rest, between the journey and the token, nobody who has only the database can read it. */
export function sealProviderToken(token: string, ring: Pick<KeyRing, 'root'>): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, keyOf(ring), nonce);
  const body = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
}

function open(sealed: string, ring: Pick<KeyRing, 'root'>): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv(algorithm, keyOf(ring), bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
}

/** Claims with the sealed token beside them instead of among them: what an API answers cannot take its place. */
export function apart(claims: SignIn['claims']): Pick<SignIn, 'claims' | 'providerToken'> {
  const { [claim]: providerToken, ...others } = claims;
  return { claims: others, ...(typeof providerToken === 'string' ? { providerToken } : {}) };
}

/** A sign-in as tokens tell of it: with the provider's token as it was given. */
export function withProviderToken(signIn: SignIn, ring: Pick<KeyRing, 'root'>): SignIn {
  const { providerToken, claims } = signIn;
  return providerToken === undefined
    ? signIn
    : { ...signIn, claims: { ...claims, [claim]: open(providerToken, ring) } };
}
