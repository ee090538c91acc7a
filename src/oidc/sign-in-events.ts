import type { SignInEvent } from '../identity/index.ts';
import type { Fault } from '../kernel/index.ts';
import { graphAppId } from '../model/index.ts';
import type { AuthorizationRequest } from './authorization.ts';
import type { Application } from './clients.ts';
import type { TenantContext, Visit } from './context.ts';
import { spoken } from './dialect/directory-words.ts';
import { codeOf } from './dialect/errors.ts';
import type { TokenCall } from './grants/grant.ts';
import type { HeldGrant } from './records.ts';

/** What an endpoint knows of a sign-in. */
interface Note extends Pick<SignInEvent, 'interactive' | 'correlationId'> {
  readonly app: Application;
  readonly user: SignInEvent['user'];
  /** `appId` of the API that tokens were asked for. */
  readonly resourceId: string | undefined;
  readonly failure: Fault | undefined;
  /** Whose journey was walked; undefined: none was chosen. */
  readonly flowId: string | undefined;
}

type Context = Pick<TenantContext, 'signIns' | 'clients' | 'observe'>;

function known(raised: Fault, { dialect }: Visit['stamp']): NonNullable<SignInEvent['failure']> {
  const failure = spoken(raised, dialect);
  return { code: codeOf(failure) ?? failure.code, reason: failure.message };
}

/** Kept by `clients`, so that nobody waits for a name. */
async function resourceOf(id: string, { clients }: Context): Promise<SignInEvent['resource']> {
  if (id === graphAppId) return { id, displayName: 'Microsoft Graph' };
  return { id, displayName: (await clients.find(id))?.displayName ?? null };
}

/** Tells the tenant's log. Who signs in does not depend on it: what goes wrong here is observed. */
async function note({ exchange, stamp }: Visit, context: Context, noted: Note): Promise<void> {
  const { app, user, interactive, correlationId, resourceId, flowId, failure } = noted;
  const userAgent = exchange.headers['user-agent'];
  try {
    const resource = resourceId === undefined ? undefined : await resourceOf(resourceId, context);
    context.signIns.record({
      interactive,
      appId: app.appId,
      appDisplayName: app.displayName,
      ipAddress: exchange.remoteAddress,
      correlationId,
      ...(user ? { user } : {}),
      ...(flowId === undefined ? {} : { flowId }),
      ...(resource ? { resource } : {}),
      ...(userAgent === undefined ? {} : { userAgent }),
      ...(failure ? { failure: known(failure, stamp) } : {}),
    });
  } catch (error) {
    context.observe({ kind: 'warning', message: 'A sign-in was not logged.', error });
  }
}

/** The one that the address names. */
const flowAt = ({ authority }: Visit): string | undefined => (authority.kind === 'tenant' ? undefined : authority.id);

/** A request that was refused before a journey could begin. */
export const noteRefused = (visit: Visit, context: Context, app: Application, failure: Fault, silent: boolean) =>
  note(visit, context, {
    app,
    failure,
    interactive: !silent,
    user: undefined,
    resourceId: undefined,
    flowId: flowAt(visit),
    correlationId: visit.stamp.correlationId,
  });

/** How an authorization request came out: after a journey a person was there, before it nobody was asked. */
export async function noteAuthorization(
  visit: Visit,
  context: Context,
  {
    request,
    user,
    failure,
  }: { readonly request: AuthorizationRequest; readonly failure?: Fault; readonly user: SignInEvent['user'] },
): Promise<void> {
  const app = await context.clients.find(request.appId);
  if (!app) return;
  const { resource, correlationId, flowId } = request.ticket;
  await note(visit, context, {
    app,
    failure,
    interactive: visit.route.endpoint === 'resume',
    correlationId,
    resourceId: resource?.appId,
    flowId,
    user,
  });
}

/**
 * How a token request came out. A code that is redeemed says nothing new: the sign-in it stands for is in the log. All else
 * happens without a person: a renewal, an application that asks for itself, and whatever is refused.
 */
export async function noteToken(
  visit: Visit,
  context: Context,
  {
    app,
    call,
    failure,
  }: { readonly app: Application; readonly call?: TokenCall | undefined; readonly failure?: Fault },
): Promise<void> {
  if (!failure && call?.presented?.kind === 'oidc.AuthorizationCode') return;
  const user = call?.user ?? call?.tried ?? personOf(call?.presented?.held, app);
  await note(visit, context, {
    app,
    failure,
    interactive: false,
    correlationId: visit.stamp.correlationId,
    resourceId: call?.resourceId,
    flowId: call?.presented?.held?.grant.signIn.flowId ?? flowAt(visit),
    user,
  });
}

/** Whose grant was presented; another client's is no word about that person. */
function personOf(held: HeldGrant | undefined, { appId }: Application): SignInEvent['user'] {
  if (held?.grant.clientId !== appId) return undefined;
  const { userId, claims } = held.grant.signIn;
  const { name } = claims;
  return { id: userId, ...(typeof name === 'string' ? { displayName: name } : {}) };
}
