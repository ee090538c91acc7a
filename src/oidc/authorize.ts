import { jsonReply, parseCookies, type Reply, serializeCookie } from '../http/index.ts';
import { Fault } from '../kernel/index.ts';

import { tooManySignIns } from './admission.ts';
import { answerAttempt, refuseAttempt } from './answer.ts';
import { approve, unknownClient } from './approve.ts';
import type { Authority } from './authority.ts';
import { type AuthorizationRequest, type Person, resumeCookie, takeWaiting } from './authorization.ts';
import type { Application } from './clients.ts';
import { belongingAt, issuerAt, type TenantContext, type Visit } from './context.ts';
import { type AuthorizeRequest, modeOf, readAuthorizeRequest } from './dialect/authorize-request.ts';
import { codeOf, refusal } from './dialect/errors.ts';
import { assertShort, type Params, readParams } from './dialect/params.ts';
import type { Platform } from './dialect/redirect-uri.ts';
import { errorMembers, respond, type Target, withMoreCookies } from './dialect/response.ts';
import { type JourneyResult, resultFault } from './journey-result.ts';
import { readSigned } from './own-token.ts';
import type { Proof } from './session-jars.ts';
import { standingAt } from './sessions.ts';
import { noteRefused } from './sign-in-events.ts';
import { assertPushed, requestedParams } from './standards/pushed-params.ts';

/** Who asks and where the answer goes: what must be right before anything is redirected. */
export interface Asker {
  readonly app: Application;
  readonly platform: Platform;
  readonly target: Target;
}

/** What the answer itself is made of: too long, and there is nobody who could be answered. */
const forTheAnswer = ['client_id', 'redirect_uri', 'state'];

/**
 * In the order of b2c contract b.1. Throws 90051 (the flow exchanges passwords and has no pages), 90122, 90008 and what `approve`
 * throws: shown, never redirected.
 */
export async function identify(params: Params, authority: Authority, context: TenantContext): Promise<Asker> {
  if (authority.kind === 'resourceOwner') throw refusal('AADB2C90051');
  assertShort(params, forTheAnswer);
  const clientId = params.get('client_id');
  if (clientId === undefined) throw refusal('AADB2C90008');
  const { app, uri, platform } = await approve(clientId, params.get('redirect_uri'), context);
  const state = params.get('state');
  return {
    app,
    platform,
    target: { redirectUri: uri, mode: modeOf(params), ...(state === undefined ? {} : { state }) },
  };
}

/** The request as it is kept while a journey is walked. */
function settled(
  params: Params,
  { app, target }: Asker,
  { types, prompt, ticket, challenge }: AuthorizeRequest,
): AuthorizationRequest {
  const [nonce, loginHint, uiLocales] = [params.get('nonce'), params.get('login_hint'), params.get('ui_locales')];
  return {
    appId: app.appId,
    target,
    types,
    ticket,
    ...(prompt === undefined ? {} : { prompt }),
    // Who asks for no ID token gets no nonce back.
    ...(nonce === undefined || !ticket.openid ? {} : { nonce }),
    ...(challenge === undefined ? {} : { challenge }),
    ...(loginHint === undefined ? {} : { loginHint }),
    ...(uiLocales === undefined ? {} : { uiLocales }),
  };
}

/**
 * Whom an `id_token_hint` names. User flows know no hint; silent renewals of generic clients send it to say whom they
 * expect to find. One that is not this tenant's, this client's and this issuer's names nobody.
 */
async function hinted(
  params: Params,
  clientId: string,
  issuer: string,
  { keys }: TenantContext,
): Promise<string | undefined> {
  const hint = params.get('id_token_hint');
  if (hint === undefined) return undefined;
  const claims = await readSigned(hint, keys);
  return claims?.['iss'] === issuer && claims['aud'] === clientId ? text(claims['oid']) : undefined;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Of what is shown to the person alone, only this is an application's sign-in that was refused; the rest is no request of it. */
async function noteShut(visit: Visit, context: TenantContext, params: Params, failure: Fault): Promise<void> {
  if (codeOf(failure) !== 'AADB2C90092') return;
  const app = await context.clients.find(params.get('client_id') ?? '');
  if (app) await noteRefused(visit, context, app, failure, isSilent(params));
}

const isSilent = (params: Params): boolean => params.get('prompt') === 'none';

/** What the request says, with the choices of the tenant. Throws what `readAuthorizeRequest` throws. */
export async function settleRequest(
  params: Params,
  asker: Asker,
  { authority, stamp: { correlationId } }: Visit,
  context: TenantContext,
): Promise<AuthorizeRequest> {
  const { clients } = context;
  const { allowPlainPkce: plainPkce } = await context.identity.settings();
  const belonging = await belongingAt(authority, asker.app.appId, context);
  return readAuthorizeRequest(params, { ...asker, authority, clients, plainPkce, belonging, correlationId });
}

/** Authorization request (b2c contract b.1). Throws what has to be shown on a page; all else is sent to the application. */
export async function authorize(visit: Visit, context: TenantContext): Promise<Reply> {
  const { exchange, authority, stamp } = visit;
  const { sessions, clock } = context;
  if (exchange.method !== 'GET' && exchange.method !== 'POST') return jsonReply(405, {}, { allow: 'GET, POST' });
  const { params, pushed } = await requestedParams(await readParams(exchange), authority, context);
  const asker = await identify(params, authority, context).catch(async (error: unknown) => {
    if (error instanceof Fault) await noteShut(visit, context, params, error);
    throw error;
  });
  const tooMany = tooManySignIns(visit, context);
  if (tooMany) return respond(asker.target, { ...errorMembers(tooMany, stamp), iss: issuerAt(visit, context) });
  let request: AuthorizeRequest;
  try {
    assertPushed(asker.app, pushed);
    request = await settleRequest(params, asker, visit, context);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    await noteRefused(visit, context, asker.app, error, isSilent(params));
    return respond(asker.target, { ...errorMembers(error, stamp), iss: issuerAt(visit, context) });
  }
  const { session: browser, cookies } = await sessions.settle(await sessions.open(exchange.headers.cookie), authority);
  const { app } = asker;
  const proof = standingAt(browser, { authority, clientId: app.appId }, clock.now());
  const expected = await hinted(params, app.appId, issuerAt(visit, context), context);
  const ticket = expected === undefined ? request.ticket : { ...request.ticket, expectedUserId: expected };
  const attempt = { request: settled(params, asker, { ...request, ticket }), authority, app, browser };
  const known = proof && { proof, person: await personBy(proof, context) };
  return withMoreCookies(await answerAttempt({ ...attempt, ...known }, visit, context), cookies);
}

/** Whom the session in the browser names. */
async function personBy({ userId, authTime, amr, kept, foreign }: Proof, { identity }: TenantContext): Promise<Person> {
  const user = await identity.find(userId);
  return { userId, user, authTime, amr, kept, ...(foreign ? { foreign } : {}) };
}

/** Whom a journey has proved. */
async function personFrom(
  { login, keepSignedIn, newUser, tokenClaims, foreign }: JourneyResult,
  { identity }: TenantContext,
): Promise<Person | undefined> {
  if (!login) return undefined;
  const { accountId: userId, ts: authTime, amr } = login;
  const arrived = { newUser: newUser === true, tokenClaims };
  const who = { userId, user: await identity.find(userId), authTime, amr, kept: keepSignedIn === true, arrived };
  return foreign ? { ...who, foreign } : who;
}

/** Back from the journey: the request that has waited is answered. Throws 90046. */
export async function resume(visit: Visit, context: TenantContext): Promise<Reply> {
  const { exchange, route, authority } = visit;
  const { sessions, tenant, store, clients } = context;
  const name = resumeCookie(tenant.id);
  const waiting = { id: route.uid ?? '', secret: parseCookies(exchange.headers.cookie).get(name) };
  const { request, result } = await takeWaiting(waiting, authority, store.ephemeral);
  const browser = await sessions.open(exchange.headers.cookie);
  const app = await clients.find(request.appId);
  if (!app) throw unknownClient(request.appId, context);
  const person = result && (await personFrom(result, context));
  const attempt = { request, authority, app, browser, ...(person ? { person } : {}) };
  const reply = result?.refused
    ? await refuseAttempt(attempt, resultFault(result.refused), visit, context)
    : await answerAttempt(attempt, visit, context);
  const over = serializeCookie(name, '', { path: exchange.url.pathname, maxAgeSeconds: 0 });
  return withMoreCookies(reply, [over]);
}
