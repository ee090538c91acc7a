import { jsonReply, type Reply } from '../http/index.ts';
import { Fault, untraced } from '../kernel/index.ts';
import { issuerOf, segmentOf } from './authority.ts';
import type { Application } from './clients.ts';
import type { TenantContext, Visit } from './context.ts';
import { assertBasic, assertEnabled, findClient, readClientForm, readCredentials } from './credentials.ts';
import { openToEverySpa, openToPagesOf, preflight } from './dialect/cors.ts';
import { codeOf, isDefect, refusal } from './dialect/errors.ts';
import type { Params } from './dialect/params.ts';
import { type Platform, platformOf, redirectUrisOf } from './dialect/redirect-uri.ts';
import { tokenError } from './dialect/response.ts';
import { checkApplicationRequest } from './grants/client-credentials.ts';
import type { TokenCall } from './grants/grant.ts';
import { checkPasswordRequest, isPasswordGrant } from './grants/password.ts';
import type { GrantKind, HeldGrant } from './records.ts';
import { noteToken } from './sign-in-events.ts';
import { provedByAssertion } from './standards/assertion.ts';
import { keyForTokens } from './standards/binding.ts';
import { assertDeviceAllowed, mustProveDevice } from './standards/device-authorization.ts';
import { deviceGrantType, isDeviceGrant } from './standards/device-grant-type.ts';
import { assertProofKind } from './standards/profile.ts';

/** What a client has shown of itself: a secret, which is looked at when it is known what for, or an assertion that was found right. */
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

/** What is presented, and whether a secret is to be looked at. */
interface Admitted extends Pick<TokenCall, 'presented'> {
  readonly grantType: string;
  readonly confidential: boolean;
}

/** What it takes for a grant: a code or a refresh token is redeemed, a password is exchanged, an application asks for itself. */
async function admit(
  form: Params,
  app: Application,
  shown: Shown,
  { authority }: Visit,
  context: TenantContext,
): Promise<Admitted> {
  const grantType = form.get('grant_type');
  if (grantType === undefined) throw refusal('AADB2C90083', 'grant_type');
  if (authority.kind === 'tenant' && grantType === 'client_credentials') {
    checkApplicationRequest(form, shown);
    return { grantType, confidential: !shown.proved };
  }
  if (isPasswordGrant(grantType, authority)) {
    checkPasswordRequest(form, app, authority, shown.secret !== undefined || shown.proved);
    return { grantType, confidential: false };
  }
  if (isDeviceGrant(grantType)) {
    if (!form.has('device_code')) throw refusal('AADB2C90083', 'device_code');
    assertDeviceAllowed(app, authority);
    if (mustProveDevice(app) && shown.secret === undefined && !shown.proved) throw refusal('AADB2C90079');
    return { grantType: deviceGrantType, confidential: shown.secret !== undefined };
  }
  const presented = await findPresented(form, context);
  if (!presented) throw refusal('AADB2C90086', grantType);
  const confidential = mustProve(app, platformFor(app, form, presented.held), shown);
  return { grantType, confidential, presented };
}

/** Throws `oidc.proofRefused`, `oidc.wrongKey`. */
async function keyMember(
  { presented, confidential }: Admitted,
  app: Application,
  { proved }: Shown,
  { exchange }: Visit,
  { clock, store: { ephemeral } }: TenantContext,
): Promise<Pick<TokenCall, 'key'>> {
  const thumbprint = await keyForTokens(app, presented?.held, exchange, { clock, ephemeral });
  return thumbprint === undefined ? {} : { key: { thumbprint, refreshToo: !confidential && !proved } };
}

/** Throws 90081. Whatever else is not of the client's doing is told to nobody but the log: 90085. */
async function redeem(
  call: TokenCall,
  { grantType, confidential }: Admitted,
  { secret, proved }: Shown,
  { admission, clients, grantHandlers, observe, tenant, trace = untraced }: TenantContext,
): Promise<Readonly<Record<string, unknown>>> {
  const { app, authority, presented } = call;
  const handler = grantHandlers.get(grantType);
  if (!handler) throw refusal('AADB2C90086', grantType);
  if (confidential && !clients.hasSecret(app, secret ?? '')) throw refusal('AADB2C90081', app.appId);
  if (confidential || proved) admission.byApplication('token', tenant.id, app.appId);
  try {
    const flowId = presented?.held?.grant.signIn.flowId ?? segmentOf(authority);
    const facts = {
      'usher.tenant.id': tenant.id,
      'usher.grant': grantType,
      'usher.correlation_id': call.correlationId,
    };
    const members = await trace.span({ name: `grant ${grantType}`, facts }, () => handler(call));
    observe({ kind: 'token.issued', tenantId: tenant.id, flowId, appId: app.appId, grant: grantType });
    return members;
  } catch (error) {
    if (error instanceof Fault) throw error;
    observe({ kind: 'warning', message: 'a token request failed', error });
    throw refusal('AADB2C90085');
  }
}

/** A device that asks whether somebody has answered; that is no sign-in which went wrong. */
const isStillWaiting = ({ code }: Fault): boolean => code === 'oidc.authorizationPending' || code === 'oidc.slowDown';

function tellRefused(error: Fault, asked: string, { observe, tenant, grantHandlers }: TenantContext): void {
  if (isStillWaiting(error)) return;
  // What is no grant may be anything.
  const grant = grantHandlers.has(asked) ? asked : 'other';
  observe({ kind: 'token.refused', tenantId: tenant.id, grant, code: codeOf(error) ?? error.code });
}

/** Token endpoint (b2c contract b.4 to b.6). Pages may read the answer, good or bad, from `spa` origins only. */
export async function token(visit: Visit, context: TenantContext): Promise<Reply> {
  const { exchange, stamp } = visit;
  const { origin } = exchange.headers;
  let cors = await openToEverySpa(origin, context.clients);
  if (exchange.method === 'OPTIONS') {
    return preflight(cors, exchange.headers['access-control-request-headers'], 'POST, OPTIONS');
  }
  let asked: { readonly app: Application; readonly call?: TokenCall } | undefined;
  let grant = '';
  try {
    const form = await readClientForm(visit, 'grant_type');
    grant = form.get('grant_type') ?? '';
    const credentials = readCredentials(form, exchange.headers.authorization);
    const app = await findClient(credentials.clientId, context);
    asked = { app };
    cors = openToPagesOf(app, origin);
    assertEnabled(app, context);
    const shown = { ...credentials, proved: await provedByAssertion(credentials, app, visit, context) };
    assertProofKind(app, shown);
    const admitted = await admit(form, app, shown, visit, context);
    const key = await keyMember(admitted, app, shown, visit, context);
    assertBasic(exchange.headers.authorization, form);
    const { presented } = admitted;
    const { authority } = visit;
    const issuer = issuerOf(exchange.url.origin, context.tenant.id, authority);
    const { correlationId } = stamp;
    const { remoteAddress: address } = exchange;
    const call = { correlationId, address, app, authority, issuer, form, ...(presented ? { presented } : {}), ...key };
    asked = { app, call };
    const members = await redeem(call, admitted, shown, context);
    await noteToken(visit, context, asked);
    return jsonReply(200, members, { pragma: 'no-cache', ...cors });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (asked && !isStillWaiting(error)) await noteToken(visit, context, { ...asked, failure: error });
    if (isDefect(error)) throw error;
    tellRefused(error, grant, context);
    return tokenError(error, stamp, cors);
  }
}
