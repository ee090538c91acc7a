import type { Exchange } from '../http/index.ts';
import { type Authority, type Belonging, segmentOf } from './authority.ts';
import type { CallRequest } from './call.ts';
import type { Clients } from './clients.ts';
import type { Stamp } from './dialect/response.ts';
import { mountOf, type Route } from './dialect/route.ts';
import type { Engine } from './engine.ts';
import type { GrantHandlers } from './grants/handlers.ts';
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
  /** One provider per issuer, made when first asked for. */
  readonly engineOf: (origin: string, authority: Authority) => Promise<Engine>;
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

/** A request to oidc-provider in place of the browser's. */
export function requestFor(
  { exchange, route, authority }: Visit,
  part: Pick<CallRequest, 'method' | 'path' | 'params'>,
): CallRequest {
  return {
    ...part,
    origin: exchange.url.origin,
    mount: mountOf(route, segmentOf(authority)),
    cookie: exchange.headers.cookie,
    authorization: exchange.headers.authorization,
  };
}
