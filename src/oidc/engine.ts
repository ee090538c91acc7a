import { ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { parseCookies } from '../http/index.ts';
import { digest } from '../kernel/index.ts';
import { belongsTo } from './authority.ts';
import { type Call, type CallRequest, callOf, engineRequest } from './call.ts';
import { cookieNames } from './provider.ts';
import { readTicket, ticketParameter } from './ticket.ts';

/** What oidc-provider wrote; of it only redirects of its own and cookies reach the browser. */
export interface EngineAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly cookies: readonly string[];
}

/** oidc-provider as a function: request in, answer out, outcome on the call. Nothing touches the real socket. */
export interface Engine {
  readonly issuer: string;
  run(call: Call, request: CallRequest): Promise<EngineAnswer>;
}

/** Keeps what is written to it. */
class Captured extends ServerResponse {
  override end(): this {
    return this;
  }
}

const listed = (value: number | string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [String(value)];

function read(response: ServerResponse, tenantId: string): EngineAnswer {
  // The journey has a cookie of its own, and the library's would name the interaction to every page of it; so have sessions.
  const { interaction, session } = cookieNames(tenantId);
  const unwanted = (cookie: string): boolean => cookie.startsWith(interaction) || cookie.startsWith(session);
  const cookies = listed(response.getHeader('set-cookie')).filter((cookie) => !unwanted(cookie));
  const location = listed(response.getHeader('location'))[0];
  return { status: response.statusCode, location, cookies: cookies.map(withPublicPath) };
}

/** An interaction's cookie is sent to the interaction's address, which bears the digest of its id: addresses are logged. */
const withPublicPath = (cookie: string): string =>
  cookie.replace(/(; path=[^;]*\/authorize\/)([\w-]+)/i, (_, before: string, uid: string) => `${before}${digest(uid)}`);

const resuming = /\/authorize\/([\w-]+)$/;

/** The request as the library knows it: with the id from the cookie, if that is the one the address has the digest of. */
function withOwnPath(request: CallRequest, tenantId: string): CallRequest {
  const named = resuming.exec(request.path)?.[1];
  const uid = named === undefined ? undefined : parseCookies(request.cookie).get(cookieNames(tenantId).resume);
  if (named === undefined || uid === undefined || digest(uid) !== named) return request;
  return { ...request, path: request.path.replace(named, encodeURIComponent(uid)) };
}

/** Before an interaction goes on: it must be of the authority in the address, whom tokens name. */
async function mayGoOn(provider: Provider, ctx: Pick<KoaContextWithOIDC, 'req'>, uid: string): Promise<boolean> {
  const interaction = await provider.Interaction.find(uid);
  return interaction !== undefined && belongsTo(readTicket(interaction.params[ticketParameter]), callOf(ctx).authority);
}

export function createEngine(provider: Provider, tenantId: string): Engine {
  provider.use(async (ctx, next) => {
    const uid = resuming.exec(ctx.path)?.[1];
    if (uid === undefined || (await mayGoOn(provider, ctx, uid))) return next();
    callOf(ctx).outcome = { kind: 'failed', error: 'no interaction', params: {}, shown: true };
    ctx.status = 400;
  });
  const handle = provider.callback();

  return {
    issuer: provider.issuer,
    async run(call, request) {
      const message = engineRequest(call, withOwnPath(request, tenantId));
      const response = new Captured(message);
      await handle(message, response);
      return read(response, tenantId);
    },
  };
}
