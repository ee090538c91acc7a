import type { Directory } from '../directory/index.ts';
import type { Exchange, Reply } from '../http/index.ts';
import { type Caller, type Clock, type Observe, system } from '../kernel/index.ts';
import { narrow } from './allowance.ts';
import { authorize, collectionOf, mayRead, openKind } from './authorize.ts';
import { isBatch } from './batch-request.ts';
import { narrowBeside } from './beside.ts';
import { meantBy } from './conditions.ts';
import { deprecationOf } from './deprecation.ts';
import { type EntityTagSeal, entityTagSeal } from './entity-tag.ts';
import { errorReply, isInternal } from './error.ts';
import { execute } from './execute.ts';
import { faults } from './faults.ts';
import { readBody, readBodyIfAny } from './json-body.ts';
import { unchanged, unchangedDocument } from './not-modified.ts';
import { type PageTokens, pageTokens } from './page-token.ts';
import { type Plan, plan } from './plan.ts';
import { type Followed, preferenceApplied } from './preferences.ts';
import { render } from './render.ts';
import { type GraphRequest, parseRequest } from './request.ts';
import { type Route, route } from './route.ts';
import { isIdentitySet } from './surface.ts';
import { readText } from './text-body.ts';
import { createThrottle, type Throttle } from './throttle.ts';
import type { Throttling } from './throttle-limits.ts';

/** Who asks, and in which tenant. */
export interface Identity {
  readonly tenantId: string;
  readonly caller: Caller;
}

/** What the face is built from. */
export interface GraphServices {
  /** Who asks, by the bearer token. Throws a fault with status 401 when it is missing, malformed, expired or not for us. */
  callerOf(exchange: Exchange): Promise<Identity>;
  directoryOf(tenantId: string): Promise<Directory>;
  readonly clock: Clock;
  readonly observe: Observe;
  /** Seals page tokens and entity tags; the same in every process that serves the database. */
  readonly pageKey: Buffer;
  readonly throttling: Throttling;
  /** Seconds that never go back, for the throttle; absent: of the process. */
  readonly now?: () => number;
}

/** One request, alone or out of a batch. */
export interface Asking {
  readonly exchange: Exchange;
  /** Ours; `exchange.correlationId` may be the caller's. */
  readonly requestId: string;
  /** Called at most once, and not at all for what is open to everybody. */
  identify(): Promise<Identity>;
}

/** Answers one request; a failure is an answer too. */
export type Answering = (asking: Asking) => Promise<Reply>;

/** Nobody has signed in yet; only what is open to everybody is asked for. */
const nobody: Identity = { tenantId: '', caller: system('public document') };

/** Parse, route, authorize, plan, execute, render. Each stage may refuse, and only `execute` touches the directory. */
export function createAnswering(services: GraphServices): Answering {
  const pipeline: Pipeline = {
    ...services,
    tokens: pageTokens(services.pageKey),
    tags: entityTagSeal(services.pageKey),
    throttle: createThrottle(services.throttling, services.now),
  };
  return async (asking) => {
    let asked: Asked | undefined;
    let reply: Reply;
    try {
      asked = read(asking.exchange);
      reply = await answer(pipeline, asking, asked);
    } catch (error) {
      reply = refusal(services, asking, error, asked?.route);
    }
    return asked ? withMore(reply, deprecationOf(collectionOf(asked.route), asked.request.version)) : reply;
  };
}

interface Pipeline extends GraphServices {
  readonly tokens: PageTokens;
  readonly tags: EntityTagSeal;
  readonly throttle: Throttle;
}

interface Asked {
  readonly request: GraphRequest;
  readonly route: Route;
}

function read(exchange: Exchange): Asked {
  const request = parseRequest(exchange);
  if (isBatch(exchange.url)) throw faults.nestedBatch();
  return { request, route: route(request) };
}

/** The answer that tells of a failure. A defect goes to the log, and the answer says nothing of it. */
export function refusal(
  { clock, observe }: GraphServices,
  { exchange: { url, route, correlationId }, requestId }: Pick<Asking, 'exchange' | 'requestId'>,
  error: unknown,
  asked?: Route,
): Reply {
  if (isInternal(error)) observe({ kind: 'http.failed', route, correlationId, error });
  const collection = asked && collectionOf(asked);
  const identity = collection !== undefined && isIdentitySet(collection.root);
  return errorReply(error, { clock, requestId, correlationId, identity, url });
}

async function answer(
  { directoryOf, tokens, tags, throttle, clock }: Pipeline,
  { exchange, identify }: Asking,
  { request: sent, route: asked }: Asked,
): Promise<Reply> {
  const open = openKind(asked);
  const { tenantId, caller } = open ? nobody : await identify();
  throttle.admit({ tenantId, caller, area: sent.segments[0]?.name ?? '' });
  const allowed = open ? undefined : authorize(asked, caller);
  const request = heard(sent, asked, caller);
  const planned = narrowBeside(narrow(plan(request, asked, { tenantId, tokens, now: clock.now() }), allowed), caller);
  if (!request.acceptsJson && readsJson(asked)) throw faults.notAcceptable();
  if (open) {
    const same = open === 'service' ? undefined : unchangedDocument(request, open);
    return same ?? render({ kind: open }, { request, plan: planned, tenantId, tokens });
  }
  const conditions = meantBy(request.conditions, tags);
  const result = await execute(planned, {
    directory: await directoryOf(tenantId),
    caller,
    body: () => readBody(exchange),
    bodyIfAny: () => readBodyIfAny(exchange),
    text: (mediaType, maxBytes) => readText(exchange, mediaType, maxBytes),
    version: request.version,
    representation: request.preferences.return === 'representation',
    conditions,
  });
  const same = asked.kind === 'get' || asked.kind === 'stream' ? unchanged(conditions, planned, result) : undefined;
  if (same !== undefined) return { status: 304, headers: { etag: tags.shown(same) } };
  const reply = withTag(render(result, { request, plan: planned, tenantId, tokens }), tags);
  return withMore(reply, preferenceApplied(request.preferences, followed(planned)));
}

/** With these headers too, of which there are rarely any. */
function withMore(reply: Reply, more: Readonly<Record<string, string>>): Reply {
  for (const _ in more) return { ...reply, headers: { ...more, ...reply.headers } };
  return reply;
}

function withTag(reply: Reply, tags: EntityTagSeal): Reply {
  const etag = reply.headers?.['etag'];
  return typeof etag === 'string' ? { ...reply, headers: { ...reply.headers, etag: tags.shown(etag) } } : reply;
}

/** The request without the wish to be shown what was changed, where the caller may change it and not read it. */
function heard(request: GraphRequest, asked: Route, caller: Caller): GraphRequest {
  const { return: wanted, ...preferences } = request.preferences;
  const changes = asked.kind === 'update' || asked.kind === 'put';
  return wanted === 'representation' && changes && !mayRead(asked, caller) ? { ...request, preferences } : request;
}

/** Reads that are answered in JSON. Bare values and documents come in their own format, writes may come without a body. */
const inJson: ReadonlySet<Route['kind']> = new Set([
  'service',
  'identity',
  'list',
  'delta',
  'listLinks',
  'getLink',
  'get',
  'property',
  'items',
  'item',
]);

function readsJson(asked: Route): boolean {
  if (asked.kind === 'invoke') return asked.operation.kind === 'function';
  return inJson.has(asked.kind) && !(asked.kind === 'property' && asked.raw);
}

function followed({ route: { kind }, round }: Plan): readonly Followed[] {
  // What is listed for the first time is told as a whole.
  if (round)
    return round.listing === undefined
      ? ['return', 'maxPageSize', 'unknownMembers']
      : ['maxPageSize', 'unknownMembers'];
  if (kind === 'create' || kind === 'update' || kind === 'put') return ['return', 'unknownMembers'];
  return kind === 'list' || kind === 'listLinks' ? ['maxPageSize', 'unknownMembers'] : ['unknownMembers'];
}
