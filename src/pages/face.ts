import { deviceCookie, type Flows, journeyCookie, journeyPath, type Move } from '../flows/index.ts';
import {
  acceptedLanguages,
  documentReply,
  type Exchange,
  type Face,
  httpFaults,
  parseCookies,
  type Reply,
  readForm,
  redirect,
  sentByOwnPage,
} from '../http/index.ts';
import { type Clock, Fault, isMalfunction, isUuid, type Observe, supportTime } from '../kernel/index.ts';
import { own, toInput } from './answer.ts';
import { assetAt } from './assets.ts';
import { csrfToken, isCsrfToken } from './csrf.ts';
import { type ErrorInfo, errorPage } from './error-page.ts';
import { faults } from './faults.ts';
import { lookOf } from './look.ts';
import { renderScreen } from './render.ts';
import { createVoice, type Languages } from './words.ts';

export interface PagesServices {
  /** Undefined: there is no such tenant. */
  flowsOf(tenantId: string): Promise<Flows | undefined>;
  tenantName(tenantId: string): Promise<string>;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly words: Languages;
}

/** Bytes; the largest sign-up form is far smaller. */
const largestForm = 64 * 1024;

/** What B2C says when the cookie of a transaction is gone (b2c contract b.6). */
const lostCode = 'AADB2C90046';

interface Place {
  readonly flows: Flows;
  readonly tenantId: string;
  readonly journeyId: string;
  readonly secret: string;
}

const addressPattern = new RegExp(`^${journeyPath('(?<tenantId>[^/]+)', '(?<journeyId>[\\w-]{1,128})')}$`);

async function find({ url, headers }: Exchange, services: PagesServices): Promise<Place> {
  const { tenantId = '', journeyId = '' } = addressPattern.exec(url.pathname)?.groups ?? {};
  const flows = isUuid(tenantId) ? await services.flowsOf(tenantId.toLowerCase()) : undefined;
  if (!flows) throw httpFaults.notFound();
  return { flows, tenantId, journeyId, secret: parseCookies(headers.cookie).get(journeyCookie) ?? '' };
}

async function show(move: Move, place: Place, services: PagesServices): Promise<Reply> {
  if (move.kind === 'go') return redirect(move.url);
  const { journey, screen, revision } = move;
  const look = lookOf(await place.flows.presentation(journey.flowId), screen.id, journey.pageFlavor);
  const document = renderScreen(screen, {
    look,
    voice: createVoice(services.words, journey.locales, move.words),
    tenantName: await services.tenantName(place.tenantId),
    client: journey.client,
    csrf: csrfToken(place.secret),
    revision,
  });
  return documentReply(200, document, { sources: look.sources });
}

async function read(exchange: Exchange): Promise<ReadonlyMap<string, string>> {
  const tooLarge = (bytes: number): boolean => bytes > largestForm;
  if (tooLarge(Number(exchange.headers['content-length'] ?? 0)) || tooLarge((await exchange.body()).length)) {
    throw httpFaults.tooLarge({ limit: largestForm });
  }
  return readForm(exchange);
}

async function answer(place: Place, exchange: Exchange, services: PagesServices): Promise<Reply> {
  if (!sentByOwnPage(exchange)) throw faults.foreignForm();
  const form = await read(exchange);
  if (!isCsrfToken(form.get(own.csrf), place.secret)) throw faults.foreignForm();
  const revision = form.get(own.revision) ?? '';
  if (!/^\d{1,9}$/.test(revision)) throw httpFaults.malformedForm({ reason: `'${own.revision}' is not a number` });
  const { 'user-agent': userAgent, cookie } = exchange.headers;
  const sender = { address: exchange.remoteAddress, userAgent, device: parseCookies(cookie).get(deviceCookie) };
  const move = await place.flows.answer(place.journeyId, place.secret, Number(revision), toInput(form), sender);
  // A second answer changed nothing, so a refresh repeats nothing; another GET would lose the message that says so.
  if (move.kind === 'show' && move.stale) return show(move, place, services);
  // Else another GET: a page that is refreshed sends nothing twice, and no password travels on to the application.
  return redirect(move.kind === 'go' ? move.url : exchange.url.pathname);
}

async function serve(exchange: Exchange, services: PagesServices): Promise<Reply> {
  const place = await find(exchange, services);
  if (exchange.method === 'POST') return answer(place, exchange, services);
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') throw faults.methodNotAllowed();
  return show(await place.flows.look(place.journeyId, place.secret), place, services);
}

function explain(error: unknown): Pick<ErrorInfo, 'status' | 'code' | 'message'> {
  if (!(error instanceof Fault)) return { status: 500, message: 'The server met a problem it did not expect.' };
  const { status, message, code } = error;
  return code === 'flows.journeyLost' ? { status, message, code: lostCode } : { status, message };
}

function explainReply(error: unknown, exchange: Exchange, services: PagesServices): Reply {
  const info = explain(error);
  if (isMalfunction(error)) {
    services.observe({
      kind: 'http.failed',
      path: exchange.url.pathname,
      correlationId: exchange.correlationId,
      error,
    });
  }
  return errorPage(
    {
      ...info,
      correlationId: exchange.correlationId,
      timestamp: supportTime(services.clock.now()),
    },
    acceptedLanguages(exchange.headers['accept-language']),
    services.words,
  );
}

/** Shows the screens of journeys at `/journey/{tenantId}/{journeyId}`, and takes the answers. */
export function pagesFace(services: PagesServices): Face {
  return {
    name: 'pages',
    answers: ({ pathname }) => addressPattern.test(pathname) || assetAt(pathname) !== undefined,
    async handle(exchange) {
      const asset = assetAt(exchange.url.pathname);
      if (asset) return asset.reply(exchange);
      try {
        return await serve(exchange, services);
      } catch (error) {
        return explainReply(error, exchange, services);
      }
    },
  };
}
