import { jsonReply, type Reply } from '../http/index.ts';
import { type Authority, issuerOf, segmentOf } from './authority.ts';
import type { TenantContext, Visit } from './context.ts';
import { openToAll, preflight } from './dialect/cors.ts';
import { type Endpoint, mountOf, pathOf, type Route } from './dialect/route.ts';
import { formOf } from './form-of.ts';
import type { PublicKey } from './keys.ts';
import { clientAlgorithms } from './standards/foreign-jwt.ts';
import { personalScopes } from './tenant-claims.ts';

/** Short, so that a change of keys or settings is seen soon; clients keep their own copy for a day anyway. */
const cached = { 'cache-control': 'public, max-age=300', ...openToAll };

/** An endpoint in the form the request was made in: clients rewrite these texts for their other flows (REQUIREMENTS §0.3). */
function urlOf(endpoint: Exclude<Endpoint, 'resume'>, origin: string, route: Route, authority: Authority): string {
  const segment = segmentOf(authority);
  const base = `${origin}${mountOf(route, route.inQuery ? undefined : segment)}/${pathOf(endpoint)}`;
  return route.inQuery && segment !== undefined ? `${base}?p=${encodeURIComponent(segment.toLowerCase())}` : base;
}

const responseTypes = [
  'code',
  'code id_token',
  'code token',
  'code id_token token',
  'id_token',
  'id_token token',
  'token',
  'token id_token',
];

/** What the directory takes and user flows have no use for. */
const scopesAt = ({ kind }: Authority): readonly string[] =>
  kind === 'tenant' ? ['openid', 'offline_access', ...personalScopes] : ['openid'];

/** RS256 has to be there whatever signs (OpenID Connect Discovery 1.0 §3): some clients refuse metadata without it. */
const algorithmsOf = (published: readonly PublicKey[]): readonly string[] => [
  ...new Set(['RS256', ...published.map(({ algorithm }) => algorithm)]),
];

const only = (visit: Visit, answer: () => Promise<Reply>): Promise<Reply> => {
  const { method, headers } = visit.exchange;
  if (method === 'OPTIONS') {
    return Promise.resolve(preflight(openToAll, headers['access-control-request-headers'], 'GET, OPTIONS'));
  }
  if (method === 'GET' || method === 'HEAD') return answer();
  return Promise.resolve(jsonReply(405, {}, { allow: 'GET, HEAD, OPTIONS' }));
};

/** OpenID Provider metadata (b2c contract a.2), in the tenant and flow form of the request. */
export const discovery = (visit: Visit, { tenant, keys }: TenantContext): Promise<Reply> =>
  only(visit, async () => {
    const { published } = await keys.ring();
    const { route, authority, exchange } = visit;
    const { origin } = exchange.url;
    const document = {
      issuer: issuerOf(origin, tenant.id, authority),
      authorization_endpoint: urlOf('authorize', origin, route, authority),
      token_endpoint: urlOf('token', origin, route, authority),
      end_session_endpoint: urlOf('logout', origin, route, authority),
      jwks_uri: urlOf('keys', origin, route, authority),
      introspection_endpoint: urlOf('introspect', origin, route, authority),
      userinfo_endpoint: urlOf('userinfo', origin, route, authority),
      revocation_endpoint: urlOf('revoke', origin, route, authority),
      pushed_authorization_request_endpoint: urlOf('par', origin, route, authority),
      device_authorization_endpoint: urlOf('devicecode', origin, route, authority),
      response_modes_supported: ['query', 'fragment', 'form_post'],
      response_types_supported: responseTypes,
      authorization_response_iss_parameter_supported: true,
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      scopes_supported: scopesAt(authority),
      claims_supported: formOf(authority, tenant.id).supported,
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: algorithmsOf(published),
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: clientAlgorithms,
      dpop_signing_alg_values_supported: clientAlgorithms,
    };
    return jsonReply(200, document, cached);
  });

/** The tenant's public keys (RFC 7517), the same for all its flows; without `alg`, as B2C prints them. */
export const jwks = (visit: Visit, { keys }: TenantContext): Promise<Reply> =>
  only(visit, async () => {
    const { published } = await keys.ring();
    const list = published.map(({ kid, notBefore, jwk: { kty, e, n, crv, x, y } }) => ({
      kid,
      nbf: notBefore,
      use: 'sig',
      ...(kty === 'EC' ? { kty, crv, x, y } : { kty, e, n }),
    }));
    return jsonReply(200, { keys: list }, cached);
  });
