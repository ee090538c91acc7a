import { digest, type EpochSeconds } from '../../kernel/index.ts';
import type { Ephemeral } from '../../store/index.ts';
import { issuerOf, segmentOf } from '../authority.ts';
import type { TenantContext, Visit } from '../context.ts';
import { type Claims, isCurrent, readSigned } from '../own-token.ts';

/** An access token of this very authority: ID tokens are signed with the same keys, but have no `azp`. */
export async function readAccessToken(
  token: string,
  { exchange, authority }: Visit,
  { keys, clock, tenant }: TenantContext,
): Promise<Claims | undefined> {
  const claims = await readSigned(token, keys);
  if (!claims || !isCurrent(claims, clock.now()) || typeof claims['azp'] !== 'string') return undefined;
  const { iss, tfp, acr } = claims;
  const ours = iss === issuerOf(exchange.url.origin, tenant.id, authority) && (tfp ?? acr) === segmentOf(authority);
  return ours ? claims : undefined;
}

const revoked = 'oidc.Grant' as const;

/** Remembers until it would have ended by itself that an access token was taken back (RFC 7009). */
export async function revokeAccessToken(ephemeral: Ephemeral, token: string, ttlSeconds: EpochSeconds): Promise<void> {
  await ephemeral.put(revoked, { id: digest(token), payload: { revoked: true }, ttlSeconds: Math.max(ttlSeconds, 1) });
}

/** Names the grant an access token came from, by the name its revocation is remembered under. */
export const grantClaim = (family: string): Claims => ({ grant: digest(family) });

/** Taken back itself, or with the grant it came from. */
export async function isAccessTokenRevoked(ephemeral: Ephemeral, token: string, { grant }: Claims): Promise<boolean> {
  if (typeof grant === 'string' && (await ephemeral.get(revoked, grant))) return true;
  return (await ephemeral.get(revoked, digest(token))) !== undefined;
}
