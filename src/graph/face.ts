import type { Exchange, Face, Reply } from '../http/index.ts';
import { isUuid, newId } from '../kernel/index.ts';
import { type Answering, createAnswering, type GraphServices, refusal } from './answer.ts';
import { answerBatch } from './batch.ts';
import { isBatch } from './batch-request.ts';
import { openToAll, preflight } from './cross-origin.ts';
import { faults } from './faults.ts';
import { versionOf } from './request.ts';
import { routeTemplate } from './route-template.ts';

/** Microsoft Graph for `/v1.0` and `/beta`. */
export function graphFace(services: GraphServices): Face {
  const answering = createAnswering(services);
  return {
    name: 'graph',
    answers: (url) => versionOf(url.pathname) !== undefined,
    routeOf: ({ pathname }) => routeTemplate(pathname),
    decodesPaths: true,
    handle: async (exchange) => preflight(exchange) ?? handle(services, answering, exchange),
  };
}

/** `/v2.0` and the like. */
const otherVersion = /^\/v\d+(?:\.\d+)?(?:\/|$)/i;

/**
 * Tells programs in their own form that there is no such version. To be asked last: a tenant may have such a name, and its
 * addresses are the runtime's.
 */
export function otherVersionFace(services: GraphServices): Face {
  return {
    name: 'graph of no version',
    answers: ({ pathname }) => otherVersion.test(pathname) && versionOf(pathname) === undefined,
    decodesPaths: true,
    async handle(exchange) {
      const requestId = requestIdOf(exchange);
      const refused = () => refusal(services, { exchange, requestId }, faults.invalidVersion());
      return preflight(exchange) ?? dressed(refused(), exchange, requestId);
    },
  };
}

async function handle(services: GraphServices, answering: Answering, exchange: Exchange): Promise<Reply> {
  const requestId = requestIdOf(exchange);
  const reply = isBatch(exchange.url)
    ? await answerBatch(services, answering, { exchange, requestId })
    : await answering({ exchange, requestId, identify: () => services.callerOf(exchange) });
  return dressed(reply, exchange, requestId);
}

/** With the headers that every answer has. */
function dressed(reply: Reply, { correlationId }: Exchange, requestId: string): Reply {
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

/** The caller's own id, when it is a GUID, names the request; ours is then a second one (Graph contract d.5). */
function requestIdOf({ headers, correlationId }: Exchange): string {
  const given = headers['client-request-id'];
  return typeof given === 'string' && isUuid(given) ? newId() : correlationId;
}
