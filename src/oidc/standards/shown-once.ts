import { digest } from '../../kernel/index.ts';
import type { Ephemeral } from '../../store/index.ts';

/** Longest `jti` that is looked at. */
const longestId = 512;

/**
 * Whether a signed statement is seen for the first time: `jti` must be new among those of one signer (RFC 7523 §3 no. 7, RFC 9449
 * §11.1). Of many simultaneous uses exactly one is the first. Remembered for as long as the statement would be believed.
 */
export async function isFirstUse(
  ephemeral: Ephemeral,
  { signer, jti, seconds }: { readonly signer: string; readonly jti: unknown; readonly seconds: number },
): Promise<boolean> {
  if (typeof jti !== 'string' || jti === '' || jti.length > longestId) return false;
  return (await ephemeral.increment('oidc.Proof', digest(`${signer}\n${jti}`), Math.max(Math.ceil(seconds), 1))) === 1;
}
