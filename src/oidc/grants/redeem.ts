import type { Identity, User } from '../../identity/index.ts';
import { type Clock, type EpochSeconds, supportTime } from '../../kernel/index.ts';
import { type Authority, belongsTo, nameOf } from '../authority.ts';
import { refusal } from '../dialect/errors.ts';
import type { GrantKind, Grants, HeldGrant, NewRefreshToken } from '../records.ts';
import { wholeSeconds } from '../session-checks.ts';
import type { TokenCall } from './grant.ts';

export interface RedeemServices {
  readonly grants: Grants;
  readonly identity: Identity;
  readonly clock: Clock;
}

/** A tenant may let refresh tokens be used again for a while, for clients that repeat a request (product.md choice 5); codes never. */
async function isForgiven(
  kind: GrantKind,
  usedAt: EpochSeconds,
  { identity, clock }: RedeemServices,
): Promise<boolean> {
  if (kind !== 'oidc.RefreshToken') return false;
  const { reuseGraceSeconds } = await identity.settings();
  return clock.now() < usedAt + reuseGraceSeconds;
}

/** RFC 9700 §2.2.2, §4.14: a grant seen twice is in two hands, so all that came of it ends. */
async function assertUnused(kind: GrantKind, held: HeldGrant, services: RedeemServices): Promise<void> {
  const { grants } = services;
  const { family } = held.grant;
  const reused = held.usedAt !== undefined && !(await isForgiven(kind, held.usedAt, services));
  if (reused) await grants.revoke(family);
  if (reused || (await grants.isRevoked(family))) throw refusal('AADB2C90129');
}

/**
 * Throws 90080. The flow's window is looked at first, as it is set now: however long the grant itself would live, and also for one
 * that was made when the window was longer.
 */
function assertAlive(
  kind: GrantKind,
  { signIn, issued, expires }: HeldGrant['grant'],
  authority: Authority,
  now: EpochSeconds,
): void {
  const { window } = authority.lifetimes;
  const end = kind === 'oidc.RefreshToken' && window !== undefined ? signIn.started + window : Number.POSITIVE_INFINITY;
  const expired = (what: string, at: EpochSeconds) =>
    refusal('AADB2C90080', supportTime(now), supportTime(issued), what, supportTime(at));
  if (now >= end) throw expired('sliding window expiration', end);
  if (now >= expires) throw expired('expiration', expires);
}

/**
 * Whose grant it is; throws 90128 (gone), 90129 (disabled, or signed out everywhere since). What counts is when the person signed in: a
 * renewed token may be of the very second of that.
 */
export async function assertUser(
  { signIn }: Pick<HeldGrant['grant'], 'signIn'>,
  { identity }: RedeemServices,
): Promise<User> {
  const user = await identity.find(signIn.userId);
  if (!user) throw refusal('AADB2C90128');
  const revoked = signIn.authTime < wholeSeconds(user.signInSessionsValidFromDateTime);
  if (revoked || user.accountEnabled === false) throw refusal('AADB2C90129');
  return user;
}

/**
 * The checks a code and a refresh token have in common, in the order that tells a stranger least: known, this client's,
 * this authority's, unused, alive, the person's still. Nothing is used up yet. Throws 90090, 90279, 90088, 90129, 90080, 90128.
 */
export async function checkGrant(
  call: TokenCall,
  kind: GrantKind,
  services: RedeemServices,
): Promise<HeldGrant & { readonly authority: Authority }> {
  const { app, authority, presented } = call;
  const held = presented?.kind === kind ? presented.held : undefined;
  if (!held) throw refusal('AADB2C90090', 'The provided grant is not known');
  const { grant } = held;
  if (grant.clientId !== app.appId) throw refusal('AADB2C90279', app.appId);
  if (!belongsTo(grant.signIn, authority)) throw refusal('AADB2C90088', nameOf(grant.signIn), authority.id);
  await assertUnused(kind, held, services);
  assertAlive(kind, grant, authority, services.clock.now());
  call.user = await assertUser(grant, services);
  return { ...held, authority };
}

/**
 * Uses the grant up, and keeps the refresh token that takes its place; of two at the same moment the second ends the family. Throws 90129.
 */
export async function useUp(
  kind: GrantKind,
  held: HeldGrant,
  services: RedeemServices,
  next: NewRefreshToken | undefined,
): Promise<void> {
  const { grants, clock } = services;
  if (await grants.use(kind, held, next)) return;
  // Used before, or by another request at this moment.
  if (await isForgiven(kind, held.usedAt ?? clock.now(), services)) {
    if (next) await grants.keep('oidc.RefreshToken', next.value, next.grant);
    return;
  }
  await grants.revoke(held.grant.family);
  throw refusal('AADB2C90129');
}
