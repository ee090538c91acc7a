import { jsonReply, type Reply, redirect } from '../http/index.ts';
import { Fault } from '../kernel/index.ts';
import { tooManySignIns } from './admission.ts';
import { type Authority, issuerOf } from './authority.ts';
import { type Call, type EngineParams, type Outcome, senderOf } from './call.ts';
import type { Application } from './clients.ts';
import { belongingAt, requestFor, type TenantContext, type Visit } from './context.ts';
import { type AuthorizeRequest, modeOf, readAuthorizeRequest } from './dialect/authorize-request.ts';
import { codeOf, readEngineError, refusal } from './dialect/errors.ts';
import { assertShort, type Params, readParams } from './dialect/params.ts';
import { allowedRedirect, type Platform } from './dialect/redirect-uri.ts';
import { errorMembers, type Members, respond, type Target, withCookies } from './dialect/response.ts';
import type { EngineAnswer } from './engine.ts';
import { formOf } from './form-of.ts';
import { readSigned } from './own-token.ts';
import { offlineScope, resourceUri } from './provider.ts';
import { replacedAt, standingAt } from './sessions.ts';
import { noteAuthorization, noteRefused } from './sign-in-events.ts';
import { assertPushed, requestedParams } from './standards/pushed-params.ts';
import { readTicket, ticketParameter, writeTicket } from './ticket.ts';

/** Who asks and where the answer goes: what must be right before anything is redirected. */
export interface Asker {
  readonly app: Application;
  readonly platform: Platform;
  readonly target: Target;
}

/** What the answer itself is made of: too long, and there is nobody who could be answered. */
const forTheAnswer = ['client_id', 'redirect_uri', 'state'];

/** The application and its redirect URI as they are now. Throws 90018, 90092, 90004 to 90007. */
async function approve(clientId: string, redirectUri: string | undefined, { clients, tenant }: TenantContext) {
  const app = await clients.find(clientId);
  if (!app) throw refusal('AADB2C90018', clientId, tenant.domains[0] ?? tenant.id);
  if (app.isDisabled === true) throw refusal('AADB2C90092', app.appId, tenant.domains[0] ?? tenant.id);
  return { app, ...allowedRedirect(app, redirectUri) };
}

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

/** Parameters that mean the same to oidc-provider and are passed on as they came; everything unknown stays here. */
const passedOn = ['state', 'login_hint', 'ui_locales', 'request', 'request_uri'];

const copied = (params: Params, names: readonly string[]): readonly (readonly [string, string])[] =>
  names.flatMap((name) => {
    const value = params.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });

/** The request in oidc-provider's terms: resource indicators in place of scopes that name an API (RFC 8707). */
function translate(
  params: Params,
  { app, target }: Asker,
  { types, prompt, ticket, challenge }: AuthorizeRequest,
): Map<string, string> {
  const resourceScopes = ticket.echo.split(' ').filter((scope) => scope !== 'openid' && scope !== 'offline_access');
  const { tokenOnly } = ticket;
  const openid = ticket.openid || tokenOnly ? ['openid'] : [];
  const scopes = [...resourceScopes, ...openid, ...(ticket.offline ? [offlineScope] : [])];
  return new Map([
    ...copied(params, passedOn),
    ...(ticket.openid && !tokenOnly ? copied(params, ['nonce']) : []),
    // An ID token needs a nonce, also one that nobody gets to see.
    ...(tokenOnly ? [['nonce', ticketParameter] as const] : []),
    ['client_id', app.appId],
    ['redirect_uri', target.redirectUri],
    ['response_type', tokenOnly ? 'id_token token' : types.join(' ')],
    ['response_mode', target.mode],
    ['scope', scopes.join(' ')],
    ...(ticket.resource ? [['resource', resourceUri(ticket.resource.appId)] as const] : []),
    ...(challenge === undefined
      ? []
      : [['code_challenge', challenge] as const, ['code_challenge_method', 'S256'] as const]),
    ...(prompt === undefined ? [] : [['prompt', prompt] as const]),
    [ticketParameter, writeTicket(ticket)],
  ]);
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
  const claims = readSigned(hint, await keys.ring());
  return claims?.['iss'] === issuer && claims['aud'] === clientId ? text(claims['oid']) : undefined;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * Where the answer goes. The parameters were checked when the request began; application and redirect URI are looked at
 * again, since a journey may last long and an administrator may have meanwhile shut the one or taken away the other.
 * Throws what `approve` throws.
 */
async function targetOf(params: EngineParams, context: TenantContext): Promise<Target | undefined> {
  const redirectUri = text(params['redirect_uri']);
  const mode = params['response_mode'];
  const state = text(params['state']);
  if (redirectUri === undefined || (mode !== 'query' && mode !== 'fragment' && mode !== 'form_post')) return undefined;
  await approve(text(params['client_id']) ?? '', redirectUri, context);
  return { redirectUri, mode, ...(state === undefined ? {} : { state }) };
}

function membersOf(
  { members }: Extract<Outcome, { kind: 'authorized' }>,
  { signIn, authority }: Call,
  tenantId: string,
): Members {
  const form = formOf(authority, tenantId);
  const code = text(members['code']);
  const idToken = text(members['id_token']);
  const accessToken = text(members['access_token']);
  return {
    code,
    id_token: signIn?.tokenOnly ? undefined : idToken,
    ...(accessToken === undefined
      ? {}
      : {
          access_token: accessToken,
          token_type: 'Bearer',
          expires_in: authority.lifetimes.token,
          scope: signIn && form.scope(signIn),
        }),
    client_info: signIn?.clientInfo ? form.clientInfo(signIn) : undefined,
    // RFC 9207: tells a client of several servers which one answered.
    iss: text(members['iss']),
  };
}

type Headers = NonNullable<Reply['headers']>;

/** What was proved is remembered, or the session that was used lives on. Resolves to the cookies that say so. */
async function keepSession(
  appId: string,
  { arrived, browser, proof, authority }: Call,
  { sessions, logoutNotices }: TenantContext,
  origin: string,
): Promise<readonly string[]> {
  if (!browser) return [];
  const place = { authority, clientId: appId };
  if (arrived) {
    logoutNotices.tell(origin, replacedAt(browser, place, arrived.userId));
    return sessions.remember(browser, place, arrived);
  }
  return proof ? sessions.touch(browser, place) : [];
}

/** As `targetOf`. That the application may not be answered any more is how the sign-in came out. */
async function notedTarget(params: EngineParams, { user }: Call, visit: Visit, context: TenantContext) {
  try {
    return await targetOf(params, context);
  } catch (failure) {
    if (failure instanceof Fault) await noteAuthorization(visit, context, { params, user, failure });
    throw failure;
  }
}

/** RFC 9207: tells a client of several servers which one answered, also when it refuses. */
const issuerAt = ({ exchange, authority }: Visit, { tenant }: TenantContext): string =>
  issuerOf(exchange.url.origin, tenant.id, authority);

/** Throws what is to be shown on a page: nobody to redirect to, or no affair of the application. */
async function refuse(
  failed: Extract<Outcome, { kind: 'failed' }>,
  call: Call,
  visit: Visit,
  context: TenantContext,
  headers: Headers,
): Promise<Reply> {
  const known = readEngineError(failed.error);
  if (!known) context.observe({ kind: 'warning', message: 'an authorization request failed', error: failed.error });
  // A flow that is stored but cannot run yet is for the person to read.
  if (known instanceof Fault && codeOf(known) === undefined) throw known;
  const target = await notedTarget(failed.params, call, visit, context);
  if (!target || (known && failed.shown)) throw refusal('AADB2C90046');
  const failure = known ?? refusal('AADB2C90085');
  await noteAuthorization(visit, context, { params: failed.params, user: call.user, failure });
  // The id of the request that began it: the journey and the sign-in log are found by it.
  const stamp = { ...visit.stamp, correlationId: readTicket(failed.params[ticketParameter]).correlationId };
  return respond(target, { ...errorMembers(failure, stamp), iss: issuerAt(visit, context) }, headers);
}

/** Turns what oidc-provider did into B2C's answer. Throws the fault that is to be shown on a page. */
async function conclude(answer: EngineAnswer, call: Call, visit: Visit, context: TenantContext): Promise<Reply> {
  const headers = withCookies(answer.cookies);
  const { outcome } = call;
  if (outcome?.kind === 'failed') return refuse(outcome, call, visit, context, headers);
  if (outcome?.kind === 'authorized') {
    const target = await notedTarget(outcome.params, call, visit, context);
    if (!target) throw refusal('AADB2C90046');
    const appId = String(outcome.params['client_id']);
    const { id: tenantId } = context.tenant;
    context.observe({ kind: 'token.issued', tenantId, flowId: call.signIn?.flowId, appId, grant: 'authorize' });
    await noteAuthorization(visit, context, { params: outcome.params, user: call.user });
    const kept = await keepSession(appId, call, context, visit.exchange.url.origin);
    return respond(target, membersOf(outcome, call, tenantId), withCookies([...answer.cookies, ...kept]));
  }
  if (answer.location === undefined) throw refusal('AADB2C90046');
  return redirect(answer.location, headers);
}

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
  const proof = standingAt(browser, { authority, clientId: asker.app.appId }, clock.now());
  const call: Call = {
    correlationId: stamp.correlationId,
    ...senderOf(exchange),
    authority,
    app: asker.app,
    redirectUri: asker.target.redirectUri,
    browser,
    ...(proof ? { proof } : {}),
  };
  const engine = await context.engineOf(exchange.url.origin, authority);
  const expected = await hinted(params, asker.app.appId, engine.issuer, context);
  const ticket = expected === undefined ? request.ticket : { ...request.ticket, expectedUserId: expected };
  const translated = translate(params, asker, { ...request, ticket });
  const path = '/oauth2/v2.0/authorize';
  const answer = await engine.run(call, requestFor(visit, { method: 'GET', path, params: translated }));
  return conclude({ ...answer, cookies: [...answer.cookies, ...cookies] }, call, visit, context);
}

/** Back from the journey: oidc-provider goes on with the request it has kept. */
export async function resume(visit: Visit, context: TenantContext): Promise<Reply> {
  const { exchange, route, authority, stamp } = visit;
  const browser = await context.sessions.open(exchange.headers.cookie);
  const call: Call = {
    correlationId: stamp.correlationId,
    ...senderOf(exchange),
    authority,
    browser,
  };
  const engine = await context.engineOf(exchange.url.origin, authority);
  const path = `/oauth2/v2.0/authorize/${route.uid ?? ''}`;
  const answer = await engine.run(call, requestFor(visit, { method: 'GET', path, params: new Map() }));
  return conclude(answer, call, visit, context);
}
