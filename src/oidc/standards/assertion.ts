import { issuerOf, segmentOf } from '../authority.ts';
import type { Application } from '../clients.ts';
import type { TenantContext, Visit } from '../context.ts';
import { parseRoute } from '../dialect/route.ts';
import { standardFaults } from '../dialect/standard-errors.ts';
import { takeApart } from '../jwt.ts';
import { keysFor } from './client-keys.ts';
import { algorithmOf, clientAlgorithms, isMadeWith, strongAlgorithms } from './foreign-jwt.ts';
import { isFapi } from './profile.ts';
import { isFirstUse } from './shown-once.ts';

/** The only kind of assertion there is (RFC 7523 §2.2). */
export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Seconds that clocks may differ by, and the longest an assertion may be good for. */
const [skew, longest] = [60, 3_600];

const refused = (reason: string) => standardFaults.assertionRefused({ reason });

const isSame = (a: unknown, b: string): boolean => typeof a === 'string' && a.toLowerCase() === b;

/** Whose assertion it claims to be; nothing is believed yet. */
export function claimedClient(assertion: string): string | undefined {
  const sub = takeApart(assertion)?.payload['sub'];
  return typeof sub === 'string' ? sub : undefined;
}

/** The token endpoint of this flow, or the endpoint that was asked, in any form of address (RFC 7523 §3 no. 3, RFC 9126 §2). */
function isOwnAddress(text: unknown, { exchange, route, authority }: Visit, { tenant }: TenantContext): boolean {
  const url = typeof text === 'string' ? URL.parse(text) : null;
  const meant = url && url.origin === exchange.url.origin ? parseRoute(url) : undefined;
  if (!meant || (meant.endpoint !== 'token' && meant.endpoint !== route.endpoint)) return false;
  return (
    [tenant.id, ...tenant.domains].includes(meant.tenant) &&
    meant.flow?.toLowerCase() === segmentOf(authority)?.toLowerCase()
  );
}

/** RFC 7523 §3 no. 3; FAPI 2.0 §5.3.2.1 wants the issuer alone, since what a client believes to be an endpoint may be another server's. */
function isForUs(aud: unknown, strict: boolean, visit: Visit, context: TenantContext): boolean {
  const issuer = issuerOf(visit.exchange.url.origin, context.tenant.id, visit.authority);
  if (strict) return aud === issuer;
  const named = Array.isArray(aud) ? aud : [aud];
  return named.some((one) => one === issuer || isOwnAddress(one, visit, context));
}

/** Seconds for which it is still good. Throws `oidc.assertionRefused`. */
function remaining({ exp, nbf, iat }: Readonly<Record<string, unknown>>, now: number): number {
  if (typeof exp !== 'number' || exp <= now) throw refused('it has expired');
  if (exp > now + longest) throw refused(`it is good for longer than ${longest} seconds`);
  if ([nbf, iat].some((from) => from !== undefined && !(typeof from === 'number' && from <= now + skew))) {
    throw refused('it is of the future');
  }
  return exp - now;
}

/**
 * Proves a client by a JWT that it signed (RFC 7523, OpenID Connect Core §9 `private_key_jwt`): by a key of its own, for this server,
 * alive, and shown once. Throws `oidc.assertionRefused`.
 */
async function proveByAssertion(
  assertion: string,
  app: Application,
  visit: Visit,
  context: TenantContext,
): Promise<void> {
  const strict = isFapi(app);
  const jwt = takeApart(assertion);
  if (!jwt || 'crit' in jwt.header) throw refused('it is not a signed JWT');
  const algorithm = algorithmOf(jwt, strict ? strongAlgorithms : clientAlgorithms);
  if (!algorithm) throw refused('its algorithm is not allowed');
  const keys = await keysFor(app, jwt.header, context);
  if (!keys.some(({ key }) => isMadeWith(jwt, algorithm, key)))
    throw refused('no key of the application has signed it');
  const { iss, sub, aud, jti } = jwt.payload;
  if (!isSame(iss, app.appId) || !isSame(sub, app.appId)) throw refused('iss and sub are not the client id');
  if (!isForUs(aud, strict, visit, context)) throw refused('aud is not this server');
  const seconds = remaining(jwt.payload, context.clock.now());
  const shown = { signer: `assertion ${app.appId}`, jti, seconds };
  if (!(await isFirstUse(context.store.ephemeral, shown))) throw refused('jti is missing or was used before');
}

/** Whether an assertion was sent and is right. Throws `oidc.assertionRefused`: it was sent and is wrong. */
export async function provedByAssertion(
  { assertion }: { readonly assertion: string | undefined },
  app: Application,
  visit: Visit,
  context: TenantContext,
): Promise<boolean> {
  if (assertion !== undefined) await proveByAssertion(assertion, app, visit, context);
  return assertion !== undefined;
}
