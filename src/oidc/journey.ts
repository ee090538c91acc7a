import { journeyCookie, journeyPath, type StandingSession, type Start } from '../flows/index.ts';
import { type Reply, redirect, serializeCookie } from '../http/index.ts';
import { mayRestOnSession, maySkip, segmentOf } from './authority.ts';
import { type Attempt, newWaiting, resumeCookie } from './authorization.ts';
import type { TenantContext, Visit } from './context.ts';
import type { ErrorCode } from './dialect/errors.ts';
import { mountOf } from './dialect/route.ts';
import { refusalFault } from './journey-result.ts';
import { lifetimes } from './lifetimes.ts';
import { uiLocales } from './locales.ts';
import { senderOf } from './sender.ts';
import { isCurrent, isOtherPerson, isTooOld } from './session-checks.ts';
import type { Payload } from './token-form.ts';

/** The session that a journey of this request may rest on; undefined: it begins with nobody. */
function sessionFor(attempt: Attempt, { clock }: TenantContext): StandingSession | undefined {
  const { proof, authority, person, request } = attempt;
  if (!proof || !mayRestOnSession(authority) || request.prompt === 'login') return undefined;
  if (!isCurrent(person) || isTooOld(attempt, clock) || isOtherPerson(attempt)) return undefined;
  const { userId, authTime, amr, kept, sid, foreign } = proof;
  return { userId, authTime, amr, keepSignedIn: kept, sid, ...(foreign ? { foreign } : {}) };
}

function beginning(attempt: Attempt, { exchange, stamp }: Visit, { clock }: TenantContext) {
  const { request, app } = attempt;
  const { loginHint, ticket } = request;
  const { flowId, pageFlavor, domainHint } = ticket;
  return {
    flowId,
    client: { appId: app.appId, displayName: app.displayName ?? '' },
    ...(loginHint === undefined ? {} : { loginHint }),
    ...(domainHint === undefined ? {} : { domainHint }),
    // The session of a provider is as old as it likes.
    ...(request.prompt === 'login' || isTooOld(attempt, clock) ? { isFresh: true } : {}),
    uiLocales: uiLocales(request.uiLocales),
    ...senderOf(exchange),
    ...(pageFlavor === undefined ? {} : { pageFlavor }),
    correlationId: stamp.correlationId,
  } satisfies Omit<Start, 'hostRef' | 'session'>;
}

/** Starts the journey and tells the browser the way to its first page. Request and journey are kept in one commit. */
export async function startJourney(attempt: Attempt, visit: Visit, context: TenantContext): Promise<Reply> {
  const { exchange, route, authority } = visit;
  const { tenant } = context;
  const mount = mountOf(route, segmentOf(authority));
  const waiting = newWaiting(`${exchange.url.origin}${mount}/oauth2/v2.0/authorize`);
  const session = sessionFor(attempt, context);
  const start = { ...beginning(attempt, visit, context), hostRef: waiting.id, ...(session ? { session } : {}) };
  const { journeyId, browserSecret } = await context.flows().start(start, [waiting.keeping(attempt.request)]);
  const path = journeyPath(tenant.id, journeyId);
  const resuming = {
    path: new URL(waiting.returnTo).pathname,
    sameSite: 'Lax',
    maxAgeSeconds: lifetimes.interaction,
  } as const;
  return redirect(path, {
    'set-cookie': [
      serializeCookie(journeyCookie, browserSecret, { path, sameSite: 'Lax' }),
      serializeCookie(resumeCookie(tenant.id), waiting.secret, resuming),
    ],
  });
}

/** What is said of a request that no page may be shown for, and what an API has said where none is needed. */
export interface Verdict {
  /** The code of b2c contract b.6; undefined: nobody has to walk the flow. */
  readonly toWalk?: ErrorCode;
  /** In place of the claims of the directory. */
  readonly tokenClaims?: Payload;
}

/**
 * Whether the flow has something to show to a person whom the session knows: single sign-on must not pass by what protects
 * the flow. Throws the refusal that the flow comes to.
 */
async function glided(attempt: Attempt, visit: Visit, context: TenantContext): Promise<Verdict> {
  const session = sessionFor(attempt, context);
  if (!session) return {};
  const ending = await context.flows().glide({ ...beginning(attempt, visit, context), session });
  if (ending.kind === 'refuse') throw refusalFault(ending.refusal, ending.detail);
  if (ending.kind === 'page') return { toWalk: 'AADSTS50076' };
  const { tokenClaims } = ending.arrival;
  return tokenClaims === undefined ? {} : { tokenClaims };
}

/**
 * Why a person must walk the flow (b2c contract b.6). Nobody is asked to consent: permissions are an administrator's, for all users
 * (b2c contract b.2). Throws the refusal that the flow comes to.
 */
export async function judge(attempt: Attempt, visit: Visit, context: TenantContext): Promise<Verdict> {
  const { person, request, authority } = attempt;
  const hasArrived = person?.arrived !== undefined;
  if (request.prompt === 'login' && !hasArrived) return { toWalk: 'AADB2C90077' };
  if (!isCurrent(person)) return { toWalk: 'AADB2C90077' };
  if (hasArrived) return { tokenClaims: person.arrived?.tokenClaims ?? {} };
  if (!maySkip(authority)) return { toWalk: 'AADB2C90077' };
  if (isTooOld(attempt, context.clock)) return { toWalk: 'AADB2C90121' };
  if (isOtherPerson(attempt)) return { toWalk: 'AADSTS16000' };
  return glided(attempt, visit, context);
}
