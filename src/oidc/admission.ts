import type { Exchange } from '../http/index.ts';
import { type ActivityName, type Admission, type Fault, isFault } from '../kernel/index.ts';
import type { Authority } from './authority.ts';
import type { TenantContext, Visit } from './context.ts';
import { formLimit } from './dialect/params.ts';
import type { Endpoint, Route } from './dialect/route.ts';

/** What a request to an endpoint counts as. */
const activityOf: Readonly<Record<Endpoint, ActivityName>> = {
  authorize: 'signIn',
  resume: 'page',
  token: 'token',
  userinfo: 'token',
  introspect: 'token',
  revoke: 'token',
  logout: 'signOut',
  discovery: 'metadata',
  keys: 'metadata',
  par: 'push',
  devicecode: 'device',
  deviceauth: 'device',
};

/** What they bring is kept until somebody answers. */
const keeping: ReadonlySet<Endpoint> = new Set(['authorize', 'par', 'devicecode']);

/** What B2C charges a tenant for a request (b2c contract k); authorization requests cost what their flow does. */
const costOf: Partial<Readonly<Record<Endpoint, number>>> = {
  token: 1,
  userinfo: 1,
  discovery: 1,
  keys: 1,
  logout: 1,
};

type Asked = Pick<Exchange, 'method' | 'url' | 'headers' | 'remoteAddress'>;

/** Bytes that one request may bring along; what brings more is kept as long, and counts as several. */
const bytesOfOne = 2_048;

/** A form that does not say how long it is may be as long as any. */
const bodyBytes = ({ headers }: Asked): number =>
  headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : formLimit;

const countOf = (asked: Asked): number => Math.ceil((1 + asked.url.search.length + bodyBytes(asked)) / bytesOfOne);

/** Before anything is read. Questions of browsers that only prepare a request are answered to everybody. Throws `limits.tooMany`. */
export function admitAddress({ endpoint }: Route, asked: Asked, admission: Admission): void {
  if (asked.method === 'OPTIONS') return;
  const count = keeping.has(endpoint) ? countOf(asked) : 1;
  admission.byAddress(activityOf[endpoint], asked.remoteAddress, count);
}

/** Once there is such a tenant. Throws `limits.tooMany`. */
export function admitAtTenant(
  { endpoint }: Route,
  { method, remoteAddress }: Asked,
  { admission, tenantId }: { readonly admission: Admission; readonly tenantId: string },
): void {
  if (method === 'OPTIONS' || endpoint === 'authorize') return;
  admission.byTenant(activityOf[endpoint], tenantId);
  const cost = costOf[endpoint];
  if (cost !== undefined) admission.spend(tenantId, remoteAddress, cost);
}

/** At the tenant's own authority people sign in. */
const signInCost = 4;

const costOfFlow = (authority: Authority): number => (authority.kind === 'tenant' ? signInCost : authority.quotaCost);

/**
 * What the application is told in place of a sign-in when its tenant has too many (b2c contract b.6, AADB2C90244); undefined: it may
 * begin. Nothing of it is written down: there are too many as it is.
 */
export function tooManySignIns(
  { exchange, authority }: Visit,
  { admission, tenant }: TenantContext,
): Fault | undefined {
  try {
    admission.byTenant('signIn', tenant.id);
    admission.spend(tenant.id, exchange.remoteAddress, costOfFlow(authority));
    return undefined;
  } catch (error) {
    if (isFault(error, 'limits.tooMany')) return error;
    throw error;
  }
}
