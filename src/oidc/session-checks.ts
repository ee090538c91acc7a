import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '../kernel/index.ts';
import { callOf } from './call.ts';
import { readTicket, ticketParameter } from './ticket.ts';

/** Whole seconds, since a user made in this second may sign in in it. */
export const wholeSeconds = (dateTime: string | null | undefined): number =>
  dateTime ? Math.floor(Date.parse(dateTime) / 1000) : 0;

/** Signed in by this very request: the journey has just ended. */
export const hasArrived = ({ oidc }: KoaContextWithOIDC): boolean => oidc.result?.login !== undefined;

/** A session counts only while its account exists, is enabled, and was not told to sign in anew. */
export function isCurrentSession(ctx: KoaContextWithOIDC): boolean {
  const { session } = ctx.oidc;
  const { user } = callOf(ctx);
  if (!session?.accountId || !user || user.accountEnabled === false) return false;
  return (session.loginTs ?? 0) >= wholeSeconds(user.signInSessionsValidFromDateTime);
}

/** Older than the application's `max_age` allows (OpenID Connect Core §3.1.2.1). */
export function isTooOld(ctx: KoaContextWithOIDC, clock: Clock): boolean {
  const { maxAge } = readTicket(ctx.oidc.params?.[ticketParameter]);
  if (maxAge === undefined || hasArrived(ctx)) return false;
  // Zero is another way to ask for a new sign-in, also within the second.
  return maxAge === 0 || clock.now() - (ctx.oidc.session?.loginTs ?? 0) > maxAge;
}

/** Not whom the application's `id_token_hint` names. */
export function isOtherPerson(ctx: KoaContextWithOIDC): boolean {
  const { expectedUserId } = readTicket(ctx.oidc.params?.[ticketParameter]);
  return !hasArrived(ctx) && expectedUserId !== undefined && expectedUserId !== ctx.oidc.session?.accountId;
}
