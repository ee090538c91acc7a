import { deviceCookie, type Flows, journeyCookie, journeyPath } from '../flows/index.ts';
import {
  acceptedLanguages,
  type Exchange,
  httpFaults,
  parseCookies,
  parseQuery,
  type Reply,
  redirect,
  serializeCookie,
} from '../http/index.ts';
import { faults } from './faults.ts';

export interface RedeemServices {
  /** By id or domain name; undefined: there is no such tenant. */
  flowsOf(tenant: string): Promise<Pick<Flows, 'redeem'> | undefined>;
}

/** `/{tenant}/redeem`, in letters of any case. */
const address = /^\/(?<tenant>[\w.-]{1,253})\/redeem$/i;

export const isRedemption = (pathname: string): boolean => address.test(pathname);

/** Characters: a ticket has fewer. */
const longestTicket = 128;

/**
 * The link of an invitation begins a journey in the browser that opens it. Programs that look at the links of letters use nothing up: only
 * who proves the invited address gets further. Throws `pages.invitationOver`, `pages.readOnly`.
 */
export async function openInvitation(exchange: Exchange, services: RedeemServices): Promise<Reply> {
  const { method, url, headers, remoteAddress, correlationId } = exchange;
  if (method !== 'GET') throw faults.readOnly();
  const { tenant = '' } = address.exec(url.pathname)?.groups ?? {};
  const flows = await services.flowsOf(tenant);
  if (!flows) throw httpFaults.notFound();
  const ticket = parseQuery(url).get('ticket') ?? '';
  const device = parseCookies(headers.cookie).get(deviceCookie);
  const sender = { address: remoteAddress, userAgent: headers['user-agent'], device, origin: url.origin };
  const acceptLanguages = acceptedLanguages(headers['accept-language']);
  const isTicket = ticket !== '' && ticket.length <= longestTicket;
  const begun = isTicket ? await flows.redeem(ticket, { acceptLanguages, sender, correlationId }) : undefined;
  if (!begun) throw faults.invitationOver();
  const path = journeyPath(begun.tenantId, begun.journeyId);
  const cookie = serializeCookie(journeyCookie, begun.browserSecret, { path, sameSite: 'Lax' });
  const reply = redirect(path);
  return { ...reply, headers: { ...reply.headers, 'set-cookie': cookie } };
}
