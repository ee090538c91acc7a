import {
  createHash,
  createHmac,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto';
import type { Mischief } from './mischief.ts';

export type Claims = Readonly<Record<string, unknown>>;

export interface ProviderKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: JsonWebKey;
}

export function createKey(): ProviderKey {
  const kid = randomUUID();
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' };
  return { kid, privateKey, publicKey, jwk };
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const halfHash = (value: string): string =>
  createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url');

/** What an ID token is made of. */
export interface Issue {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly nonce: string | undefined;
  readonly person: Claims;
  readonly now: number;
  readonly accessToken?: string;
  readonly code?: string;
}

function claimsOf(issue: Issue, mischief: Mischief | undefined): Claims {
  const { issuer, clientId, nonce, person, now, accessToken, code } = issue;
  const right = {
    iss: issuer,
    aud: clientId,
    iat: now,
    exp: now + 300,
    auth_time: now,
    nonce,
    ...(accessToken === undefined ? {} : { at_hash: halfHash(accessToken) }),
    ...(code === undefined ? {} : { c_hash: halfHash(code) }),
    ...person,
  };
  const wrong: Partial<Record<Mischief, Claims>> = {
    wrongNonce: { nonce: 'somebody-else' },
    absentNonce: { nonce: undefined },
    otherIssuer: { iss: 'https://another.example' },
    otherAudience: { aud: 'somebody-else' },
    moreAudiences: { aud: [clientId, 'somebody-else'] },
    otherParty: { azp: 'somebody-else' },
    expired: { iat: now - 7_200, exp: now - 3_600 },
    issuedTomorrow: { iat: now + 86_400, exp: now + 90_000 },
    absentSubject: { sub: undefined },
    absentIssuer: { iss: undefined },
    absentAudience: { aud: undefined },
    absentExpiry: { exp: undefined },
    absentIssueTime: { iat: undefined },
    wrongAccessTokenHash: { at_hash: halfHash('somebody-else') },
    wrongCodeHash: { c_hash: halfHash('somebody-else') },
  };
  return { ...right, ...(mischief && wrong[mischief]) };
}

const hmac = (data: string, secret: string): string => createHmac('sha256', secret).update(data).digest('base64url');

const rsa = (data: string, { privateKey }: ProviderKey): string =>
  sign('sha256', Buffer.from(data), privateKey).toString('base64url');

/** An ID token (OpenID Connect Core §2), wrong in the one way that is asked for. */
export function idToken(issue: Issue, key: ProviderKey, mischief: Mischief | undefined): string {
  const payload = part(claimsOf(issue, mischief));
  const signed = (header: Claims, signature: (data: string) => string): string => {
    const data = `${part({ typ: 'JWT', ...header })}.${payload}`;
    return `${data}.${signature(data)}`;
  };
  const { kid } = key;
  switch (mischief) {
    case 'algNone':
      return signed({ alg: 'none' }, () => '');
    case 'hmacWithPublicKey':
      return signed({ alg: 'HS256', kid }, (data) =>
        hmac(data, key.publicKey.export({ type: 'spki', format: 'pem' }).toString()),
      );
    case 'hmacWithClientSecret':
      return signed({ alg: 'HS256' }, (data) => hmac(data, issue.clientSecret));
    case 'unknownKey':
      return signed({ alg: 'RS256', kid: randomUUID() }, (data) => rsa(data, createKey()));
    case 'forged':
      return signed({ alg: 'RS256', kid }, (data) => rsa(data, createKey()));
    case 'encrypted':
      return `${part({ alg: 'RSA-OAEP', enc: 'A256GCM', kid })}.a.b.${payload}.c`;
    default:
      return signed({ alg: 'RS256', kid }, (data) => rsa(data, key));
  }
}
