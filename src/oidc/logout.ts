import { jsonReply, type Reply } from '../http/index.ts';
import { type Call, senderOf } from './call.ts';
import { requestFor, type TenantContext, type Visit } from './context.ts';
import { refusal } from './dialect/errors.ts';
import { assertShort, type Params, readParams } from './dialect/params.ts';
import { isWellFormed } from './dialect/redirect-uri.ts';
import { respond, withCookies } from './dialect/response.ts';
import { localesOf } from './locales.ts';
import { readSigned } from './own-token.ts';

/**
 * Where the browser goes afterwards. B2C goes anywhere; here some application of the tenant must have registered the
 * origin (product.md choice 3), unless the tenant has chosen B2C's way. Throws 90067, 90006.
 */
async function returnTo(params: Params, { clients, identity }: TenantContext): Promise<string | undefined> {
  const uri = params.get('post_logout_redirect_uri');
  if (uri === undefined) return undefined;
  if (!isWellFormed(uri)) throw refusal('AADB2C90067', uri);
  const registered = await clients.mayReturnTo(uri);
  if (!registered && !(await identity.settings()).allowAnyLogoutRedirect)
    throw refusal('AADB2C90006', uri, params.get('client_id') ?? '');
  return uri;
}

/** Expired is fine, since it only says who asks; what we never signed is not (RP-Initiated Logout §2). Throws 90210. */
async function checkHint(params: Params, { keys }: TenantContext): Promise<void> {
  const hint = params.get('id_token_hint');
  if (hint !== undefined && !readSigned(hint, await keys.ring())) throw refusal('AADB2C90210');
}

/**
 * End of session (b2c contract b.7): with or without a hint, without a question. Refresh tokens of applications go on,
 * as they do in B2C.
 */
export async function logout(visit: Visit, context: TenantContext): Promise<Reply> {
  const { exchange, flow, stamp } = visit;
  if (exchange.method !== 'GET' && exchange.method !== 'POST') return jsonReply(405, {}, { allow: 'GET, POST' });
  const params = await readParams(exchange);
  assertShort(params);
  const redirectUri = await returnTo(params, context);
  await checkHint(params, context);
  const engine = await context.engineOf(exchange.url.origin, flow);
  const { correlationId } = stamp;
  const call: Call = { correlationId, ...senderOf(exchange), confidential: false, ...(flow ? { flow } : {}) };
  const request = requestFor(visit, { method: 'GET', path: '/oauth2/v2.0/logout', params: new Map() });
  const headers = withCookies(await engine.endSession(call, request));
  if (redirectUri === undefined) {
    const page = context.signedOutPage(localesOf(exchange, params.get('ui_locales')));
    return { ...page, headers: { ...page.headers, ...headers } };
  }
  const state = params.get('state');
  if (state !== undefined) return respond({ redirectUri, mode: 'query', state }, {}, headers);
  return { status: 302, headers: { ...headers, 'cache-control': 'no-store', location: redirectUri } };
}
