import { generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto';

/** The key of an application, with which it signs assertions (RFC 7523) and proofs (RFC 9449) by ES256. */
export interface ClientKey {
  readonly jwk: JsonWebKey;
  /** A JWT of these claims. */
  sign(claims: object, header?: object): string;
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export function newClientKey(): ClientKey {
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    jwk: publicKey.export({ format: 'jwk' }),
    sign(claims, header = {}) {
      const data = `${part({ alg: 'ES256', ...header })}.${part(claims)}`;
      return `${data}.${sign('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    },
  };
}
