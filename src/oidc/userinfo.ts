import { jsonReply, type Reply } from '../http/index.ts';
import { graphAppId } from '../model/index.ts';
import { type Authority, issuerOf, segmentOf } from './authority.ts';
import type { TenantContext, Visit } from './context.ts';
import { type Headers, openToEverySpa, preflight } from './dialect/cors.ts';
import { formOf } from './form-of.ts';
import { type Claims, isCurrent, readSigned } from './own-token.ts';
import { wholeSeconds } from './session-checks.ts';
import { assertPresentedRight, presentedToken, proofProblem } from './standards/binding.ts';
import { isAccessTokenRevoked } from './standards/own-access-token.ts';

/**
 * This authority's, for nothing but this, and alive: a token for an API opens that API only. At a flow it is one for the client itself
 * (product.md choice 1), at the tenant the one that is given when no API was asked for.
 */
function accepts(claims: Claims, issuer: string, authority: Authority, now: number): boolean {
  const { iss, aud, azp, tfp, acr } = claims;
  const own = (tfp ?? acr) === segmentOf(authority);
  const audience = authority.kind === 'tenant' ? graphAppId : azp;
  return isCurrent(claims, now) && iss === issuer && typeof azp === 'string' && aud === audience && own;
}

async function answer(
  { exchange, authority }: Visit,
  { keys, clock, tenant, identity, store }: TenantContext,
): Promise<Claims | undefined> {
  const presented = presentedToken(exchange);
  const claims = presented && (await readSigned(presented.token, keys));
  const issuer = issuerOf(exchange.url.origin, tenant.id, authority);
  if (!claims || !accepts(claims, issuer, authority, clock.now())) return undefined;
  const { ephemeral } = store;
  await assertPresentedRight(claims, presented, exchange, { clock, ephemeral });
  if (await isAccessTokenRevoked(ephemeral, presented.token, claims)) return undefined;
  const user = await identity.find(String(claims['oid']));
  if (!user || user.accountEnabled === false) return undefined;
  if (Number(claims['iat']) < wholeSeconds(user.signInSessionsValidFromDateTime)) return undefined;
  const { idp } = claims;
  const about = formOf(authority, tenant.id).userinfo(
    user,
    String(claims['azp']),
    String(claims['scp'] ?? '').split(' '),
  );
  // Of the sign-in that the token came of, and not of the person.
  return typeof idp === 'string' ? { ...about, idp } : about;
}

const notValid = 'The access token is not valid for this endpoint.';

/** RFC 6750 §3, RFC 9449 §7.1. */
const refused = (
  problem: { readonly error: string; readonly error_description: string },
  scheme: string,
  cors: Headers,
): Reply => jsonReply(401, problem, { ...cors, 'www-authenticate': `${scheme} error="${problem.error}"` });

/** OpenID Connect Core §5.3, which B2C's user flows lack and strict libraries need. */
export async function userinfo(visit: Visit, context: TenantContext): Promise<Reply> {
  const { method, headers } = visit.exchange;
  const cors = await openToEverySpa(headers.origin, context.clients);
  if (method === 'OPTIONS') return preflight(cors, headers['access-control-request-headers'], 'GET, POST, OPTIONS');
  if (method !== 'GET' && method !== 'POST') return jsonReply(405, {}, { allow: 'GET, POST, OPTIONS' });
  try {
    const claims = await answer(visit, context);
    if (claims) return jsonReply(200, claims, cors);
  } catch (error) {
    const reason = proofProblem(error);
    if (reason === undefined) throw error;
    return refused({ error: 'invalid_dpop_proof', error_description: reason }, 'DPoP', cors);
  }
  return refused({ error: 'invalid_token', error_description: notValid }, 'Bearer', cors);
}
