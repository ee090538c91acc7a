import { jsonReply, type Reply } from '../../http/index.ts';
import type { EpochSeconds } from '../../kernel/index.ts';
import { belongsTo } from '../authority.ts';
import type { TenantContext, Visit } from '../context.ts';
import { refusal } from '../dialect/errors.ts';
import { standardFaults } from '../dialect/standard-errors.ts';
import { formOf } from '../form-of.ts';
import type { Claims } from '../own-token.ts';
import type { HeldGrant } from '../records.ts';
import { wholeSeconds } from '../session-checks.ts';
import { type ClientRequest, clientEndpoint } from './client-endpoint.ts';
import { isAccessTokenRevoked, readAccessToken } from './own-access-token.ts';

/** All that may be said of a token that is not good, not this client's, or none (RFC 7662 §2.2). */
const inactive: Claims = { active: false };

/** Whether the person still is who the tokens were given to: there, enabled, and not told to sign in anew since. */
async function personStands(userId: string, since: EpochSeconds, { identity }: TenantContext): Promise<boolean> {
  const user = await identity.find(userId);
  return (
    user !== undefined && user.accountEnabled !== false && since >= wholeSeconds(user.signInSessionsValidFromDateTime)
  );
}

async function holderStands({ idtyp, oid, iat, azp }: Claims, context: TenantContext): Promise<boolean> {
  const client = await context.clients.find(String(azp));
  if (!client || client.isDisabled === true) return false;
  return idtyp === 'app' || personStands(String(oid), Number(iat), context);
}

const told = ['iss', 'sub', 'aud', 'iat', 'nbf', 'exp', 'oid', 'tfp', 'acr', 'idtyp', 'roles', 'cnf'];

async function aboutAccessToken(token: string, claims: Claims, asker: string, context: TenantContext): Promise<Claims> {
  const { aud, azp, scp, cnf } = claims;
  if (aud !== asker && azp !== asker) return inactive;
  if (await isAccessTokenRevoked(context.store.ephemeral, token, claims)) return inactive;
  if (!(await holderStands(claims, context))) return inactive;
  return {
    active: true,
    client_id: azp,
    token_type: cnf === undefined ? 'Bearer' : 'DPoP',
    ...(scp === undefined ? {} : { scope: scp }),
    ...Object.fromEntries(told.flatMap((name) => (claims[name] === undefined ? [] : [[name, claims[name]]]))),
  };
}

/** Only its own client hears of a refresh token: nobody else has any use for one. */
async function aboutRefreshToken(
  { grant, usedAt }: HeldGrant,
  asker: string,
  { authority }: Visit,
  context: TenantContext,
): Promise<Claims> {
  const { clientId, signIn, issued, expires, family } = grant;
  const over = usedAt !== undefined || context.clock.now() >= expires;
  if (over || clientId !== asker || !belongsTo(signIn, authority)) return inactive;
  if (await context.grants.isRevoked(family)) return inactive;
  if (!(await personStands(signIn.userId, signIn.authTime, context))) return inactive;
  return {
    active: true,
    client_id: clientId,
    sub: formOf(authority, context.tenant.id).subjectOf(signIn.userId, clientId),
    scope: signIn.echo,
    iat: issued,
    exp: expires,
  };
}

async function about({ form, client }: ClientRequest, visit: Visit, context: TenantContext): Promise<Claims> {
  const { appId, settings } = client.app;
  if (!client.proved) throw standardFaults.unproved();
  if (!settings.isIntrospectionAllowed) {
    throw standardFaults.notSwitchedOn({ appId, setting: 'isIntrospectionAllowed' });
  }
  const token = form.get('token');
  if (token === undefined) throw refusal('AADB2C90083', 'token');
  const claims = await readAccessToken(token, visit, context);
  if (claims) return aboutAccessToken(token, claims, appId, context);
  const held = await context.grants.find('oidc.RefreshToken', token);
  return held ? aboutRefreshToken(held, appId, visit, context) : inactive;
}

/**
 * Token introspection (RFC 7662): an API learns what an access token for it is worth at this moment, a client also what its own tokens
 * are. Asked at the authority that gave it out.
 */
export const introspection = (visit: Visit, context: TenantContext): Promise<Reply> =>
  clientEndpoint(visit, context, 'token', async (request) =>
    jsonReply(200, await about(request, visit, context), { pragma: 'no-cache', ...request.cors }),
  );
