import type { Reply } from '../http/index.ts';
import { Fault, newSecret } from '../kernel/index.ts';
import { approve } from './approve.ts';
import type { Attempt, Person } from './authorization.ts';
import { issuerAt, type TenantContext, type Visit } from './context.ts';
import { codeOf, refusal } from './dialect/errors.ts';
import { errorMembers, type Members, respond, withCookies } from './dialect/response.ts';
import { formOf } from './form-of.ts';
import { judge, startJourney } from './journey.ts';
import { halfHash, signJwt } from './jwt.ts';
import { lifetimes } from './lifetimes.ts';
import { provenanceOf, rememberedOf } from './provenance.ts';
import { apart, withProviderToken } from './provider-token.ts';
import type { SignIn } from './records.ts';
import { replacedAt, sidAt } from './sessions.ts';
import { noteAuthorization } from './sign-in-events.ts';
import { isTold, sidFor } from './standards/logout-notices.ts';
import { type Payload, withAnswers } from './token-form.ts';

/** What the person has established for this application. `sid` names their session, where one is kept. */
function signInOf(
  { request, authority, app, person }: Attempt & { readonly person: Person },
  { sid, tokenClaims }: { readonly sid: string | undefined; readonly tokenClaims: Payload | undefined },
  { clock, tenant }: TenantContext,
): SignIn {
  const { user, userId, authTime, foreign, arrived } = person;
  if (!user) throw new TypeError('a sign-in is that of an account');
  const told = apart(formOf(authority, tenant.id).claims(user, provenanceOf(foreign)));
  return {
    ...request.ticket,
    userId,
    authTime,
    started: clock.now(),
    newUser: arrived?.newUser === true,
    ...told,
    claims: withAnswers(told.claims, tokenClaims),
    ...(sid !== undefined && isTold(app) ? { sid: sidFor(sid, app.appId) } : {}),
  };
}

/** Keeps the code and resolves to it. */
async function issueCode({ request }: Attempt, signIn: SignIn, { grants, clock }: TenantContext): Promise<string> {
  const code = newSecret();
  const issued = clock.now();
  const { appId: clientId, challenge, nonce, target } = request;
  await grants.keep('oidc.AuthorizationCode', code, {
    family: newSecret(),
    clientId,
    signIn,
    issued,
    expires: issued + (signIn.codeSeconds ?? lifetimes.code),
    redirectUri: target.redirectUri,
    ...(challenge === undefined ? {} : { codeChallenge: challenge }),
    ...(nonce === undefined ? {} : { nonce }),
  });
  return code;
}

/** What goes through the browser beside the code, signed with the claims of this very moment (OpenID Connect Core §3.2.2.5, §3.3.2.5). */
async function tokensBeside(
  { request, authority }: Attempt,
  signIn: SignIn,
  code: string | undefined,
  visit: Visit,
  context: TenantContext,
): Promise<Members> {
  const { types, appId: clientId, nonce } = request;
  const [wantsToken, wantsIdToken] = [types.includes('token'), types.includes('id_token')];
  if (!wantsToken && !wantsIdToken) return {};
  const form = formOf(authority, context.tenant.id);
  const ring = await context.keys.ring();
  const told = withProviderToken(signIn, ring);
  const issue = { issuer: issuerAt(visit, context), clientId, now: context.clock.now() };
  if (wantsToken && !told.resource) throw new TypeError('an access token is for a resource');
  const accessToken =
    wantsToken && told.resource ? signJwt(ring.signing, form.accessToken(issue, told, told.resource)) : undefined;
  const bound = {
    ...(nonce === undefined ? {} : { nonce }),
    ...(code === undefined ? {} : { c_hash: halfHash(code) }),
    ...(accessToken === undefined ? {} : { at_hash: halfHash(accessToken) }),
  };
  return {
    id_token: wantsIdToken ? signJwt(ring.signing, form.idToken(issue, told, bound)) : undefined,
    ...(accessToken === undefined
      ? {}
      : {
          access_token: accessToken,
          token_type: 'Bearer',
          expires_in: authority.lifetimes.token,
          scope: form.scope(signIn),
        }),
  };
}

/** What was proved is remembered, or the session that was used lives on. Resolves to the cookies that say so. */
async function keepSession(
  { app, authority, browser, proof, person }: Attempt & { readonly person: Person },
  sid: string | undefined,
  { exchange }: Visit,
  { sessions, logoutNotices }: TenantContext,
): Promise<readonly string[]> {
  const place = { authority, clientId: app.appId };
  const { userId, authTime, amr, kept, foreign, arrived } = person;
  if (!arrived) return proof ? sessions.touch(browser, place) : [];
  if (sid === undefined) return [];
  logoutNotices.tell(exchange.url.origin, replacedAt(browser, place, userId));
  return sessions.remember(browser, place, { userId, authTime, amr, kept, sid, ...rememberedOf(foreign) });
}

/** The application gets what it asked for. Code and session are kept in one commit. */
async function authorized(
  attempt: Attempt & { readonly person: Person },
  tokenClaims: Payload | undefined,
  visit: Visit,
  context: TenantContext,
): Promise<Reply> {
  const { request, authority, browser, person } = attempt;
  const { id: tenantId } = context.tenant;
  const { appId, ticket, target } = request;
  const sid = sidAt(browser, { authority, clientId: appId }, person.userId);
  const signIn = signInOf(attempt, { sid, tokenClaims }, context);
  const [code, kept] = await Promise.all([
    request.types.includes('code') ? issueCode(attempt, signIn, context) : undefined,
    keepSession(attempt, sid, visit, context),
  ]);
  const tokens = await tokensBeside(attempt, signIn, code, visit, context);
  context.observe({ kind: 'token.issued', tenantId, flowId: ticket.flowId, appId, grant: 'authorize' });
  await noteAuthorization(visit, context, { request, user: person.user });
  const members: Members = {
    code,
    ...tokens,
    client_info: ticket.clientInfo ? formOf(authority, tenantId).clientInfo(signIn) : undefined,
    // RFC 9207: tells a client of several servers which one answered; an ID token says it itself.
    iss: tokens['id_token'] === undefined ? issuerAt(visit, context) : undefined,
  };
  return respond(target, members, withCookies(kept));
}

/**
 * Application and redirect URI are looked at again, since a journey may last long and an administrator may have meanwhile shut the one
 * or taken away the other; that is how the sign-in came out. Throws what `approve` throws.
 */
async function assertStanding({ request, person }: Attempt, visit: Visit, context: TenantContext): Promise<void> {
  try {
    await approve(request.appId, request.target.redirectUri, context);
  } catch (failure) {
    if (failure instanceof Fault) await noteAuthorization(visit, context, { request, user: person?.user, failure });
    throw failure;
  }
}

async function refuse({ request, person }: Attempt, failure: Fault, visit: Visit, context: TenantContext) {
  await noteAuthorization(visit, context, { request, user: person?.user, failure });
  // The id of the request that began it: the journey and the sign-in log are found by it.
  const stamp = { ...visit.stamp, correlationId: request.ticket.correlationId };
  return respond(request.target, { ...errorMembers(failure, stamp), iss: issuerAt(visit, context) });
}

/** Tells the application why nobody signed in. Throws what `approve` throws, which is to be shown on a page: there is nobody to tell. */
export async function refuseAttempt(
  attempt: Attempt,
  failure: Fault,
  visit: Visit,
  context: TenantContext,
): Promise<Reply> {
  await assertStanding(attempt, visit, context);
  return refuse(attempt, failure, visit, context);
}

/** A code, a page to come, or the word that there can be none without one. Throws why the flow refuses, or cannot run. */
async function decide(attempt: Attempt, visit: Visit, context: TenantContext): Promise<Reply> {
  const { toWalk, tokenClaims } = await judge(attempt, visit, context);
  const { person, request } = attempt;
  if (toWalk === undefined && person) return authorized({ ...attempt, person }, tokenClaims, visit, context);
  if (request.prompt !== 'none') return startJourney(attempt, visit, context);
  return refuse(attempt, refusal(toWalk ?? 'AADB2C90077', 'none'), visit, context);
}

/**
 * Answers an authorization request, or sends the browser on a journey to its answer. Throws what is to be shown on a page: what `approve`
 * throws, and what is no affair of the application.
 */
export async function answerAttempt(attempt: Attempt, visit: Visit, context: TenantContext): Promise<Reply> {
  await assertStanding(attempt, visit, context);
  try {
    return await decide(attempt, visit, context);
  } catch (error) {
    // What is stored but cannot run yet, and what has no room now, is for the person to read.
    if (error instanceof Fault && codeOf(error) === undefined) throw error;
    if (error instanceof Fault) return refuse(attempt, error, visit, context);
    context.observe({ kind: 'warning', message: 'an authorization request failed', error });
    return refuse(attempt, refusal('AADB2C90085'), visit, context);
  }
}
