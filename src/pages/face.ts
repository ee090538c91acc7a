import { deviceCookie, type Flows, journeyCookie, journeyPath, type Move, type Words } from '../flows/index.ts';
import {
  acceptedLanguages,
  type Exchange,
  type Face,
  httpFaults,
  parseCookies,
  type Reply,
  redirect,
  retryAfterOf,
  sentByOwnPage,
} from '../http/index.ts';
import {
  type Admission,
  type Clock,
  Fault,
  isMalfunction,
  isUuid,
  type Observe,
  supportTime,
} from '../kernel/index.ts';
import { own, toInput } from './answer.ts';
import { assetAt } from './assets.ts';
import { bringBack, type CallbackServices, isCallback } from './callback.ts';
import { csrfToken, isCsrfToken } from './csrf.ts';
import type { Templates } from './custom/templates.ts';
import { withDevice } from './device.ts';
import { createErrorPages, type ErrorInfo } from './error-page.ts';
import { faults, faultWords, isUnshown, supportCodes } from './faults.ts';
import { readBounded } from './form-body.ts';
import { lookOf } from './look.ts';
import { createPreparedPages, type PreparedPages } from './prepared.ts';
import { present } from './present.ts';
import { isRedemption, openInvitation } from './redeem.ts';
import { renderContent } from './render.ts';
import { isSamlMetadata, samlMetadataReply } from './saml-metadata.ts';
import { createVoice } from './words.ts';

export interface PagesServices extends CallbackServices {
  /** By id or domain name; undefined: there is no such tenant. */
  flowsOf(tenant: string): Promise<Flows | undefined>;
  tenantName(tenantId: string): Promise<string>;
  readonly admission: Admission;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly words: Words;
  readonly templates: Templates;
}

/** Bytes; the largest sign-up form is far smaller. */
const largestForm = 64 * 1024;

interface Place {
  readonly flows: Flows;
  readonly tenantId: string;
  readonly journeyId: string;
  readonly secret: string;
  /** Of the browser. */
  readonly cookies: ReadonlyMap<string, string>;
}

const addressPattern = new RegExp(`^${journeyPath('(?<tenantId>[^/]+)', '(?<journeyId>[\\w-]{1,128})')}$`);

async function find({ url, headers }: Exchange, services: PagesServices): Promise<Place> {
  const { tenantId = '', journeyId = '' } = addressPattern.exec(url.pathname)?.groups ?? {};
  const flows = isUuid(tenantId) ? await services.flowsOf(tenantId.toLowerCase()) : undefined;
  if (!flows) throw httpFaults.notFound();
  const cookies = parseCookies(headers.cookie);
  return { flows, tenantId, journeyId, secret: cookies.get(journeyCookie) ?? '', cookies };
}

/** What the face itself brings to its work. */
interface Kitchen {
  readonly prepared: PreparedPages;
}

type Shown = Extract<Move, { kind: 'show' }>;

async function render(
  { journey, screen, revision, words = {} }: Shown,
  place: Place,
  services: PagesServices & Kitchen,
): Promise<Reply> {
  const { flowId, client, locales, pageFlavor } = journey;
  const look = lookOf(await place.flows.presentation(flowId), screen.id, pageFlavor);
  const tenantName = await services.tenantName(place.tenantId);
  const [locale] = locales;
  const setting = {
    tenantId: place.tenantId,
    flowId,
    appId: client.appId,
    ...(locale === undefined ? {} : { locale }),
  };
  const common = { look, own: words, tenantName, client, revision };
  return services.prepared.of({ ...common, screen, setting, locales }, csrfToken(place.secret), (csrf) => {
    const voice = createVoice(services.words, locales, words);
    const content = renderContent(screen, { ...common, voice, csrf });
    return present({ status: 200, content, look, tenantName, setting, screen }, services.templates);
  });
}

const show = async (move: Move, place: Place, services: PagesServices & Kitchen): Promise<Reply> =>
  move.kind === 'go' ? redirect(move.url) : render(move, place, services);

async function answer(place: Place, exchange: Exchange, services: PagesServices & Kitchen): Promise<Reply> {
  if (!sentByOwnPage(exchange)) throw faults.foreignForm();
  const form = await readBounded(exchange, largestForm);
  if (!isCsrfToken(form.get(own.csrf), place.secret)) throw faults.foreignForm();
  const revision = form.get(own.revision) ?? '';
  if (!/^\d{1,9}$/.test(revision)) throw httpFaults.malformedForm({ reason: `'${own.revision}' is not a number` });
  const userAgent = exchange.headers['user-agent'];
  const { remoteAddress: address, url } = exchange;
  const sender = { address, userAgent, device: place.cookies.get(deviceCookie), origin: url.origin };
  const move = await place.flows.answer(place.journeyId, place.secret, Number(revision), toInput(form), sender);
  // A second answer changed nothing, so a refresh repeats nothing; another GET would lose the message that says so.
  if (move.kind === 'show' && move.stale) return show(move, place, services);
  // Else another GET: a page that is refreshed sends nothing twice, and no password travels on to the application.
  return redirect(move.kind === 'go' ? move.url : exchange.url.pathname);
}

async function serve(exchange: Exchange, services: PagesServices & Kitchen): Promise<Reply> {
  const place = await find(exchange, services);
  try {
    if (exchange.method === 'POST') return await answer(place, exchange, services);
    if (exchange.method !== 'GET' && exchange.method !== 'HEAD') throw faults.methodNotAllowed();
    const move = await place.flows.look(place.journeyId, place.secret);
    return withDevice(place.cookies, await show(move, place, services));
  } catch (error) {
    const about = await place.flows.about(place.journeyId, place.secret).catch(() => undefined);
    if (!about) return explainReply(error, exchange, services);
    // The record is for whoever has to find out, and must not keep the person from the page that says so.
    const fault = error instanceof Fault ? error.code : 'internal';
    if (isUnshown(fault)) await place.flows.unshown(place.journeyId, place.secret, fault).catch(() => undefined);
    const { locales, correlationId, flowId } = about;
    const flow = { tenant: place.tenantId, id: flowId };
    return explainReply(error, exchange, services, { locales, correlationId, flow });
  }
}

function explain(error: unknown): Pick<ErrorInfo, 'status' | 'code' | 'message' | 'words'> {
  if (!(error instanceof Fault)) return { status: 500, message: 'The server met a problem it did not expect.' };
  const { status, message } = error;
  const code = supportCodes[error.code];
  const words = faultWords[error.code];
  return { status, message, ...(code === undefined ? {} : { code }), ...(words ? { words } : {}) };
}

async function explainReply(
  error: unknown,
  exchange: Exchange,
  services: PagesServices,
  about: Partial<Pick<ErrorInfo, 'correlationId' | 'flow'>> & { readonly locales?: readonly string[] } = {},
): Promise<Reply> {
  const { headers, route } = exchange;
  // Of the journey, where there is one: its record and the sign-in log are found by it.
  const { correlationId = exchange.correlationId, locales = acceptedLanguages(headers['accept-language']) } = about;
  if (isMalfunction(error)) services.observe({ kind: 'http.failed', route, correlationId, error });
  const timestamp = supportTime(services.clock.now());
  const { flow } = about;
  const page = await createErrorPages(services)(
    { ...explain(error), correlationId, timestamp, ...(flow ? { flow } : {}) },
    locales,
  );
  return error instanceof Fault ? { ...page, headers: { ...page.headers, ...retryAfterOf(error) } } : page;
}

/** What there is besides journeys: where, who answers, and what it is counted as. */
const others = [
  [isCallback, bringBack, '/{tenant}/oauth2/authresp'],
  [isRedemption, openInvitation, '/{tenant}/redeem'],
  [isSamlMetadata, samlMetadataReply, '/{tenant}/oauth2/saml/metadata'],
] as const;

const serverAt = (pathname: string) =>
  addressPattern.test(pathname) ? serve : (others.find(([isAt]) => isAt(pathname))?.[1] ?? serve);

/** Shows the screens of journeys at `/journey/{tenantId}/{journeyId}`, takes the answers, and those of foreign providers. */
export function pagesFace(given: PagesServices): Face {
  const services = { ...given, prepared: createPreparedPages() };
  return {
    name: 'pages',
    answers: ({ pathname }) =>
      addressPattern.test(pathname) || assetAt(pathname) !== undefined || others.some(([isAt]) => isAt(pathname)),
    routeOf: ({ pathname }) => {
      if (addressPattern.test(pathname)) return journeyPath('{tenant}', '{id}');
      return others.find(([isAt]) => isAt(pathname))?.[2] ?? '/{asset}';
    },
    async handle(exchange) {
      const asset = assetAt(exchange.url.pathname);
      if (asset) return asset.reply(exchange);
      const { pathname } = exchange.url;
      const serves = serverAt(pathname);
      try {
        services.admission.byAddress(serves === openInvitation ? 'signIn' : 'page', exchange.remoteAddress);
        return await serves(exchange, services);
      } catch (error) {
        return await explainReply(error, exchange, services);
      }
    },
  };
}
