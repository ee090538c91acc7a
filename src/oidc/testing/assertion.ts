import { constants, createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { newId } from '../../kernel/index.ts';
import { encodePart } from '../jwt.ts';
import { ids, origin } from './harness.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** A client's key: signs with it, and has its public half in the forms that a server is told it in. */
export interface ClientSigner {
  readonly privateKey: KeyObject;
  readonly publicJwk: Claims;
  sign(payload: Claims, header?: Claims): string;
}

const dataOf = (payload: Claims, header: Claims): string => `${encodePart(header)}.${encodePart(payload)}`;

/** Signs whatever it is given with whatever algorithm, right or wrong. */
export function signAny(algorithm: string, key: KeyObject, payload: Claims, header: Claims): string {
  const data = dataOf(payload, { alg: algorithm, ...header });
  const options = {
    ...(algorithm === 'PS256' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {}),
    ...(algorithm === 'ES256' ? { dsaEncoding: 'ieee-p1363' as const } : {}),
  };
  const hash = algorithm === 'EdDSA' ? null : 'sha256';
  return `${data}.${sign(hash, Buffer.from(data), { key, ...options }).toString('base64url')}`;
}

const generators = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
};

export function createSigner(algorithm: keyof typeof generators = 'ES256', kid?: string): ClientSigner {
  const { privateKey, publicKey } = generators[algorithm]();
  const publicJwk = { ...publicKey.export({ format: 'jwk' }), ...(kid === undefined ? {} : { kid }) };
  return {
    privateKey: createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    publicJwk,
    sign: (payload, header = kid === undefined ? {} : { kid }) => signAny(algorithm, privateKey, payload, header),
  };
}

/** A key set as an application registers it. */
export const keySet = (...signers: readonly ClientSigner[]): string =>
  JSON.stringify({ keys: signers.map(({ publicJwk }) => publicJwk) });

export const tokenUrl = `${origin}/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/token`;

/** The claims of an assertion (RFC 7523 §3), changed by `changes`; undefined takes one away. */
export function assertionClaims(now: number, changes: Claims = {}): Claims {
  const claims = { iss: ids.web, sub: ids.web, aud: tokenUrl, jti: newId(), iat: now, exp: now + 60, ...changes };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

export const withAssertion = (assertion: string): Record<string, string> => ({
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: assertion,
});

/** Thumbprint of a public key (RFC 7638 §3) of type EC. */
export const thumbprintOf = ({ publicJwk: { crv, kty, x, y } }: ClientSigner): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
