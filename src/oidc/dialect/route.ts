/** What stands behind a path of the runtime (b2c contract a.1). */
export type Endpoint =
  | 'authorize'
  | 'resume'
  | 'token'
  | 'logout'
  | 'discovery'
  | 'keys'
  | 'userinfo'
  | 'par'
  | 'devicecode'
  | 'deviceauth'
  | 'introspect'
  | 'revoke';

export interface Route {
  readonly endpoint: Endpoint;
  /** Domain name or tenant id as the request wrote it, lower case. */
  readonly tenant: string;
  /** Flow as the request wrote it; absent at the tenant's own authority. */
  readonly flow?: string;
  /** Behind `/tfp/`. Metadata answers in the form it was asked in, here and below. */
  readonly tfp: boolean;
  /** The flow was named in `?p=`. */
  readonly inQuery: boolean;
  /** Digest of the id of the interaction to go on with (`resume` and `deviceauth`). */
  readonly uid?: string;
}

const endpoints: Readonly<Record<string, Endpoint>> = {
  'oauth2/v2.0/authorize': 'authorize',
  'oauth2/v2.0/token': 'token',
  'oauth2/v2.0/logout': 'logout',
  'v2.0/.well-known/openid-configuration': 'discovery',
  'discovery/v2.0/keys': 'keys',
  'openid/v2.0/userinfo': 'userinfo',
  'oauth2/v2.0/par': 'par',
  'oauth2/v2.0/devicecode': 'devicecode',
  'oauth2/v2.0/deviceauth': 'deviceauth',
  'oauth2/v2.0/introspect': 'introspect',
  'oauth2/v2.0/revoke': 'revoke',
};

/** The path below tenant and flow, as it is advertised. */
export const pathOf = (endpoint: Exclude<Endpoint, 'resume'>): string =>
  Object.entries(endpoints).find(([, name]) => name === endpoint)?.[0] ?? '';

const pattern =
  /^\/(?<tfp>tfp\/)?(?<tenant>[^/]+)\/(?:(?<flow>[^/]+)\/)?(?<endpoint>oauth2\/v2\.0\/(?:authorize|token|logout|par|devicecode|deviceauth|introspect|revoke)|v2\.0\/\.well-known\/openid-configuration|discovery\/v2\.0\/keys|openid\/v2\.0\/userinfo)(?:\/(?<uid>[\w-]{1,128}))?\/?$/i;

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function withFlow(named: string | undefined, asked: string | null): Pick<Route, 'flow' | 'inQuery'> {
  if (named !== undefined) return { flow: named, inQuery: false };
  return asked ? { flow: asked, inQuery: true } : { inQuery: false };
}

/**
 * Reads every URL form of b2c contract a.1 rows 1 to 8: flow in the path, in `?p=`, behind `/tfp/`, or none; tenant by
 * name or id; letters of any case. Undefined: not an address of the runtime.
 */
export function parseRoute(url: URL): Route | undefined {
  const groups = pattern.exec(url.pathname)?.groups;
  if (!groups) return undefined;
  const tenant = decode(groups['tenant'] ?? '');
  const named = groups['flow'] === undefined ? undefined : decode(groups['flow']);
  const endpoint = endpoints[(groups['endpoint'] ?? '').toLowerCase()];
  const uid = groups['uid'];
  if (!tenant || !endpoint || (groups['flow'] !== undefined && named === undefined)) return undefined;
  const tfp = groups['tfp'] !== undefined;
  const route = { tenant: tenant.toLowerCase(), tfp, ...withFlow(named, url.searchParams.get('p')) };
  if (uid === undefined) return { ...route, endpoint };
  if (endpoint === 'deviceauth') return { ...route, endpoint, uid };
  return endpoint === 'authorize' ? { ...route, endpoint: 'resume', uid } : undefined;
}

/** The address as those see it who count requests: without tenant, flow and interaction. */
export function routeTemplate(url: URL): string {
  const { endpoint = '', uid, flow } = pattern.exec(url.pathname)?.groups ?? {};
  return `/{tenant}${flow === undefined ? '' : '/{flow}'}/${endpoint.toLowerCase()}${uid === undefined ? '' : '/{uid}'}`;
}

/** The path prefix under which a flow's endpoints are called and its interactions resume. */
export function mountOf({ tenant, tfp }: Route, flowId: string | undefined): string {
  const below = flowId === undefined ? '' : `/${encodeURIComponent(flowId.toLowerCase())}`;
  return `${tfp ? '/tfp' : ''}/${encodeURIComponent(tenant)}${below}`;
}
