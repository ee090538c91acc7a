import { jsonReply, type Reply } from '../http/index.ts';
import { Fault } from '../kernel/index.ts';
import { segmentOf } from './authority.ts';
import { type Call, senderOf } from './call.ts';
import type { Application } from './clients.ts';
import { requestFor, type TenantContext, type Visit } from './context.ts';
import { assertEnabled, findClient, readClientForm, readCredentials } from './credentials.ts';
import { type Headers, openToEverySpa, openToPagesOf, preflight } from './dialect/cors.ts';
import { isDefect, type PlainError, readEngineError, refusal } from './dialect/errors.ts';
import type { Params } from './dialect/params.ts';
import { type Platform, platformOf, redirectUrisOf } from './dialect/redirect-uri.ts';
import { tokenError } from './dialect/response.ts';
import { checkApplicationRequest } from './grants/client-credentials.ts';
import { checkPasswordRequest, isPasswordGrant } from './grants/password.ts';
import type { GrantKind, HeldGrant } from './records.ts';
import { noteToken } from './sign-in-events.ts';
import { provedByAssertion } from './standards/assertion.ts';
import { keyForTokens } from './standards/binding.ts';
import { assertDeviceAllowed, mustProveDevice } from './standards/device-authorization.ts';
import { deviceGrantType, isDeviceGrant } from './standards/device-grant-type.ts';
import { assertProofKind } from './standards/profile.ts';

/** What a client has shown of itself: a secret, which oidc-provider looks at, or an assertion that was found right. */
interface Shown {
  readonly secret: string | undefined;
  readonly proved: boolean;
}

/** A map, since it is asked for what a stranger sent: an object also has what every object has. */
const grantKinds: ReadonlyMap<string, readonly [GrantKind, string]> = new Map([
  ['authorization_code', ['oidc.AuthorizationCode', 'code']],
  ['refresh_token', ['oidc.RefreshToken', 'refresh_token']],
]);

interface Presented {
  readonly kind: GrantKind;
  readonly held: HeldGrant | undefined;
}

/** Throws 90083 when the parameter that carries the grant is missing. */
async function findPresented(form: Params, { grants }: TenantContext): Promise<Presented | undefined> {
  const [kind, parameter] = grantKinds.get(form.get('grant_type') ?? '') ?? [];
  if (kind === undefined || parameter === undefined) return undefined;
  const value = form.get(parameter);
  if (value === undefined) throw refusal('AADB2C90083', parameter);
  return { kind, held: await grants.find(kind, value) };
}

/** From the grant itself; failing that from the redirect URI sent, then from what the application has. */
function platformFor(app: Application, form: Params, held: HeldGrant | undefined): Platform {
  if (held && held.grant.clientId === app.appId) return held.grant.signIn.platform;
  const sent = form.get('redirect_uri');
  const matched = sent === undefined ? undefined : platformOf(app, sent);
  if (matched) return matched;
  return redirectUrisOf(app, 'web').length > 0 ? 'web' : 'publicClient';
}

/**
 * Whether there is a secret to be looked at: a grant acquired through a `web` redirect URI is redeemed with one or with an
 * assertion, all others without a secret (b2c contract b.4). Throws 90084, 90079.
 */
function mustProve(app: Application, platform: Platform, { secret, proved }: Shown): boolean {
  if (proved) return false;
  const hasSecret = secret !== undefined;
  if (platform !== 'web') {
    if (hasSecret) throw refusal('AADB2C90084');
    return false;
  }
  if (!hasSecret && app.isFallbackPublicClient === true) return false;
  if (!hasSecret) throw refusal('AADB2C90079');
  return true;
}

/** What it takes for a grant: a code or a refresh token is redeemed, a password is exchanged, an application asks for itself. */
async function callFor(
  form: Params,
  app: Application,
  shown: Shown,
  visit: Visit,
  context: TenantContext,
): Promise<Call> {
  const grantType = form.get('grant_type');
  if (grantType === undefined) throw refusal('AADB2C90083', 'grant_type');
  const { authority } = visit;
  const asked = { correlationId: visit.stamp.correlationId, ...senderOf(visit.exchange), app, authority };
  if (authority.kind === 'tenant' && grantType === 'client_credentials') {
    checkApplicationRequest(form, shown);
    return { ...asked, confidential: !shown.proved };
  }
  if (isPasswordGrant(grantType, authority)) {
    checkPasswordRequest(form, app, authority, shown.secret !== undefined || shown.proved);
    return { ...asked, confidential: false };
  }
  if (isDeviceGrant(grantType)) {
    if (!form.has('device_code')) throw refusal('AADB2C90083', 'device_code');
    assertDeviceAllowed(app, authority);
    if (mustProveDevice(app) && shown.secret === undefined && !shown.proved) throw refusal('AADB2C90079');
    return { ...asked, confidential: shown.secret !== undefined };
  }
  const presented = await findPresented(form, context);
  if (!presented) throw refusal('AADB2C90086', grantType);
  const confidential = mustProve(app, platformFor(app, form, presented.held), shown);
  return { ...asked, confidential, presented };
}

/** Throws `oidc.proofRefused`, `oidc.wrongKey`. */
async function keyMember(
  { presented, confidential }: Call,
  app: Application,
  { proved }: Shown,
  { exchange }: Visit,
  { clock, store: { ephemeral } }: TenantContext,
): Promise<Pick<Call, 'key'>> {
  const thumbprint = await keyForTokens(app, presented?.held, exchange, { clock, ephemeral });
  return thumbprint === undefined ? {} : { key: { thumbprint, refreshToo: !confidential && !proved } };
}

/** What oidc-provider says when a secret is wrong. */
function translate(error: unknown, app: Application, { observe }: TenantContext): Fault | PlainError {
  const known = readEngineError(error);
  if (known instanceof Fault) return known;
  if (known?.error === 'invalid_client') return refusal('AADB2C90081', app.appId);
  if (known) return known;
  observe({ kind: 'warning', message: 'a token request failed', error });
  return refusal('AADB2C90085');
}

async function redeem(
  form: Params,
  app: Application,
  call: Call,
  visit: Visit,
  context: TenantContext,
  cors: Headers,
): Promise<Reply> {
  const engine = await context.engineOf(visit.exchange.url.origin, visit.authority);
  const params = new Map(form);
  for (const name of ['client_id', 'client_assertion', 'client_assertion_type']) params.delete(name);
  if (isDeviceGrant(form.get('grant_type') ?? '')) params.set('grant_type', deviceGrantType);
  // Ids match in letters of any case; oidc-provider compares to the letter. With Basic it takes the one in the header.
  if (form.has('client_id') || form.has('client_assertion')) params.set('client_id', app.appId);
  await engine.run(call, requestFor(visit, { method: 'POST', path: '/oauth2/v2.0/token', params }));
  const { outcome } = call;
  if (outcome?.kind !== 'tokens') {
    const error = outcome?.kind === 'failed' ? outcome.error : undefined;
    throw translate(error, app, context);
  }
  const grant = form.get('grant_type') ?? '';
  context.observe({
    kind: 'token.issued',
    tenantId: context.tenant.id,
    flowId: call.presented?.held?.grant.signIn.flowId ?? segmentOf(visit.authority),
    appId: app.appId,
    grant,
  });
  return jsonReply(200, outcome.body, { pragma: 'no-cache', ...cors });
}

const isPlain = (error: unknown): error is PlainError =>
  typeof error === 'object' && error !== null && 'description' in error && 'error' in error && 'status' in error;

/** A device that asks whether somebody has answered; that is no sign-in which went wrong. */
const isStillWaiting = (error: Fault | PlainError): boolean =>
  error instanceof Fault && (error.code === 'oidc.authorizationPending' || error.code === 'oidc.slowDown');

/** Token endpoint (b2c contract b.4 to b.6). Pages may read the answer, good or bad, from `spa` origins only. */
export async function token(visit: Visit, context: TenantContext): Promise<Reply> {
  const { exchange, stamp } = visit;
  const { origin } = exchange.headers;
  let cors = await openToEverySpa(origin, context.clients);
  if (exchange.method === 'OPTIONS') {
    return preflight(cors, exchange.headers['access-control-request-headers'], 'POST, OPTIONS');
  }
  let asked: { readonly app: Application; readonly call?: Call } | undefined;
  try {
    const form = await readClientForm(visit, 'grant_type');
    const credentials = readCredentials(form, exchange.headers.authorization);
    const app = await findClient(credentials.clientId, context);
    asked = { app };
    cors = openToPagesOf(app, origin);
    assertEnabled(app, context);
    const shown = { ...credentials, proved: await provedByAssertion(credentials, app, visit, context) };
    assertProofKind(app, shown);
    const call = await callFor(form, app, shown, visit, context);
    const bound = { ...call, ...(await keyMember(call, app, shown, visit, context)) };
    asked = { app, call: bound };
    const reply = await redeem(form, app, bound, visit, context, cors);
    await noteToken(visit, context, asked);
    return reply;
  } catch (error) {
    if (!isPlain(error) && !(error instanceof Fault)) throw error;
    if (asked && !isStillWaiting(error)) await noteToken(visit, context, { ...asked, failure: error });
    if (error instanceof Fault && isDefect(error)) throw error;
    return tokenError(error, stamp, cors);
  }
}
