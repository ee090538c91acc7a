import type { Wanted } from '../flows/index.ts';
import { type Exchange, type Face, type Reply, retryAfterOf } from '../http/index.ts';
import {
  type Admission,
  type Clock,
  Fault,
  isFault,
  isMalfunction,
  type Observe,
  supportTime,
} from '../kernel/index.ts';
import { admitAddress, admitAtTenant } from './admission.ts';
import { openToAll } from './dialect/cors.ts';
import { codeOf, refusal } from './dialect/errors.ts';
import { tokenError } from './dialect/response.ts';
import { type Endpoint, parseRoute, type Route, routeTemplate } from './dialect/route.ts';
import { wantedIn } from './locales.ts';
import type { TenantOidc } from './tenant.ts';

/** What an error page says; the composition root has it drawn. */
export interface ErrorInfo {
  readonly status: number;
  /** `AADB2C90006`, or a fault's own code for what is no affair of the protocol. */
  readonly code: string;
  readonly message: string;
  readonly correlationId: string;
  /** `2018-11-13 11:37:56Z`. */
  readonly timestamp: string;
  /** Where the request was meant to go, as it says itself. */
  readonly flow?: { readonly tenant: string; readonly id: string };
}

export interface OidcFaceServices {
  /** By id or domain name; undefined when there is no such tenant. */
  readonly tenantOf: (idOrDomain: string) => Promise<TenantOidc | undefined>;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly admission: Admission;
  readonly errorPage: (info: ErrorInfo, wanted: Wanted) => Reply | Promise<Reply>;
}

/** Faults of other rooms that B2C has a code of its own for, shown on a page. */
const shownAs: Readonly<Record<string, string>> = {
  'flows.noProvider': 'AADB2C90051',
  'limits.tooMany': 'AADB2C90244',
};

/** Where a person looks at the answer; everywhere else a program does. */
const seen: ReadonlySet<Endpoint> = new Set(['authorize', 'resume', 'logout', 'deviceauth']);

/** The OpenID Connect face: everything below `/{tenant}/` and `/tfp/{tenant}/` that b2c contract a.1 names. */
export function oidcFace({ tenantOf, clock, observe, admission, errorPage }: OidcFaceServices): Face {
  async function refuse(fault: Fault, { endpoint, tenant, flow: id }: Route, exchange: Exchange): Promise<Reply> {
    const { correlationId, route } = exchange;
    if (isMalfunction(fault)) observe({ kind: 'http.failed', route, correlationId, error: fault });
    const now = clock.now();
    if (seen.has(endpoint)) {
      const code = codeOf(fault) ?? shownAs[fault.code] ?? fault.code;
      const { status, message } = fault;
      const flow = id === undefined ? {} : { flow: { tenant, id } };
      const info = { status, code, message, correlationId, timestamp: supportTime(now), ...flow };
      const page = await errorPage(info, wantedIn(exchange));
      return { ...page, headers: { ...page.headers, ...retryAfterOf(fault) } };
    }
    // That there are too many requests is said before it is known whose page asks, and tells it nothing.
    const isPublic = endpoint === 'discovery' || endpoint === 'keys' || isFault(fault, 'limits.tooMany');
    const dialect = id === undefined ? 'directory' : 'b2c';
    return tokenError(fault, { correlationId, now, dialect }, isPublic ? openToAll : {});
  }

  async function answer(exchange: Exchange, route: Route): Promise<Reply> {
    admitAddress(route, exchange, admission);
    const tenant = await tenantOf(route.tenant);
    if (!tenant) throw refusal('AADSTS90002', route.tenant);
    admitAtTenant(route, exchange, { admission, tenantId: tenant.tenantId });
    return tenant.handle(exchange, route);
  }

  return {
    name: 'oidc',
    answers: (url) => parseRoute(url) !== undefined,
    routeOf: routeTemplate,
    async handle(exchange) {
      const route = parseRoute(exchange.url);
      if (!route) throw new TypeError('asked for an address it does not answer');
      try {
        return await answer(exchange, route);
      } catch (error) {
        if (error instanceof Fault) return await refuse(error, route, exchange);
        throw error;
      }
    },
  };
}
