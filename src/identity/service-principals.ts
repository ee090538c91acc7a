import { behaviour, type DeriveContext, type PrepareContext, type Versioned } from '../directory/index.ts';
import type { Caller } from '../kernel/index.ts';
import {
  type Draft,
  type EntityOf,
  entities,
  fold,
  graphAppId,
  graphDelegatedPermissions,
  graphPermissions,
  restore,
} from '../model/index.ts';
import type { StoreReader } from '../store/index.ts';
import { applicationOf, passwordOperations, sealed } from './application-credentials.ts';
import { faults } from './faults.ts';

type Application = EntityOf<typeof entities.application>;
type ServicePrincipal = EntityOf<typeof entities.servicePrincipal>;
type ServicePrincipalDraft = Draft<typeof entities.servicePrincipal>;
type Derived = Partial<ServicePrincipal>;

export const graphServicePrincipalName = 'Microsoft Graph';

/**
 * A service principal stands for an application of the tenant, or for Graph; only one it has switched off makes a difference to sign-ins,
 * and none is needed for them (Graph contract a.11).
 */
export const servicePrincipalBehaviour = behaviour({
  type: entities.servicePrincipal,
  async prepare(
    draft: ServicePrincipalDraft,
    context: PrepareContext<typeof entities.servicePrincipal>,
  ): Promise<ServicePrincipalDraft> {
    const { verb, caller, reader, current } = context;
    // Also where the server acts for somebody: what is Graph's is changed by the server alone.
    if (current) demandOwn(current, caller);
    const { appId = '', passwordCredentials } = draft;
    const next = passwordCredentials
      ? { ...draft, passwordCredentials: passwordCredentials.map((one) => sealed(one, context)) }
      : draft;
    if (verb === 'update') return next;
    const [application] = await applicationsOf([appId], reader);
    return { ...next, displayName: draft.displayName ?? application?.displayName ?? null };
  },
  async check({ appId }: ServicePrincipal, { verb, caller, reader }): Promise<void> {
    if (verb === 'update' || (isGraph(appId) && caller.kind === 'system')) return;
    if ((await applicationsOf([appId], reader)).length === 0) throw faults.noSuchApplication({ appId });
  },
  async checkRemove(current: ServicePrincipal, { caller }): Promise<void> {
    demandOwn(current, caller);
  },
  operations: passwordOperations(entities.servicePrincipal, async ({ directory, target }) =>
    applicationOf(directory, target?.entity.appId ?? ''),
  ),
  async derive(
    found: readonly Versioned<typeof entities.servicePrincipal>[],
    { reader, tenant }: DeriveContext,
  ): Promise<readonly Derived[]> {
    const ids = found.map(({ entity }) => entity.appId).filter((appId) => !isGraph(appId));
    const known = new Map((await applicationsOf(ids, reader)).map((one) => [fold(one.appId), one]));
    const ours = { appOwnerOrganizationId: tenant.id, publisherName: tenant.displayName };
    return found.map(({ entity: { appId } }) => {
      const application = known.get(fold(appId));
      if (isGraph(appId)) return { ...ofGraph, ...ours };
      return application ? { ...ofApplication(application), ...ours } : ours;
    });
  },
});

const isGraph = (appId: string): boolean => fold(appId) === graphAppId;

function demandOwn({ appId, displayName }: ServicePrincipal, caller: Caller): void {
  const trusted = caller.kind === 'system' && caller.onBehalfOf === undefined;
  if (isGraph(appId) && !trusted) throw faults.reservedServicePrincipal({ displayName });
}

/** The service principal that goes with an application of the tenant. */
export async function servicePrincipalOf(appId: string, reader: StoreReader): Promise<string | undefined> {
  const filter = { op: 'eq', path: ['appId'], value: appId } as const;
  const { items } = await reader.find({ type: entities.servicePrincipal, filter, limit: 1 });
  return items[0]?.id;
}

async function applicationsOf(appIds: readonly string[], reader: StoreReader): Promise<readonly Application[]> {
  if (appIds.length === 0) return [];
  const { items } = await reader.find({
    type: entities.application,
    filter: { op: 'in', path: ['appId'], values: [...new Set(appIds)] },
    limit: Math.min(appIds.length, 999),
  });
  return items.map(({ id, values }) => ({ ...restore(entities.application, values), id }) as Application);
}

function ofApplication(application: Application): Derived {
  const { appId, api, web, spa, publicClient } = application;
  const scopes = api.oauth2PermissionScopes;
  const replyUrls = [web, spa, publicClient].flatMap(({ redirectUris }) => redirectUris);
  return {
    appDescription: application.description,
    appDisplayName: application.displayName,
    appRoles: application.appRoles,
    info: application.info,
    logoutUrl: web.logoutUrl,
    oauth2PermissionScopes: scopes,
    publishedPermissionScopes: scopes,
    replyUrls: [...new Set(replyUrls)],
    servicePrincipalNames: [...application.identifierUris, appId],
    signInAudience: application.signInAudience,
  };
}

const graphRoles: ServicePrincipal['appRoles'] = Object.entries(graphPermissions).map(([value, id]) => ({
  id,
  allowedMemberTypes: ['Application'],
  displayName: value,
  description: `What '${value}' opens in Microsoft Graph, without a signed-in user.`,
  isEnabled: true,
  origin: 'Application',
  value,
}));

const graphScopes: ServicePrincipal['oauth2PermissionScopes'] = Object.entries(graphDelegatedPermissions).map(
  ([value, id]) => ({
    id,
    value,
    type: 'Admin',
    isEnabled: true,
    adminConsentDisplayName: value,
    adminConsentDescription: `What '${value}' opens in Microsoft Graph, on behalf of the signed-in user.`,
    userConsentDisplayName: null,
    userConsentDescription: null,
    origin: null,
  }),
);

const ofGraph: Derived = {
  appDisplayName: graphServicePrincipalName,
  appRoles: graphRoles,
  oauth2PermissionScopes: graphScopes,
  publishedPermissionScopes: graphScopes,
  servicePrincipalNames: [graphAppId, 'https://graph.microsoft.com', 'https://graph.microsoft.com/'],
  signInAudience: 'AzureADMultipleOrgs',
};
