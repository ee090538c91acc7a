import type { Outbox } from '../connectors/index.ts';
import type { Directory } from '../directory/index.ts';
import {
  documentReply,
  type Exchange,
  type Face,
  httpFaults,
  jsonReply,
  parseQuery,
  type Reply,
  readJson,
  redirect,
  sentByOwnPage,
} from '../http/index.ts';
import { type AdjustableClock, Fault, isMalfunction, isoDateTime, type Observe } from '../kernel/index.ts';
import { faults } from './faults.ts';
import { fileAt } from './files.ts';
import { renderOutboxPage } from './outbox-page.ts';
import { runnable } from './runnable.ts';
import { renderTryPage } from './try-page.ts';

export interface WorkbenchTenant {
  readonly id: string;
  /** The default domain first. */
  readonly domains: readonly string[];
  readonly displayName: string;
}

export interface WorkbenchServices {
  tenants(): Promise<readonly WorkbenchTenant[]>;
  directoryOf(tenantId: string): Promise<Directory>;
  /** Why a user flow of the tenant does not run, as a sentence; `undefined` when it does. */
  obstacleTo(tenantId: string, flowId: string): Promise<string | undefined>;
  readonly outbox: Outbox;
  readonly clock: AdjustableClock;
  /** Back to the state of the first start: empties the store and the outbox, resets the clock, seeds again. */
  reset(): Promise<void>;
  readonly observe: Observe;
}

/** Bytes of a JSON body; the only one there is holds one number. */
const largestBody = 4096;

/** Ten years, in seconds: far beyond every lifetime, and nowhere near the end of dates. */
const mostSeconds = 315_360_000;

type Handler = (exchange: Exchange, services: WorkbenchServices) => Promise<Reply>;

async function showTry({ url }: Exchange, services: WorkbenchServices): Promise<Reply> {
  const tenants = await Promise.all(
    (await services.tenants()).map(async ({ id, domains, displayName }) => ({
      id,
      domain: domains[0] ?? id,
      displayName,
      ...(await runnable(await services.directoryOf(id), url.origin, (flowId) => services.obstacleTo(id, flowId))),
    })),
  );
  const now = isoDateTime(services.clock.now());
  const page = renderTryPage({ origin: url.origin, tenants, messages: services.outbox.messages(), now });
  return documentReply(200, page, { connect: true });
}

async function advance(exchange: Exchange, { clock }: WorkbenchServices): Promise<Reply> {
  if ((await exchange.body()).length > largestBody) throw httpFaults.tooLarge({ limit: largestBody });
  const body = await readJson(exchange);
  const seconds: unknown = typeof body === 'object' && body !== null && 'advanceSeconds' in body && body.advanceSeconds;
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || Math.abs(seconds) > mostSeconds) {
    throw faults.badClock({ most: mostSeconds });
  }
  clock.advance(seconds);
  return jsonReply(200, { now: isoDateTime(clock.now()) });
}

/** Method and path, as product.md names them. */
const handlers: Readonly<Record<string, Handler>> = {
  'GET /': async () => redirect('/try/', {}, 302),
  'GET /try': async () => redirect('/try/', {}, 302),
  'GET /try/': showTry,
  'GET /dev/outbox': async ({ url }, { outbox }) => jsonReply(200, outbox.messages(parseQuery(url).get('email'))),
  'GET /dev/outbox/': async (_, { outbox }) =>
    documentReply(200, renderOutboxPage(outbox.messages(), outbox.leaving), { connect: true }),
  'POST /dev/clock': advance,
  'POST /dev/reset': async (_, { reset }) => {
    await reset();
    return { status: 204 };
  },
};

async function serve(exchange: Exchange, services: WorkbenchServices): Promise<Reply> {
  const { pathname } = exchange.url;
  if (pathname.startsWith('/dev/') && !sentByOwnPage(exchange)) throw faults.foreign();
  const method = exchange.method === 'HEAD' ? 'GET' : exchange.method;
  const file = fileAt(pathname);
  if (file && method === 'GET') return file;
  const handler = handlers[`${method} ${pathname}`];
  if (handler) return handler(exchange, services);
  const allowed = file ? ['GET'] : ['GET', 'POST'].filter((one) => handlers[`${one} ${pathname}`]);
  throw allowed.length > 0 ? faults.methodNotAllowed({ allowed: allowed.join(', ') }) : httpFaults.notFound();
}

function refuse(error: unknown, { route, correlationId }: Exchange, { observe }: WorkbenchServices): Reply {
  if (isMalfunction(error)) {
    observe({ kind: 'http.failed', route, correlationId, error });
  }
  const { status, code, message } =
    error instanceof Fault ? error : { status: 500, code: 'workbench.failed', message: 'The server met a problem.' };
  return jsonReply(status, { error: { code, message, correlationId } });
}

/** Answers `/`, `/try/` and `/dev/…`. The listener has already refused foreign `Host` headers (421). */
export function workbenchFace(services: WorkbenchServices): Face {
  return {
    name: 'workbench',
    answers: ({ pathname }) => pathname === '/' || /^\/(?:try|dev)(?:\/|$)/.test(pathname),
    async handle(exchange) {
      try {
        return await serve(exchange, services);
      } catch (error) {
        return refuse(error, exchange, services);
      }
    },
  };
}
