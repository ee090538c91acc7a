import type { Exchange } from '../http/index.ts';
import { type Authority, type Belonging, issuerOf } from './authority.ts';
import type { Clients } from './clients.ts';
import type { Stamp } from './dialect/response.ts';
import type { Route } from './dialect/route.ts';
import type { GrantHandlers } from './grants/grant.ts';
import type { Keys } from './keys.ts';
import type { Grants } from './records.ts';
import type { Sessions } from './sessions.ts';
import type { LogoutNotices } from './standards/logout-notices.ts';
import type { RemoteKeys } from './standards/remote-keys.ts';
import type { TenantServices } from './tenant-services.ts';

/** What every endpoint of a tenant works with. */
export interface TenantContext extends TenantServices {
  readonly clients: Clients;
  readonly keys: Keys;
  readonly grants: Grants;
  readonly grantHandlers: GrantHandlers;
  readonly sessions: Sessions;
  readonly remoteKeys: RemoteKeys;
  readonly logoutNotices: LogoutNotices;
}

/** A request that has been placed: which tenant, which authority, in which form of URL. */
export interface Visit {
  readonly exchange: Exchange;
  readonly route: Route;
  readonly authority: Authority;
  readonly stamp: Stamp;
}

/** Whose journey an application's people walk there. */
export async function belongingAt(authority: Authority, appId: string, { flows }: TenantContext): Promise<Belonging> {
  if (authority.kind !== 'tenant') return { flowId: authority.id };
  return { flowId: (await flows().choose(appId)).flowId, authority: authority.kind };
}

/** Who issues what is asked for there; it is said in refusals too (RFC 9207). */
export const issuerAt = ({ exchange, authority }: Visit, { tenant }: Pick<TenantContext, 'tenant'>): string =>
  issuerOf(exchange.url.origin, tenant.id, authority);
