import { digest } from '../../kernel/index.ts';
import type { Authority } from '../authority.ts';
import type { Application } from '../clients.ts';
import type { TenantContext } from '../context.ts';
import type { Params } from '../dialect/params.ts';
import { standardFaults } from '../dialect/standard-errors.ts';
import { isFapi } from './profile.ts';

/** What the name of a pushed request begins with (RFC 9126 §2.2). */
export const prefix = 'urn:ietf:params:oauth:request_uri:';

/** As it is kept. */
interface Pushed {
  readonly appId: string;
  readonly flowId: string;
  readonly params: readonly (readonly [string, string])[];
}

export interface Requested {
  readonly params: Params;
  /** They were pushed, and not brought by the browser. */
  readonly pushed: boolean;
}

/**
 * The parameters of an authorization request: those that its `request_uri` stands for, and then none of those that came with it
 * (RFC 9126 §4). Good once, for the client and the flow it was pushed by and at. Throws `oidc.requestUriUnknown`.
 */
export async function requestedParams(
  params: Params,
  { id: authorityId }: Authority,
  { store: { ephemeral } }: TenantContext,
): Promise<Requested> {
  const uri = params.get('request_uri');
  if (!uri?.startsWith(prefix)) return { params, pushed: false };
  const id = digest(uri.slice(prefix.length));
  const found = (await ephemeral.get('oidc.PushedRequest', id))?.payload as Pushed | undefined;
  const own = found?.flowId === authorityId && found.appId === params.get('client_id')?.toLowerCase();
  if (!found || !own || !(await ephemeral.take('oidc.PushedRequest', id))) throw standardFaults.requestUriUnknown();
  return { params: new Map(found.params), pushed: true };
}

/** Throws `oidc.pushRequired`. */
export function assertPushed(app: Application, pushed: boolean): void {
  const required = app.settings.isPushedAuthorizationRequired || isFapi(app);
  if (required && !pushed) throw standardFaults.pushRequired();
}
