import type { Exchange, Reply } from '../http/index.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * Any page may call, as with Microsoft's service: a caller is known by its bearer token alone, and no cookie is looked at, so
 * a foreign page can do nothing that it has no token for. What it may read besides the body is named (Fetch §3.2.3).
 */
export const openToAll: Headers = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'Deprecation, ETag, Link, Location, OData-EntityId, OData-Version, Preference-Applied, Retry-After, client-request-id, request-id',
};

/** A list of header names (RFC 9110 §5.1), of bounded length. */
const names = /^[\w!#$%&'*+.^`|~, -]{1,1024}$/;

/** Seconds a browser may remember the answer; Chromium keeps it two hours at most. */
const maxAge = 7_200;

/** The answer to the question a browser asks before a request (Fetch §4.8); undefined for any other request. */
export function preflight({ method, headers }: Exchange): Reply | undefined {
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return undefined;
  const asked = headers['access-control-request-headers'];
  return {
    status: 204,
    headers: {
      ...openToAll,
      'access-control-allow-methods': 'GET, POST, PATCH, PUT, DELETE',
      // Named back, not `*`: that would leave out Authorization.
      ...(asked !== undefined && names.test(asked) ? { 'access-control-allow-headers': asked } : {}),
      'access-control-max-age': String(maxAge),
    },
  };
}
