import type { Directory } from '../../directory/index.ts';
import { appleProviderId, socialProviderIds } from '../../identity/index.ts';
import { type EntityType, entities, type Filter, typeByName } from '../../model/index.ts';

export type Json = Readonly<Record<string, unknown>>;

/** One list of a seed file: what its items are, and whether the tenant has one already. */
export interface Kind {
  readonly type: EntityType;
  /** Members of which one must be there to recognise the item at the next start. */
  readonly known: readonly string[];
  exists(directory: Directory, item: Json): Promise<boolean>;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

async function matches(directory: Directory, type: EntityType, filter: Filter): Promise<boolean> {
  return (await directory.find({ type, filter, limit: 1 })).items.length > 0;
}

async function hasId(directory: Directory, type: EntityType, id: string | undefined): Promise<boolean> {
  return id !== undefined && (await directory.get({ type, id })) !== undefined;
}

/** By id, else by a property that is unique. */
const byProperty = (type: EntityType, property: string): Kind => ({
  type,
  known: ['id', property],
  async exists(directory, item) {
    if (await hasId(directory, type, textOf(item['id']))) return true;
    const value = textOf(item[property]);
    return value !== undefined && matches(directory, type, { op: 'eq', path: [property], value });
  },
});

/** What has no name of its own: the file chooses the id. */
const byId = (type: EntityType): Kind => ({
  type,
  known: ['id'],
  exists: (directory, item) => hasId(directory, type, textOf(item['id'])),
});

const userFlow = (type: EntityType, prefix: string): Kind => ({
  type,
  known: ['id'],
  async exists(directory, item) {
    const id = textOf(item['id']);
    const stored = id?.toLowerCase().startsWith(prefix.toLowerCase()) ? id : `${prefix}${id}`;
    return hasId(directory, type, stored);
  },
});

/** By id, which the kind of a provider says where a tenant has one of it; the others by their name. */
const identityProvider: Kind = {
  type: entities.identityProviderBase,
  known: ['id', 'identityProviderType', 'displayName'],
  async exists(directory, item) {
    const id = textOf(item['id']) ?? singletonId(item);
    if (id !== undefined) return hasId(directory, entities.identityProviderBase, id);
    const type = typeByName(textOf(item['@odata.type']) ?? '');
    const name = textOf(item['displayName']);
    if (type === undefined || name === undefined) return false;
    return matches(directory, type, { op: 'eq', path: ['displayName'], value: name });
  },
};

function singletonId(item: Json): string | undefined {
  const type = typeByName(textOf(item['@odata.type']) ?? '');
  if (type === entities.appleManagedIdentityProvider) return appleProviderId;
  const kind = textOf(item['identityProviderType']);
  return kind === undefined ? undefined : socialProviderIds[kind];
}

const user: Kind = {
  type: entities.user,
  known: ['id', 'userPrincipalName', 'identities'],
  async exists(directory, item) {
    if (await byProperty(entities.user, 'userPrincipalName').exists(directory, item)) return true;
    const identities = Array.isArray(item['identities']) ? item['identities'] : [];
    for (const identity of identities as readonly Json[]) {
      const [issuer, name] = [textOf(identity['issuer']), textOf(identity['issuerAssignedId'])];
      if (issuer === undefined || name === undefined) continue;
      const terms: readonly Filter[] = [
        { op: 'eq', path: ['issuer'], value: issuer },
        { op: 'eq', path: ['issuerAssignedId'], value: name },
      ];
      const where: Filter = { op: 'and', terms };
      if (await matches(directory, entities.user, { op: 'any', path: ['identities'], where })) return true;
    }
    return false;
  },
};

/** In the order they are applied: what is referred to comes first. */
export const kinds: Readonly<Record<string, Kind>> = {
  userFlowAttributes: {
    ...byProperty(entities.identityUserFlowAttribute, 'displayName'),
    type: entities.identityCustomUserFlowAttribute,
  },
  identityProviders: identityProvider,
  applications: byProperty(entities.application, 'appId'),
  servicePrincipals: byProperty(entities.servicePrincipal, 'appId'),
  apiConnectors: byProperty(entities.identityApiConnector, 'displayName'),
  b2cUserFlows: userFlow(entities.b2cIdentityUserFlow, 'B2C_1_'),
  b2xUserFlows: userFlow(entities.b2xIdentityUserFlow, 'B2X_1_'),
  authenticationEvents: byId(entities.invokeUserFlowListener),
  customAuthenticationExtensions: byProperty(entities.customAuthenticationExtension, 'displayName'),
  authenticationEventsFlows: byProperty(entities.authenticationEventsFlow, 'displayName'),
  authenticationEventListeners: byId(entities.authenticationEventListener),
  users: user,
};
