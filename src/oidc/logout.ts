import { jsonReply, type Reply } from '../http/index.ts';
import { type Authority, segmentOf } from './authority.ts';
import type { Application } from './clients.ts';
import type { TenantContext, Visit } from './context.ts';
import { refusal } from './dialect/errors.ts';
import { assertShort, type Params, readParams } from './dialect/params.ts';
import { isWellFormed, platformOf } from './dialect/redirect-uri.ts';
import { respond, withCookies } from './dialect/response.ts';
import { afterFarewell, farewellAt } from './farewell.ts';
import { wantedIn } from './locales.ts';
import { readSigned } from './own-token.ts';
import { slotOf } from './sessions.ts';

/**
 * Where the browser goes afterwards. B2C goes anywhere; here some application of the tenant must have registered the
 * origin (product.md choice 3), unless the tenant has chosen B2C's way. A flow that needs an ID token leads to the redirect URIs
 * of that token's application alone. Throws 90067, 90006.
 */
async function returnTo(
  params: Params,
  authority: Authority,
  app: Application | undefined,
  { clients, identity }: TenantContext,
): Promise<string | undefined> {
  const uri = params.get('post_logout_redirect_uri');
  if (uri === undefined) return undefined;
  if (!isWellFormed(uri)) throw refusal('AADB2C90067', uri);
  const registered = authority.session.needsHint
    ? app !== undefined && platformOf(app, uri) !== undefined
    : (await clients.mayReturnTo(uri)) || (await identity.settings()).allowAnyLogoutRedirect;
  if (!registered) throw refusal('AADB2C90006', uri, app?.appId ?? params.get('client_id') ?? '');
  return uri;
}

interface Asker {
  readonly app: Application | undefined;
  /** Whose session ends, where it takes an ID token to end one; absent: of whoever is signed in. */
  readonly userId?: string;
}

/**
 * The application that signs out: by its ID token, or else as it says. An expired token is fine, since it only says who asks;
 * what we never signed, or for another purpose, is not. Where a token is needed it ends the session of the person that it names, or else
 * anybody's would do to sign everybody out (RP-Initiated Logout §2, §4). Throws 90210, and 90272 when the flow needs a token and there is
 * none.
 */
async function askedBy(params: Params, authority: Authority, { keys, clients }: TenantContext): Promise<Asker> {
  const hint = params.get('id_token_hint');
  if (hint === undefined && authority.session.needsHint) throw refusal('AADB2C90272');
  if (hint === undefined) return { app: await clients.find(params.get('client_id') ?? '') };
  const claims = await readSigned(hint, keys);
  // An access token, which an API gets to see, names its client in `azp`.
  if (!claims || claims['azp'] !== undefined) throw refusal('AADB2C90210');
  const app = await clients.find(String(claims['aud']));
  if (!authority.session.needsHint) return { app };
  const { oid } = claims;
  if (typeof oid !== 'string') throw refusal('AADB2C90210');
  return { app, userId: oid };
}

/** Which session ends: the one the flow's scope keeps apart; all of them where it keeps none apart or nobody says which. */
function slotToEnd(authority: Authority, app: Application | undefined): string | undefined {
  const scope = authority.session.scope;
  if (scope === 'tenant' || scope === 'directory' || (scope === 'application' && !app)) return undefined;
  return slotOf({ authority, clientId: app?.appId ?? '' });
}

/**
 * End of session (b2c contract b.7): with or without a hint, without a question. Refresh tokens of applications go on,
 * as they do in B2C. Who was proved by a foreign provider goes there first.
 */
export async function logout(visit: Visit, context: TenantContext): Promise<Reply> {
  const { exchange, authority } = visit;
  if (exchange.method !== 'GET' && exchange.method !== 'POST') return jsonReply(405, {}, { allow: 'GET, POST' });
  const params = await readParams(exchange);
  assertShort(params);
  const wanted = params.has('post_logout_redirect_uri') ? undefined : await afterFarewell(params.get('state'), context);
  if (wanted !== undefined) return { status: 302, headers: { ...notKept, location: wanted } };
  const { app, userId } = await askedBy(params, authority, context);
  const redirectUri = await returnTo(params, authority, app, context);
  const { sessions } = context;
  const browser = await sessions.open(exchange.headers.cookie);
  const { cookies, ended } = await sessions.end(browser, slotToEnd(authority, app), userId);
  context.logoutNotices.tell(exchange.url.origin, ended);
  const headers = withCookies(cookies);
  const back = redirectUri === undefined ? undefined : withState(redirectUri, params.get('state'));
  const elsewhere = await farewellAt(ended, exchange.url.origin, back, context);
  const location = elsewhere ?? back;
  if (location !== undefined) return { status: 302, headers: { ...headers, ...notKept, location } };
  const page = await context.signedOutPage(wantedIn(exchange, params.get('ui_locales')), segmentOf(authority));
  return { ...page, headers: { ...page.headers, ...headers } };
}

const notKept = { 'cache-control': 'no-store' } as const;

function withState(redirectUri: string, state: string | undefined): string {
  if (state === undefined) return redirectUri;
  const { headers = {} } = respond({ redirectUri, mode: 'query', state }, {});
  return String(headers['location']);
}
