import type { KeyObject } from 'node:crypto';
import type { EpochSeconds } from '../kernel/index.ts';
import { decodeJwt, isSignedBy, type Jwt } from './jwt.ts';
import type { Keys, PublicKey } from './keys.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** The one of the keys that has signed it, expired or not; undefined when none has. */
export function signerOf(jwt: Jwt, keys: readonly PublicKey[]): KeyObject | undefined {
  const named = keys.find(({ kid }) => kid === jwt.kid);
  return named && isSignedBy(jwt, named.key) ? named.key : undefined;
}

/** The claims of a token, expired or not, that one of the tenant's keys has signed. Undefined: none has, or it is no token at all. */
export async function readSigned(token: string, keys: Pick<Keys, 'ring'>): Promise<Claims | undefined> {
  const jwt = decodeJwt(token);
  return jwt && signerOf(jwt, (await keys.ring(jwt.kid)).known) ? jwt.payload : undefined;
}

/** Seconds that this server's clock may have been set back by since it made a token; as many as clients of Microsoft's allow for. */
const setBackAtMost = 300;

/** Within its time (RFC 7519 §4.1.4, §4.1.5); every access token of ours says both ends of it. */
export const isCurrent = ({ exp, nbf }: Claims, now: EpochSeconds): boolean =>
  typeof exp === 'number' && typeof nbf === 'number' && nbf <= now + setBackAtMost && now < exp;
