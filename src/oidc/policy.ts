import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '../kernel/index.ts';
import { type Call, callOf } from './call.ts';
import { maySkip } from './flow.ts';
import { readTicket, ticketParameter } from './ticket.ts';

const { Check, Prompt } = interactionPolicy;

/** Whole seconds, since a user made in this second may sign in in it. */
export const wholeSeconds = (dateTime: string | null | undefined): number =>
  dateTime ? Math.floor(Date.parse(dateTime) / 1000) : 0;

/** Signed in by this very request: the journey has just ended. */
const arrived = ({ oidc }: KoaContextWithOIDC): boolean => oidc.result?.login !== undefined;

/** A session counts only while its account exists, is enabled, and was not told to sign in anew. */
function sessionStands(ctx: KoaContextWithOIDC, { user }: Call): boolean {
  const { session } = ctx.oidc;
  if (!session?.accountId || !user || user.accountEnabled === false) return false;
  return (session.loginTs ?? 0) >= wholeSeconds(user.signInSessionsValidFromDateTime);
}

function tooOld(ctx: KoaContextWithOIDC, clock: Clock): boolean {
  const maxAge = ctx.oidc.params?.['max_age'];
  if (typeof maxAge !== 'string' || arrived(ctx)) return false;
  return clock.now() - (ctx.oidc.session?.loginTs ?? 0) > Number(maxAge);
}

/** `error` and `description` are what `prompt=none` is answered with (b2c contract b.6); the description is a code of the table. */
const check = (reason: string, description: string, needed: (ctx: KoaContextWithOIDC) => boolean) =>
  new Check(reason, description, 'interaction_required', needed);

/**
 * When a person must walk the flow. There is no consent prompt: permissions are an administrator's, for all users
 * (b2c contract b.2).
 */
export function interactionRules(clock: Clock): interactionPolicy.Prompt[] {
  return [
    new Prompt(
      { name: 'login', requestable: true },
      check('no_session', 'AADB2C90077', (ctx) => !sessionStands(ctx, callOf(ctx))),
      check('own_journey', 'AADB2C90077', (ctx) => {
        const { flow } = callOf(ctx);
        return !arrived(ctx) && (flow === undefined || !maySkip(flow));
      }),
      check('max_age', 'AADB2C90121', (ctx) => tooOld(ctx, clock)),
      check('other_person', 'AADB2C90077', (ctx) => {
        const { expectedUserId } = readTicket(ctx.oidc.params?.[ticketParameter]);
        return !arrived(ctx) && expectedUserId !== undefined && expectedUserId !== ctx.oidc.session?.accountId;
      }),
    ),
  ];
}
