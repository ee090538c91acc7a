import type { KeyObject } from 'node:crypto';
import type { Exchange } from '../http/index.ts';
import { type Caller, type Clock, createLru, digest } from '../kernel/index.ts';
import { graphAppId } from '../model/index.ts';
import type { Application } from './clients.ts';
import { faults } from './faults.ts';
import { decodeJwt, type Jwt } from './jwt.ts';
import { isCurrent, signerOf } from './own-token.ts';
import { graphRoles } from './roles.ts';
import { type Presented, presentedToken, proofProblem } from './standards/binding.ts';
import type { TenantOidc } from './tenant.ts';

export interface Bearer {
  /**
   * Who calls Graph, by the access token in the request, with those of its roles that the application still has: what an
   * administrator shuts or takes back must not wait for a token to expire. Throws `oidc.tokenMissing`, `oidc.tokenMalformed`,
   * `oidc.tokenExpired`, `oidc.tokenRefused` (all 401; texts of Graph contract d.6).
   */
  callerOf(exchange: Exchange): Promise<{ readonly tenantId: string; readonly caller: Caller }>;
}

export interface BearerServices {
  readonly tenantOf: (idOrDomain: string) => Promise<TenantOidc | undefined>;
  readonly clock: Clock;
}

function tokenOf(exchange: Exchange): Presented {
  const presented = presentedToken(exchange);
  if (presented) return presented;
  throw /^bearer +\S/i.test(exchange.headers.authorization ?? '') ? faults.tokenMalformed() : faults.tokenMissing();
}

/** A token that is bound to a key comes with a proof by that key (RFC 9449 §7). Throws `oidc.tokenRefused`. */
async function assertProved({ payload }: Jwt, presented: Presented, exchange: Exchange, tenant: TenantOidc) {
  try {
    await tenant.assertPresentedRight(payload, presented, exchange);
  } catch (error) {
    const reason = proofProblem(error);
    if (reason === undefined) throw error;
    throw faults.tokenRefused({ reason });
  }
}

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** Only what the tenant's own authority has issued to an application for Graph: all its tokens are signed with the same keys. */
function assertFor({ payload }: Jwt, tenantId: string): void {
  const { iss, aud, idtyp } = payload;
  const issuer = typeof iss === 'string' ? URL.parse(iss) : null;
  if (!issuer || iss !== `${issuer.origin}/${tenantId}/v2.0`) throw faults.tokenRefused({ reason: 'Invalid issuer.' });
  if (aud !== graphAppId) throw faults.tokenRefused({ reason: 'Invalid audience.' });
  // A person's token of that audience opens user info alone.
  if (idtyp !== 'app') throw faults.tokenRefused({ reason: 'Only applications call this API for themselves.' });
}

/** What is known of a token that was verified before. */
interface Verified {
  readonly jwt: Jwt;
  /** Of the tenant that issued it. */
  readonly key: KeyObject;
  /** Its roles that an application still has, the same list while that is the same application. */
  readonly roles: WeakMap<Application, readonly string[]>;
}

/** Tokens that are remembered; about 2 KB each. */
const mostRemembered = 1000;

function rolesOf({ jwt, roles }: Verified, app: Application): readonly string[] {
  const known = roles.get(app);
  if (known) return known;
  const current = graphRoles(app);
  const both = strings(jwt.payload['roles']).filter((role) => current.includes(role));
  roles.set(app, both);
  return both;
}

/**
 * Verifies a token once, with node:crypto on cached key objects: 21 µs where a JOSE library takes 70 (measured). A client sends the same one with
 * every request, and what cannot change about it is remembered by its digest: what it says, and which key signed it. Asked each time
 * is what can: the tenant, its keys, the time, a proof, and what the application may do.
 */
export function createBearer({ tenantOf, clock }: BearerServices): Bearer {
  const remembered = createLru<Verified>(mostRemembered);

  async function verify(token: string): Promise<{ readonly token: Verified; readonly tenant: TenantOidc }> {
    const name = digest(token);
    const before = remembered.get(name);
    const jwt = before?.jwt ?? decodeJwt(token);
    const tid = jwt?.payload['tid'];
    if (!jwt || typeof tid !== 'string') throw faults.tokenMalformed();
    const tenant = await tenantOf(tid);
    if (tenant?.tenantId !== tid) throw faults.tokenRefused({ reason: 'Invalid tenant.' });
    const { published } = await tenant.keys.ring(jwt.kid);
    if (before && published.some(({ key }) => key === before.key)) return { token: before, tenant };
    const key = signerOf(jwt, published);
    if (!key) throw faults.tokenRefused({ reason: 'Invalid signature.' });
    assertFor(jwt, tid);
    const verified = { jwt, key, roles: new WeakMap() };
    remembered.set(name, verified);
    return { token: verified, tenant };
  }

  return {
    async callerOf(exchange) {
      const presented = tokenOf(exchange);
      const { token, tenant } = await verify(presented.token);
      const { jwt } = token;
      const { tenantId } = tenant;
      if (!isCurrent(jwt.payload, clock.now())) throw faults.tokenExpired();
      if (presented.isProved || jwt.payload['cnf'] !== undefined) await assertProved(jwt, presented, exchange, tenant);
      const { appid } = jwt.payload;
      if (typeof appid !== 'string') throw faults.tokenRefused({ reason: 'It names no application.' });
      const app = await tenant.clients.find(appid);
      if (!app || app.isDisabled === true) throw faults.tokenRefused({ reason: 'The application is not active.' });
      const roles = rolesOf(token, app);
      return { tenantId, caller: { kind: 'app', appId: appid, roles, correlationId: exchange.correlationId } };
    },
  };
}
