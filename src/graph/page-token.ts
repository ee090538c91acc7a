import { createHmac, timingSafeEqual } from 'node:crypto';
import { faults } from './faults.ts';
import type { GraphRequest } from './request.ts';

/** Form of the token; another form gets another number, so that an old token is refused and not misread. */
const form = 1;

/** Signs the place where a page ended, for one tenant, one path and one query; it is worth nothing anywhere else. */
export interface PageTokens {
  seal(request: GraphRequest, tenantId: string, after: string): string;
  /** Throws `graph.badPageToken` unless `seal` made it for the same tenant, path and query. */
  open(request: GraphRequest, tenantId: string, token: string): string;
}

export function pageTokens(key: Buffer): PageTokens {
  const mac = (request: GraphRequest, tenantId: string, payload: string): Buffer =>
    createHmac('sha256', key)
      .update(`graph.page.${form}\n${binding(request, tenantId)}\n${payload}`)
      .digest();
  return {
    seal(request, tenantId, after) {
      const payload = Buffer.from(JSON.stringify([form, after])).toString('base64url');
      return `${payload}.${mac(request, tenantId, payload).toString('base64url')}`;
    },
    open(request, tenantId, token) {
      const [payload = '', signature = '', ...rest] = token.split('.');
      const given = Buffer.from(signature, 'base64url');
      const expected = mac(request, tenantId, payload);
      if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) {
        throw faults.badPageToken();
      }
      return afterOf(payload);
    },
  };
}

/** What the token is bound to. The options are named as parsed, so their spelling and order in the URL do not matter. */
function binding({ version, segments, options }: GraphRequest, tenantId: string): string {
  const query = [...options].filter(([name]) => name !== '$skiptoken').sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([tenantId, version, segments.map(({ text }) => text), query]);
}

function afterOf(payload: string): string {
  const [, after]: readonly unknown[] = JSON.parse(Buffer.from(payload, 'base64url').toString());
  if (typeof after !== 'string') throw faults.badPageToken();
  return after;
}
