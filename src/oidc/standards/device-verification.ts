import { journeyCookie, journeyPath } from '../../flows/index.ts';
import {
  jsonReply,
  parseCookies,
  type Reply,
  readForm,
  redirect,
  sentByOwnPage,
  serializeCookie,
} from '../../http/index.ts';
import { digest, networkOf, newSecret, sameSecret } from '../../kernel/index.ts';
import type { TenantContext, Visit } from '../context.ts';
import { refusal } from '../dialect/errors.ts';
import { standardFaults } from '../dialect/standard-errors.ts';
import { lifetimes } from '../lifetimes.ts';
import { uiLocales, wantedIn } from '../locales.ts';
import { senderOf } from '../sender.ts';
import { devicePath } from './device-authorization.ts';
import { createDeviceCodes, type HeldRequest, spelled, userCodeOf } from './device-codes.ts';
import { concludeDevice, type DeviceJourney } from './device-return.ts';
import type { DeviceView } from './device-view.ts';

/** The browser's share of what happens here. */
const cookieName = 'x-ms-cpim-device';

/**
 * Codes that may be tried from one address within the time, in seconds (RFC 8628 §5.1). A sign-in takes two, and a whole office may have one
 * address; a guess finds one of 20⁸ codes.
 */
export const [mostTries, triesSeconds] = [60, 600] as const;

const csrfOf = (secret: string): string => digest(`device form ${secret}`);

interface Desk {
  readonly visit: Visit;
  readonly context: TenantContext;
  /** Of the cookie. */
  readonly secret: string;
}

const codesOf = ({ store, clock }: TenantContext) => createDeviceCodes({ ephemeral: store.ephemeral, clock });

const formFor = ({ visit, secret }: Desk, userCode: string) => ({
  action: devicePath(visit, visit.authority),
  csrf: csrfOf(secret),
  userCode,
});

async function show(view: DeviceView, { visit, context, secret }: Desk): Promise<Reply> {
  const page = await context.devicePage(view, wantedIn(visit.exchange), visit.authority.id);
  const path = devicePath(visit, visit.authority);
  const kept = { path, sameSite: 'Lax', maxAgeSeconds: lifetimes.interaction } as const;
  return { ...page, headers: { ...page.headers, 'set-cookie': serializeCookie(cookieName, secret, kept) } };
}

/** Counted before it is looked at, so that many tries at once are many. */
async function mayTry({ visit, context }: Desk): Promise<boolean> {
  const id = digest(`device code ${networkOf(visit.exchange.remoteAddress)}`);
  return (await context.store.ephemeral.increment('attempts', id, triesSeconds)) <= mostTries;
}

const enter = (desk: Desk, typed: string, problem?: 'unknown' | 'tooMany'): Promise<Reply> =>
  show({ kind: 'enter', ...formFor(desk, typed), ...(problem === undefined ? {} : { problem }) }, desk);

async function confirm(held: HeldRequest, typed: string, desk: Desk): Promise<Reply> {
  const app = await desk.context.clients.find(held.request.appId);
  if (!app || app.isDisabled === true) return enter(desk, typed, 'unknown');
  return show({ kind: 'confirm', appName: app.displayName, ...formFor(desk, spelled(userCodeOf(typed))) }, desk);
}

/** The ordinary journey of the flow, from its beginning: who lets a device in signs in for it, whoever was signed in before. */
async function begin(held: HeldRequest, { visit, context, secret }: Desk): Promise<Reply> {
  const { exchange, authority, stamp } = visit;
  const app = await context.clients.find(held.request.appId);
  const hostRef = digest(newSecret());
  const returnTo = `${exchange.url.origin}${devicePath(visit, authority)}/${hostRef}`;
  const payload: DeviceJourney = { returnTo, device: held.id, browser: digest(secret) };
  const record = { id: hostRef, payload, ttlSeconds: lifetimes.interaction };
  const start = {
    flowId: held.request.ticket.flowId,
    hostRef,
    client: { appId: held.request.appId, displayName: app?.displayName ?? '' },
    uiLocales: uiLocales(exchange.url.searchParams.get('ui_locales')),
    ...senderOf(exchange),
    correlationId: stamp.correlationId,
  };
  const waiting = { act: 'put', kind: 'oidc.Interaction', record } as const;
  const { journeyId, browserSecret } = await context.flows().start(start, [waiting]);
  const path = journeyPath(context.tenant.id, journeyId);
  return redirect(path, { 'set-cookie': serializeCookie(journeyCookie, browserSecret, { path, sameSite: 'Lax' }) });
}

async function decide(action: string | undefined, typed: string, desk: Desk): Promise<Reply> {
  if (!(await mayTry(desk))) return enter(desk, typed, 'tooMany');
  const codes = codesOf(desk.context);
  const held = await codes.byUserCode(typed, desk.visit.authority);
  if (!held) return enter(desk, typed, 'unknown');
  if (action === 'continue') return begin(held, desk);
  if (action !== 'cancel') return confirm(held, typed, desk);
  await codes.answer(held, { kind: 'denied' });
  return show({ kind: 'denied' }, desk);
}

/** Longest text that is taken for a code, and shown again. */
const longestCode = 64;

async function submit(desk: Desk): Promise<Reply> {
  const { exchange } = desk.visit;
  const form = await readForm(exchange);
  const genuine = sentByOwnPage(exchange) && sameSecret(form.get('csrf') ?? '', csrfOf(desk.secret));
  if (!genuine) throw standardFaults.foreignForm();
  return decide(form.get('action'), (form.get('user_code') ?? '').slice(0, longestCode), desk);
}

/**
 * Where people enter the code that their device shows (RFC 8628 §3.3): the code, the question whether the device is theirs, the journey,
 * and a word that it is done. Throws what is to be shown on the error page.
 */
export async function deviceVerification(visit: Visit, context: TenantContext): Promise<Reply> {
  const { exchange, route } = visit;
  const known = parseCookies(exchange.headers.cookie).get(cookieName);
  const desk: Desk = { visit, context, secret: known || newSecret() };
  if (exchange.method === 'POST' && route.uid === undefined && known) return submit(desk);
  if (exchange.method === 'POST') throw standardFaults.foreignForm();
  if (exchange.method !== 'GET') return jsonReply(405, {}, { allow: 'GET, POST' });
  if (route.uid === undefined)
    return enter(desk, (exchange.url.searchParams.get('user_code') ?? '').slice(0, longestCode));
  if (known === undefined) throw refusal('AADB2C90046');
  return show({ kind: await concludeDevice(route.uid, digest(known), visit, context) }, desk);
}
