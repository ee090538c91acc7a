import type { Clock } from '../../kernel/index.ts';
import { graphAppId } from '../../model/index.ts';
import { confirmation } from '../claims.ts';
import type { Application, Clients } from '../clients.ts';
import { refusal } from '../dialect/errors.ts';
import type { Params } from '../dialect/params.ts';
import { signJwt } from '../jwt.ts';
import type { KeyRing } from '../keys.ts';
import { lifetimes } from '../lifetimes.ts';
import { graphRoles, roleIds } from '../roles.ts';
import { assertScopeSyntax } from '../scopes.ts';
import type { GrantHandler } from './grant.ts';

export interface ClientCredentialsServices {
  readonly tenantId: string;
  readonly clock: Clock;
  readonly clients: Clients;
  readonly keys: () => Promise<KeyRing>;
}

/** Names by which Graph is asked for: Microsoft's, and this server's own origin (clients/REQUIREMENTS.md §3). */
const isGraph = (identifier: string, origin: string): boolean =>
  ['https://graph.microsoft.com', graphAppId, origin.toLowerCase()].includes(
    identifier.toLowerCase().replace(/\/$/, ''),
  );

/** What must hold before a secret is looked at. Throws 90083, 90079. */
export function checkApplicationRequest(
  form: Params,
  { secret, proved }: { readonly secret: string | undefined; readonly proved: boolean },
): void {
  if (!form.has('scope')) throw refusal('AADB2C90083', 'scope');
  if (secret === undefined && !proved) throw refusal('AADB2C90079');
}

interface Target {
  readonly audience: string;
  readonly roles: readonly string[];
}

/** The resource of a `{resource}/.default` scope and the application permissions given on it. Throws AADSTS70011. */
async function resolve(scope: string, app: Application, origin: string, clients: Clients): Promise<Target> {
  const identifier = scope.endsWith('/.default') ? scope.slice(0, -'/.default'.length) : '';
  if (isGraph(identifier, origin)) {
    return { audience: graphAppId, roles: graphRoles(app) };
  }
  const api = identifier === '' ? undefined : await clients.resource(identifier);
  // Roles named by an application are never Graph's own, whatever the application calls itself.
  if (!api || api.appId === graphAppId) throw refusal('AADSTS70011', scope);
  const ids = roleIds(app, api.appId);
  const roles = (api.appRoles ?? []).filter(
    ({ id, isEnabled }) => isEnabled !== false && ids.includes(id.toLowerCase()),
  );
  return { audience: api.appId, roles: roles.flatMap(({ value }) => value ?? []).sort() };
}

/** `client_credentials` (RFC 6749 §4.4) at the tenant's own authority: a token for the application itself. */
export const clientCredentialsGrant =
  ({ tenantId, clock, clients, keys }: ClientCredentialsServices): GrantHandler =>
  async (call) => {
    const { app, issuer, form } = call;
    const scope = form.get('scope') ?? '';
    assertScopeSyntax(scope);
    const { audience, roles } = await resolve(scope, app, new URL(issuer).origin, clients);
    call.resourceId = audience;
    const key = call.key?.thumbprint;
    const now = clock.now();
    const payload = {
      aud: audience,
      iss: issuer,
      iat: now,
      nbf: now,
      exp: now + lifetimes.accessToken,
      appid: app.appId,
      azp: app.appId,
      idtyp: 'app',
      oid: app.id,
      sub: app.id,
      roles,
      tid: tenantId,
      ver: '2.0',
      ...confirmation(key),
    };
    const token = signJwt((await keys()).signing, payload);
    const { accessToken } = lifetimes;
    const type = key === undefined ? 'Bearer' : 'DPoP';
    return { token_type: type, expires_in: accessToken, ext_expires_in: accessToken, access_token: token };
  };
