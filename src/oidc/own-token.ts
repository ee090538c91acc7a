import type { EpochSeconds } from '../kernel/index.ts';
import { decodeJwt, isSignedBy, type Jwt } from './jwt.ts';
import type { KeyRing } from './keys.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** Whether one of the tenant's keys has signed it; expired or not. */
export function isOurs(jwt: Jwt, { published }: KeyRing): boolean {
  const key = published.find(({ kid }) => kid === jwt.kid);
  return key !== undefined && isSignedBy(jwt, key.key);
}

/** The claims of a token that `isOurs`. Undefined: it is not, or is no token at all. */
export function readSigned(token: string, ring: KeyRing): Claims | undefined {
  const jwt = decodeJwt(token);
  return jwt && isOurs(jwt, ring) ? jwt.payload : undefined;
}

/** Within its time (RFC 7519 §4.1.4, §4.1.5); every access token of ours says both ends of it. */
export const isCurrent = ({ exp, nbf }: Claims, now: EpochSeconds): boolean =>
  typeof exp === 'number' && typeof nbf === 'number' && nbf <= now && now < exp;
