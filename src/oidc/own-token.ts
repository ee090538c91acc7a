import { decodeJwt, isSignedBy } from './jwt.ts';
import type { KeyRing } from './keys.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** The claims of a token one of the tenant's keys has signed; expired or not. Undefined: not ours. */
export function readSigned(token: string, { published }: KeyRing): Claims | undefined {
  const jwt = decodeJwt(token);
  const key = published.find(({ kid }) => kid === jwt?.kid);
  return jwt && key && isSignedBy(jwt, key.key) ? jwt.payload : undefined;
}
