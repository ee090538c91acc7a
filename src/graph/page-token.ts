import { createHmac, timingSafeEqual } from 'node:crypto';
import { faults } from './faults.ts';
import type { GraphRequest } from './request.ts';

/** Form of the token; another form gets another number, so that an old token is refused and not misread. */
const form = 2;

/** Signs where somebody stands, so that it can be handed out and believed when it comes back. It hides nothing. */
export interface PageTokens {
  /** The place where a page ended, for one tenant, one path and one query; it is worth nothing anywhere else. */
  seal(request: GraphRequest, tenantId: string, after: string): string;
  /** Throws `graph.badPageToken` unless `seal` made it for the same tenant, path and query. */
  open(request: GraphRequest, tenantId: string, token: string): string;
  /** Any JSON value, for one purpose. */
  sealState(purpose: readonly string[], state: unknown): string;
  /** The value as it was sealed. Throws `graph.badPageToken` unless `sealState` made it for the same purpose. */
  openState(purpose: readonly string[], token: string): unknown;
}

export function pageTokens(key: Buffer): PageTokens {
  const mac = (purpose: readonly string[], payload: string): Buffer =>
    createHmac('sha256', key)
      .update(`graph.page.${form}\n${JSON.stringify(purpose)}\n${payload}`)
      .digest();

  function sealState(purpose: readonly string[], state: unknown): string {
    const payload = Buffer.from(JSON.stringify([form, state])).toString('base64url');
    return `${payload}.${mac(purpose, payload).toString('base64url')}`;
  }

  function openState(purpose: readonly string[], token: string): unknown {
    const [payload = '', signature = '', ...rest] = token.split('.');
    const given = Buffer.from(signature, 'base64url');
    const expected = mac(purpose, payload);
    if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw faults.badPageToken();
    }
    const [, state]: readonly unknown[] = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return state;
  }

  return {
    sealState,
    openState,
    seal: (request, tenantId, after) => sealState(purposeOf(request, tenantId), after),
    open(request, tenantId, token) {
      const after = openState(purposeOf(request, tenantId), token);
      if (typeof after !== 'string') throw faults.badPageToken();
      return after;
    },
  };
}

/** What a page's token is bound to. The options are named as parsed, so their spelling and order in the URL do not matter. */
function purposeOf({ version, segments, options }: GraphRequest, tenantId: string): readonly string[] {
  const query = [...options].filter(([name]) => name !== '$skiptoken').sort(([a], [b]) => (a < b ? -1 : 1));
  return ['page', JSON.stringify([tenantId, version, segments.map(({ text }) => text), query])];
}
