import { changedId, createChangeCache } from '../directory/index.ts';
import type { ApiTokens, Host } from '../flows/index.ts';
import type { Exchange, Reply } from '../http/index.ts';
import { Fault } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { createApiTokens } from './api-token.ts';
import { type Authority, issuerOf, tenantAuthority } from './authority.ts';
import { authorize, resume } from './authorize.ts';
import { type Clients, createClients } from './clients.ts';
import type { TenantContext, Visit } from './context.ts';
import { spoken } from './dialect/directory-words.ts';
import { refusal } from './dialect/errors.ts';
import type { Route } from './dialect/route.ts';
import { discovery, jwks } from './discovery.ts';
import { type Flow, findFlow } from './flow.ts';
import { createGrantHandlers } from './grants/handlers.ts';
import { createHost } from './host.ts';
import { createKeys, type Keys } from './keys.ts';
import { logout } from './logout.ts';
import type { Claims } from './own-token.ts';
import { createGrants } from './records.ts';
import { createSessions } from './sessions.ts';
import { assertPresentedRight, type Presented } from './standards/binding.ts';
import { deviceAuthorization } from './standards/device-authorization.ts';
import { deviceVerification } from './standards/device-verification.ts';
import { introspection } from './standards/introspection.ts';
import { createLogoutNotices } from './standards/logout-notices.ts';
import { pushedRequest } from './standards/pushed-request.ts';
import { createRemoteKeys } from './standards/remote-keys.ts';
import { revocation } from './standards/revocation.ts';
import type { TenantServices } from './tenant-services.ts';
import { token } from './token.ts';
import { userinfo } from './userinfo.ts';

/** The OpenID Connect side of one tenant. */
export interface TenantOidc {
  readonly tenantId: string;
  /** Where journeys bring their results. */
  readonly host: Host;
  /** For whoever verifies this tenant's tokens. */
  readonly keys: Keys;
  /** The applications as they are now. */
  readonly clients: Clients;
  /** By which the server itself calls APIs of the tenant. */
  readonly apiTokens: ApiTokens;
  /** Throws what `standards/binding` throws. */
  assertPresentedRight(claims: Claims, presented: Presented, exchange: Exchange): Promise<void>;
  /** Throws the `oidc.*` fault that is to be shown on a page, or told in JSON where no browser looks. */
  handle(exchange: Exchange, route: Route): Promise<Reply>;
}

function answer(visit: Visit, context: TenantContext): Promise<Reply> {
  const { endpoint } = visit.route;
  switch (endpoint) {
    case 'authorize':
      return authorize(visit, context);
    case 'resume':
      return resume(visit, context);
    case 'token':
      return token(visit, context);
    case 'logout':
      return logout(visit, context);
    case 'discovery':
      return discovery(visit, context);
    case 'keys':
      return jwks(visit, context);
    case 'par':
      return pushedRequest(visit, context);
    case 'devicecode':
      return deviceAuthorization(visit, context);
    case 'deviceauth':
      return deviceVerification(visit, context);
    case 'introspect':
      return introspection(visit, context);
    case 'revoke':
      return revocation(visit, context);
    case 'userinfo':
      return userinfo(visit, context);
    default:
      return endpoint satisfies never;
  }
}

/** Builds the protocol of one tenant; nothing is read or made before the first request. Ends with its directory. */
export function createTenantOidc(services: TenantServices): TenantOidc {
  const { tenant, directory, store, clock } = services;
  const { ephemeral } = store;
  const keys = createKeys({ directory, clock, settings: () => services.identity.settings() });
  const clients = createClients(services);
  const grants = createGrants({ ephemeral, clock });
  const sessions = createSessions({ ephemeral, clock, tenantId: tenant.id });
  const shared = { ...services, tenantId: tenant.id, ephemeral, clients, grants };
  const grantHandlers = createGrantHandlers({ ...shared, keys: () => keys.ring() });
  const flows = createChangeCache<Flow>(directory, {
    types: [entities.b2cIdentityUserFlow],
    capacity: 500,
    concerns: (change, _, id) => changedId(change, entities.b2cIdentityUserFlow) === id,
    load: (id) => findFlow(directory, id),
  });
  const remoteKeys = createRemoteKeys(services);
  const authorityOf = async (id: string): Promise<Authority | undefined> =>
    id === tenantAuthority.id ? tenantAuthority : flows.get(id);
  const logoutNotices = createLogoutNotices({ ...services, tenantId: tenant.id, clients, keys, authorityOf });
  const context: TenantContext = {
    ...services,
    remoteKeys,
    logoutNotices,
    clients,
    keys,
    grants,
    grantHandlers,
    sessions,
  };

  return {
    tenantId: tenant.id,
    host: createHost({ ephemeral, clock, identity: services.identity, sessions, keys }),
    keys,
    clients,
    apiTokens: createApiTokens({
      tenantId: tenant.id,
      keys,
      clients,
      clock,
      issuerOf: (origin) => issuerOf(origin, tenant.id, tenantAuthority),
    }),
    assertPresentedRight: (claims, presented, exchange) =>
      assertPresentedRight(claims, presented, exchange, { clock, ephemeral }),
    async handle(exchange, route) {
      const authority = route.flow === undefined ? tenantAuthority : await flows.get(route.flow);
      if (!authority) throw refusal('AADB2C90066', route.flow ?? '');
      const dialect = authority.kind === 'tenant' ? 'directory' : 'b2c';
      const stamp = { correlationId: exchange.correlationId, now: clock.now(), dialect } as const;
      try {
        return await answer({ exchange, route, authority, stamp }, context);
      } catch (error) {
        throw error instanceof Fault ? spoken(error, dialect) : error;
      }
    },
  };
}
