import { createHash } from 'node:crypto';
import type { EpochSeconds } from '../../kernel/index.ts';
import { isMembers, type Members } from '../oauth2-answer.ts';
import { Untrusted } from './refusals.ts';

/** Seconds by which the clocks of two servers may differ. */
export const skew = 60;

/** What an ID token that is signed and meant for us is held against besides. */
export interface Circumstances {
  readonly clientId: string;
  readonly now: EpochSeconds;
  /** When the person was sent to the provider, if they had to prove themselves anew. */
  readonly askedAnewAt?: EpochSeconds;
  /** What came with the token. */
  readonly accessToken?: string;
  readonly code?: string;
}

/** Bits of the hash by the algorithm of the signature: `RS256`, `ES384`, …; EdDSA uses SHA-512. */
const hashOf = (alg: unknown): string => `sha${/(256|384|512)$/.exec(String(alg))?.[1] ?? '512'}`;

function halfHash(value: string, alg: unknown): string {
  const whole = createHash(hashOf(alg)).update(value).digest();
  return whole.subarray(0, whole.length / 2).toString('base64url');
}

export function headerOf(idToken: string): Members {
  const header: unknown = JSON.parse(Buffer.from(idToken.split('.', 1)[0] ?? '', 'base64url').toString());
  return isMembers(header) ? header : {};
}

/** Throws `Untrusted`. OpenID Connect Core §3.1.3.6 to §3.1.3.8, §3.3.2.11. */
export function checkClaims(claims: Members, header: Members, circumstances: Circumstances): void {
  const { clientId, now, askedAnewAt, accessToken, code } = circumstances;
  const { iat, azp, at_hash: accessTokenHash, c_hash: codeHash, auth_time: provedAt } = claims;
  if (typeof iat !== 'number' || iat > now + skew) throw new Untrusted('the ID token was issued in the future');
  if (azp !== undefined && azp !== clientId) throw new Untrusted('the ID token is for another party');
  const { alg } = header;
  if (accessToken !== undefined && accessTokenHash !== undefined && accessTokenHash !== halfHash(accessToken, alg)) {
    throw new Untrusted('the ID token belongs to another access token');
  }
  if (code !== undefined && codeHash !== undefined && codeHash !== halfHash(code, alg)) {
    throw new Untrusted('the ID token belongs to another code');
  }
  if (askedAnewAt !== undefined && typeof provedAt === 'number' && provedAt < askedAnewAt - skew) {
    throw new Untrusted('the person did not prove themselves anew');
  }
}
