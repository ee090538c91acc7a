import { jsonReply, type Reply } from '../../http/index.ts';
import { belongsTo, nameOf } from '../authority.ts';
import type { TenantContext, Visit } from '../context.ts';
import { refusal } from '../dialect/errors.ts';
import { standardFaults } from '../dialect/standard-errors.ts';
import type { Claims } from '../own-token.ts';
import type { HeldGrant } from '../records.ts';
import { type ClientRequest, clientEndpoint } from './client-endpoint.ts';
import { readAccessToken, revokeAccessToken } from './own-access-token.ts';

/** Throws 90279, 90088, `oidc.unproved`: what a web application got is taken back with its proof alone, as it was redeemed. */
async function revokeRefreshToken(
  { grant: { clientId, family, signIn } }: HeldGrant,
  { client: { app, proved } }: ClientRequest,
  { authority }: Visit,
  { grants }: TenantContext,
): Promise<void> {
  if (clientId !== app.appId) throw refusal('AADB2C90279', app.appId);
  if (!belongsTo(signIn, authority)) throw refusal('AADB2C90088', nameOf(signIn), authority.id);
  if (signIn.platform === 'web' && !proved && app.isFallbackPublicClient !== true) throw standardFaults.unproved();
  await grants.revoke(family);
}

/** Throws 90279, `oidc.unrevocable`: what an application has for itself opens Graph, where nobody looks here. */
async function revokeAccess(
  token: string,
  { azp, exp, idtyp }: Claims,
  { app }: ClientRequest['client'],
  { store, clock }: TenantContext,
): Promise<void> {
  if (azp !== app.appId) throw refusal('AADB2C90279', app.appId);
  if (idtyp === 'app') throw standardFaults.unrevocable();
  await revokeAccessToken(store.ephemeral, token, Number(exp) - clock.now());
}

/** Undefined means what RFC 7009 §2.2 asks for: a token nobody knows is as good as revoked. */
async function revoke(request: ClientRequest, visit: Visit, context: TenantContext): Promise<void> {
  const { appId, settings } = request.client.app;
  if (!settings.isRevocationAllowed) throw standardFaults.notSwitchedOn({ appId, setting: 'isRevocationAllowed' });
  const token = request.form.get('token');
  if (token === undefined) throw refusal('AADB2C90083', 'token');
  // `token_type_hint` saves a server two look-ups; the two kinds cannot be confused here.
  const held = await context.grants.find('oidc.RefreshToken', token);
  if (held) return revokeRefreshToken(held, request, visit, context);
  const claims = await readAccessToken(token, visit, context);
  if (claims) await revokeAccess(token, claims, request.client, context);
}

/**
 * Token revocation (RFC 7009): a refresh token ends with all that came of its sign-in, an access token ends for those who ask
 * (introspection, user info); an API that only checks signatures does not learn of it. Public clients may take back what is theirs.
 */
export const revocation = (visit: Visit, context: TenantContext): Promise<Reply> =>
  clientEndpoint(visit, context, 'token', async (request) => {
    await revoke(request, visit, context);
    return jsonReply(200, {}, { pragma: 'no-cache', ...request.cors });
  });
