import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Exchange } from '../../http/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { Ephemeral } from '../../store/index.ts';
import { standardFaults } from '../dialect/standard-errors.ts';
import { type TakenApart, takeApart } from '../jwt.ts';
import { algorithmOf, isMadeWith } from './foreign-jwt.ts';
import { isFirstUse } from './shown-once.ts';

/** Seconds by which the time of a proof may differ from ours, either way (RFC 9449 §11.1). */
const window = 60;

const refused = (reason: string) => standardFaults.proofRefused({ reason });

type Jwk = Readonly<Record<string, unknown>>;

/** What a thumbprint is made of, by type of key, in the order of the alphabet (RFC 7638 §3.2, RFC 8037 §2). */
const essential: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['OKP', ['crv', 'kty', 'x']],
  ['RSA', ['e', 'kty', 'n']],
]);

/** RFC 7638: SHA-256 over the members that make the key, and no others. */
function thumbprintOf(jwk: Jwk): string {
  const members = (essential.get(jwk['kty']) ?? []).map((name) => [name, jwk[name]] as const);
  return createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(members)))
    .digest('base64url');
}

const isJwk = (value: unknown): value is Jwk => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The key in the header: public, or the client has given its secret away. Throws `oidc.proofRefused`. */
function keyIn({ header: { jwk } }: TakenApart): { readonly key: KeyObject; readonly thumbprint: string } {
  if (!isJwk(jwk) || !essential.has(jwk['kty']) || 'd' in jwk) throw refused('it has no public key');
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    // As Node writes it again, so that one key has one thumbprint however it was spelled.
    return { key, thumbprint: thumbprintOf(key.export({ format: 'jwk' }) as Jwk) };
  } catch {
    throw refused('it has no public key');
  }
}

/** The address without query and fragment (RFC 9449 §4.3 no. 9). */
function isThis(htu: unknown, { url }: Exchange): boolean {
  const named = typeof htu === 'string' ? URL.parse(htu) : null;
  return named !== null && named.origin === url.origin && named.pathname === url.pathname;
}

export interface ProofServices {
  readonly clock: Clock;
  readonly ephemeral: Ephemeral;
}

/**
 * The thumbprint of the key that a request proves to come from (RFC 9449 §4.3): signed by the key in the proof, for this method and
 * address, now, once, and with a `token` for that one. Throws `oidc.proofRefused`, also when there is no proof.
 */
export async function readProof(
  exchange: Exchange,
  { clock, ephemeral }: ProofServices,
  token?: string,
): Promise<string> {
  const sent = exchange.headers['dpop'];
  const jwt = typeof sent === 'string' ? takeApart(sent) : undefined;
  if (sent === undefined) throw refused('the DPoP header is missing');
  if (jwt?.header['typ'] !== 'dpop+jwt' || 'crit' in jwt.header) throw refused("it is not one JWT of type 'dpop+jwt'");
  const algorithm = algorithmOf(jwt);
  if (!algorithm) throw refused('its algorithm is not allowed');
  const { key, thumbprint } = keyIn(jwt);
  if (!isMadeWith(jwt, algorithm, key)) throw refused('it is not signed with the key in it');
  const { htm, htu, iat, ath, jti } = jwt.payload;
  if (htm !== exchange.method) throw refused('htm is another method');
  if (!isThis(htu, exchange)) throw refused('htu is another address');
  if (typeof iat !== 'number' || Math.abs(clock.now() - iat) > window) throw refused('iat is not now');
  const expected = token === undefined ? undefined : createHash('sha256').update(token).digest('base64url');
  if (expected !== undefined && ath !== expected) throw refused('ath is of another token');
  const shown = { signer: `dpop ${thumbprint}`, jti, seconds: 2 * window + 1 };
  if (!(await isFirstUse(ephemeral, shown))) throw refused('jti is missing or was used before');
  return thumbprint;
}
