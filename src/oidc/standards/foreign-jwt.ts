import { constants, type KeyObject, verify } from 'node:crypto';
import type { TakenApart } from '../jwt.ts';

/** Signature algorithms that clients may use (RFC 7518 §3.1, RFC 8037); the second list is that of FAPI 2.0 §5.4. */
export const clientAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
export const strongAlgorithms = ['PS256', 'ES256', 'EdDSA'] as const satisfies readonly ClientAlgorithm[];

export type ClientAlgorithm = (typeof clientAlgorithms)[number];

/** What a key must be, so that no algorithm is used with a key of another kind. */
const fits: Readonly<Record<ClientAlgorithm, (key: KeyObject) => boolean>> = {
  RS256: isStrongRsa,
  PS256: isStrongRsa,
  ES256: ({ asymmetricKeyDetails }) => asymmetricKeyDetails?.namedCurve === 'prime256v1',
  EdDSA: ({ asymmetricKeyType }) => asymmetricKeyType === 'ed25519',
};

function isStrongRsa({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
}

const checks: Readonly<Record<ClientAlgorithm, (data: Buffer, key: KeyObject, signature: Buffer) => boolean>> = {
  RS256: (data, key, signature) => verify('sha256', data, key, signature),
  PS256: (data, key, signature) =>
    verify('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, signature),
  ES256: (data, key, signature) => verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature),
  EdDSA: (data, key, signature) => verify(null, data, key, signature),
};

/** The algorithm a JWT says it is signed with, if it is one of those allowed; `none` and symmetric ones never are. */
export const algorithmOf = (
  { header }: TakenApart,
  allowed: readonly ClientAlgorithm[] = clientAlgorithms,
): ClientAlgorithm | undefined => allowed.find((one) => one === header['alg']);

/** Whether this very key has made the signature. */
export function isMadeWith({ signed, signature }: TakenApart, algorithm: ClientAlgorithm, key: KeyObject): boolean {
  return key.type === 'public' && fits[algorithm](key) && checks[algorithm](Buffer.from(signed), key, signature);
}
