import type { Reply } from '../../http/index.ts';
import { Fault } from '../../kernel/index.ts';
import type { TenantContext, Visit } from '../context.ts';
import { readClientForm } from '../credentials.ts';
import { type Headers, openToEverySpa, openToPagesOf, preflight } from '../dialect/cors.ts';
import { isDefect } from '../dialect/errors.ts';
import type { Params } from '../dialect/params.ts';
import { tokenError } from '../dialect/response.ts';
import { type KnownClient, knowClient } from './client-proof.ts';

/** A request of a client that is known, and what the answer must say so that a page of its own may read it. */
export interface ClientRequest {
  readonly form: Params;
  readonly client: KnownClient;
  readonly cors: Headers;
}

/**
 * What the endpoints that programs post forms to have in common: preflight, form, client, and errors in the shape of RFC 6749 §5.2.
 * Pages may read the answer from `spa` origins only. `needed`: the parameter named when there is no form at all.
 */
export async function clientEndpoint(
  visit: Visit,
  context: TenantContext,
  needed: string,
  answer: (request: ClientRequest) => Promise<Reply>,
): Promise<Reply> {
  const { exchange, stamp } = visit;
  const { origin } = exchange.headers;
  let cors = await openToEverySpa(origin, context.clients);
  if (exchange.method === 'OPTIONS') {
    return preflight(cors, exchange.headers['access-control-request-headers'], 'POST, OPTIONS');
  }
  try {
    const form = await readClientForm(visit, needed);
    const client = await knowClient(form, visit, context);
    cors = openToPagesOf(client.app, origin);
    return await answer({ form, client, cors });
  } catch (error) {
    if (!(error instanceof Fault) || isDefect(error)) throw error;
    return tokenError(error, stamp, cors);
  }
}
