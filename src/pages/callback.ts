import { type Flows, journeyPath } from '../flows/index.ts';
import { type Exchange, httpFaults, parseQuery, type Reply, redirect } from '../http/index.ts';
import { faults } from './faults.ts';
import { readBounded } from './form-body.ts';

export interface CallbackServices {
  /** By id or domain name; undefined: there is no such tenant. */
  flowsOf(tenant: string): Promise<Pick<Flows, 'bringBack'> | undefined>;
  tenantIdOf(tenant: string): Promise<string | undefined>;
}

/** Bytes; SAML responses are the longest answers. */
const largestAnswer = 256 * 1024;

/** `/{tenant}/oauth2/authresp` (b2c contract a.1 row 11), in letters of any case. */
const address = /^\/(?<tenant>[\w.-]{1,253})\/oauth2\/authresp$/i;

export const isCallback = (pathname: string): boolean => address.test(pathname);

const readAnswer = (exchange: Exchange) =>
  exchange.method === 'POST' ? readBounded(exchange, largestAnswer) : parseQuery(exchange.url);

/**
 * A foreign provider sends a browser back. Whoever asks changes nothing but what waits, sealed, for the journey that went there: only the
 * browser in which that journey began gets further with it, so the form may come from anywhere. Throws `http.repeated` and the like,
 * `flows.journeyLost`.
 */
export async function bringBack(exchange: Exchange, services: CallbackServices): Promise<Reply> {
  // Not HEAD: who looks at links in a letter or a history must not use an answer up.
  if (exchange.method !== 'GET' && exchange.method !== 'POST') throw faults.callbackMethod();
  const { tenant = '' } = address.exec(exchange.url.pathname)?.groups ?? {};
  const [flows, tenantId] = await Promise.all([services.flowsOf(tenant), services.tenantIdOf(tenant)]);
  if (!flows || tenantId === undefined) throw httpFaults.notFound();
  const params = Object.fromEntries(await readAnswer(exchange));
  const { journeyId } = await flows.bringBack({ params });
  return redirect(journeyPath(tenantId, journeyId));
}
