import { jsonReply, type Reply } from '../../http/index.ts';
import { digest, newSecret } from '../../kernel/index.ts';
import { identify, settleRequest } from '../authorize.ts';
import type { Application } from '../clients.ts';
import type { TenantContext, Visit } from '../context.ts';
import { authorizationParams, type Params } from '../dialect/params.ts';
import { standardFaults } from '../dialect/standard-errors.ts';
import { lifetimes } from '../lifetimes.ts';
import { withKey } from './binding.ts';
import { clientEndpoint } from './client-endpoint.ts';
import { prefix } from './pushed-params.ts';

const withoutProof = new Set(['client_secret', 'client_assertion', 'client_assertion_type']);

interface Settled {
  readonly app: Application;
  readonly proved: boolean;
  readonly params: Params;
}

/** Everything that `authorize` would find wrong is said here already. Throws what it throws, and `oidc.unproved`. */
async function settle({ app, proved, params }: Settled, visit: Visit, context: TenantContext) {
  if (params.has('request_uri')) throw standardFaults.requestUriUnknown();
  const asker = await identify(params, visit.authority, context);
  // What a web application pushes is bound to its proof, as the code will be (RFC 9126 §2).
  if (asker.platform === 'web' && !proved && app.isFallbackPublicClient !== true) throw standardFaults.unproved();
  await settleRequest(params, asker, visit, context);
}

/**
 * Pushed authorization requests (RFC 9126): the parameters come from the client itself and never pass through the browser; what the
 * browser brings is a name for them, good once and for a minute.
 */
export const pushedRequest = (visit: Visit, context: TenantContext): Promise<Reply> =>
  clientEndpoint(visit, context, 'client_id', async ({ form, client, cors }) => {
    const { app, proved } = client;
    const sent = new Map([...form].filter(([name]) => !withoutProof.has(name)));
    const named = authorizationParams(new Map([...sent, ['client_id', app.appId]]));
    const {
      clock,
      store: { ephemeral },
    } = context;
    const params = await withKey(named, app, visit.exchange, { clock, ephemeral });
    await settle({ app, proved, params }, visit, context);
    const name = newSecret();
    const payload = { appId: app.appId, flowId: visit.authority.id, params: [...params] };
    const ttlSeconds = lifetimes.pushedRequest;
    await ephemeral.put('oidc.PushedRequest', { id: digest(name), payload, ttlSeconds });
    return jsonReply(201, { request_uri: `${prefix}${name}`, expires_in: ttlSeconds }, { pragma: 'no-cache', ...cors });
  });
