import type { Directory } from '../directory/index.ts';
import { type Exchange, type Face, type Reply, readJson } from '../http/index.ts';
import { type Caller, type Clock, newId, type Observe, system } from '../kernel/index.ts';
import { narrow } from './allowance.ts';
import { authorize, collectionOf, isOpen } from './authorize.ts';
import { openToAll, preflight } from './cross-origin.ts';
import { isMembers } from './draft.ts';
import type { Json } from './entity-json.ts';
import { errorReply, isInternal } from './error.ts';
import { execute } from './execute.ts';
import { faults } from './faults.ts';
import { type PageTokens, pageTokens } from './page-token.ts';
import { plan } from './plan.ts';
import { render } from './render.ts';
import { type GraphRequest, parseRequest, versionOf } from './request.ts';
import { type Route, route } from './route.ts';
import { isIdentitySet } from './surface.ts';

export interface GraphServices {
  /** Who asks, by the bearer token. Throws a fault with status 401 when it is missing, malformed, expired or not for us. */
  callerOf(exchange: Exchange): Promise<{ readonly tenantId: string; readonly caller: Caller }>;
  directoryOf(tenantId: string): Promise<Directory>;
  readonly clock: Clock;
  readonly observe: Observe;
  /** Signs page tokens; the same in every process that serves the database. */
  readonly pageKey: Buffer;
}

/** Nobody has signed in yet; only what is open to everybody is asked for. */
const nobody = { tenantId: '', caller: system('public document') } as const;

/**
 * Microsoft Graph for `/v1.0` and `/beta`: parse, route, authorize, plan, execute, render. Each stage may refuse, and only
 * `execute` touches the directory.
 */
export function graphFace(services: GraphServices): Face {
  const tokens = pageTokens(services.pageKey);
  return {
    name: 'graph',
    answers: (url) => versionOf(url.pathname) !== undefined,
    handle: async (exchange) => preflight(exchange) ?? handle(services, tokens, exchange),
  };
}

async function handle(services: GraphServices, tokens: PageTokens, exchange: Exchange): Promise<Reply> {
  const { correlationId, url } = exchange;
  // The caller's own id names the request when there is one; ours is then a second one.
  const requestId = exchange.headers['client-request-id'] === undefined ? correlationId : newId();
  let asked: Route | undefined;
  let reply: Reply;
  try {
    const request = parseRequest(exchange);
    asked = route(request);
    reply = await answer(services, tokens, exchange, request, asked);
  } catch (error) {
    if (isInternal(error)) services.observe({ kind: 'http.failed', path: url.pathname, correlationId, error });
    const collection = asked && collectionOf(asked);
    const identity = collection !== undefined && isIdentitySet(collection.root);
    reply = errorReply(error, { clock: services.clock, requestId, correlationId, identity, origin: url.origin });
  }
  const always = {
    ...openToAll,
    'odata-version': '4.0',
    'request-id': requestId,
    'client-request-id': correlationId,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
  return { ...reply, headers: { ...always, ...reply.headers } };
}

async function answer(
  { callerOf, directoryOf }: GraphServices,
  tokens: PageTokens,
  exchange: Exchange,
  request: GraphRequest,
  asked: Route,
): Promise<Reply> {
  const open = isOpen(asked);
  const { tenantId, caller } = open ? nobody : await callerOf(exchange);
  const allowed = open ? undefined : authorize(asked, caller);
  const planned = narrow(plan(request, asked, tenantId, tokens), allowed);
  if (open)
    return render(
      { kind: asked.kind === 'metadata' ? 'metadata' : 'service' },
      { request, plan: planned, tenantId, tokens },
    );
  const result = await execute(planned, {
    directory: await directoryOf(tenantId),
    caller,
    body: () => readBody(exchange),
    representation: request.preferences.return === 'representation',
    ...(request.ifMatch === undefined ? {} : { ifMatch: request.ifMatch }),
  });
  return render(result, { request, plan: planned, tenantId, tokens });
}

/** The JSON object of the body. Throws what `readJson` throws, and `graph.emptyBody`, `graph.badBody`. */
async function readBody(exchange: Exchange): Promise<Json> {
  if ((await exchange.body()).length === 0) throw faults.emptyBody();
  const body = await readJson(exchange);
  if (!isMembers(body)) throw faults.badBody({ reason: 'it must be a JSON object' });
  return body;
}
