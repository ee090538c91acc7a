import { jsonReply, type Reply } from '../../http/index.ts';
import { type Authority, segmentOf } from '../authority.ts';
import type { Application } from '../clients.ts';
import { belongingAt, type TenantContext, type Visit } from '../context.ts';
import { refusal } from '../dialect/errors.ts';
import type { Params } from '../dialect/params.ts';
import { redirectUrisOf } from '../dialect/redirect-uri.ts';
import { mountOf } from '../dialect/route.ts';
import { standardFaults } from '../dialect/standard-errors.ts';
import { lifetimes } from '../lifetimes.ts';
import { resolveScopes } from '../scopes.ts';
import type { Ticket } from '../ticket.ts';
import { clientEndpoint } from './client-endpoint.ts';
import { createDeviceCodes, pollSeconds, spelled } from './device-codes.ts';
import { isFapi } from './profile.ts';

/** Longest `scope`, as at authorize. */
const longestScope = 4_096;

/** Where people enter the code; in one form, whichever the request was made in, so that its cookie is sent everywhere it is needed. */
export const devicePath = ({ route }: Pick<Visit, 'route'>, authority: Authority): string =>
  `${mountOf(route, segmentOf(authority))}/oauth2/v2.0/deviceauth`;

/** An application that has nothing but a server proves itself here too (RFC 8628 §3.1, §3.4). */
export const mustProveDevice = (app: Application): boolean =>
  app.isFallbackPublicClient !== true &&
  redirectUrisOf(app, 'web').length > 0 &&
  redirectUrisOf(app, 'publicClient').length === 0;

/** Throws `oidc.notSwitchedOn`, 90051: passwords are exchanged at that flow, and it has no pages. */
export function assertDeviceAllowed(app: Application, authority: Authority): void {
  const { appId, settings } = app;
  if (!settings.isDeviceFlowAllowed || isFapi(app)) {
    throw standardFaults.notSwitchedOn({ appId, setting: 'isDeviceFlowAllowed' });
  }
  if (authority.kind === 'resourceOwner') throw refusal('AADB2C90051');
}

/** Throws 90010, 90122, 90115 and what `resolveScopes` throws. */
async function ticketFor(
  form: Params,
  app: Application,
  { authority, stamp }: Visit,
  context: TenantContext,
): Promise<Ticket> {
  const scope = form.get('scope');
  if (scope === undefined) throw refusal('AADB2C90010');
  if (Buffer.byteLength(scope) > longestScope) throw refusal('AADB2C90122', 'scope');
  const granted = await resolveScopes(scope, app, { clients: context.clients, authority });
  if (!granted.openid && !granted.resource) throw refusal('AADB2C90115');
  return {
    ...granted,
    ...(await belongingAt(authority, app.appId, context)),
    platform: 'publicClient',
    clientInfo: form.get('client_info') === '1',
    correlationId: stamp.correlationId,
  };
}

/** Device authorization request (RFC 8628 §3.1); `message` is what Microsoft's libraries show. */
export const deviceAuthorization = (visit: Visit, context: TenantContext): Promise<Reply> =>
  clientEndpoint(visit, context, 'client_id', async ({ form, client: { app, proved }, cors }) => {
    const { exchange, authority } = visit;
    assertDeviceAllowed(app, authority);
    if (mustProveDevice(app) && !proved) throw standardFaults.unproved();
    const ticket = await ticketFor(form, app, visit, context);
    const { clock, store } = context;
    const codes = createDeviceCodes({ ephemeral: store.ephemeral, clock });
    const { deviceCode, userCode } = await codes.begin(app.appId, ticket);
    const page = `${exchange.url.origin}${devicePath(visit, authority)}`;
    const shown = spelled(userCode);
    const body = {
      device_code: deviceCode,
      user_code: shown,
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${shown}`,
      expires_in: lifetimes.deviceCode,
      interval: pollSeconds,
      message: `To sign in, open ${page} in a browser and enter the code ${shown}.`,
    };
    return jsonReply(200, body, { pragma: 'no-cache', ...cors });
  });
