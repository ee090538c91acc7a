import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { type Flows, journeyCookie, journeyPath, type StandingSession, type Start } from '../flows/index.ts';
import { serializeCookie } from '../http/index.ts';
import { type Clock, digest } from '../kernel/index.ts';
import { mayRestOnSession } from './authority.ts';
import { callOf } from './call.ts';
import type { Clients } from './clients.ts';
import { engineRefusal } from './host.ts';
import { uiLocales } from './locales.ts';
import { isCurrentSession, isOtherPerson, isTooOld } from './session-checks.ts';
import { readTicket, ticketParameter } from './ticket.ts';
import { withAnswers } from './token-form.ts';

export interface JourneyServices {
  readonly tenantId: string;
  readonly clients: Clients;
  readonly clock: Clock;
  readonly flows: () => Flows;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The session that a journey of this request may rest on; undefined: it begins with nobody. */
function sessionFor(ctx: KoaContextWithOIDC, { clock }: JourneyServices): StandingSession | undefined {
  const { proof, authority } = callOf(ctx);
  if (!proof || !mayRestOnSession(authority) || ctx.oidc.prompts.has('login')) return undefined;
  if (!isCurrentSession(ctx) || isTooOld(ctx, clock) || isOtherPerson(ctx)) return undefined;
  const { userId, authTime, amr, kept, sid, foreign } = proof;
  return { userId, authTime, amr, keepSignedIn: kept, sid, ...(foreign ? { foreign } : {}) };
}

async function beginning(
  ctx: KoaContextWithOIDC,
  { clients, clock }: JourneyServices,
): Promise<Omit<Start, 'hostRef' | 'session'>> {
  const { app: known, correlationId, acceptLanguages, sender } = callOf(ctx);
  const params = ctx.oidc.params ?? {};
  const app = known ?? (await clients.find(String(params['client_id'])));
  const loginHint = text(params['login_hint']);
  const { flowId, pageFlavor, domainHint } = readTicket(params[ticketParameter]);
  return {
    flowId,
    client: { appId: app?.appId ?? '', displayName: app?.displayName ?? '' },
    ...(loginHint === undefined ? {} : { loginHint }),
    ...(domainHint === undefined ? {} : { domainHint }),
    // The session of a provider is as old as it likes.
    ...(ctx.oidc.prompts.has('login') || isTooOld(ctx, clock) ? { isFresh: true } : {}),
    uiLocales: uiLocales(text(params['ui_locales'])),
    acceptLanguages,
    sender,
    ...(pageFlavor === undefined ? {} : { pageFlavor }),
    correlationId,
  };
}

/** Starts the journey and tells the browser the way to its first page. */
export async function startJourney(ctx: KoaContextWithOIDC, uid: string, services: JourneyServices): Promise<string> {
  const session = sessionFor(ctx, services);
  const start = { ...(await beginning(ctx, services)), hostRef: digest(uid), ...(session ? { session } : {}) };
  const { journeyId, browserSecret } = await services.flows().start(start);
  const path = journeyPath(services.tenantId, journeyId);
  ctx.append('set-cookie', serializeCookie(journeyCookie, browserSecret, { path, sameSite: 'Lax' }));
  return path;
}

/**
 * Whether the flow has something to show to a person whom the session knows: single sign-on must not pass by what protects
 * the flow. Throws `AccessDenied` with the code of the refusal that the flow comes to.
 */
export async function hasMoreToDo(ctx: KoaContextWithOIDC, services: JourneyServices): Promise<boolean> {
  const session = sessionFor(ctx, services);
  if (!session) return false;
  const ending = await services.flows().glide({ ...(await beginning(ctx, services)), session });
  if (ending.kind === 'refuse') {
    throw new errors.AccessDenied(engineRefusal(ending.refusal, ending.detail).error_description);
  }
  const call = callOf(ctx);
  // The engine has made the sign-in of the session before it asks whether there is more to do.
  if (ending.kind === 'arrive' && call.signIn) {
    call.signIn = { ...call.signIn, claims: withAnswers(call.signIn.claims, ending.arrival.tokenClaims) };
  }
  return ending.kind === 'page';
}
