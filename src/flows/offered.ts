import type { Directory, Versioned } from '../directory/index.ts';
import type { NameKind } from '../identity/index.ts';
import { entities, everyItem, fold, isA } from '../model/index.ts';
import { connectorSteps, type LinkedConnectors, positionOf } from './callouts/connector-step.ts';
import { type AccountSwitches, hasPassword, namesOf, offeredAccounts } from './local-accounts.ts';
import type { OfferedProvider } from './plan.ts';

const { b2cAuthenticationMethodsPolicy: switchesType, b2cIdentityUserFlow, identityUserFlow } = entities;

type Reader = Pick<Directory, 'get' | 'linked'>;

type Finder = Reader & Pick<Directory, 'find'>;

/** Ids of what is linked to a flow now. */
export async function linkedTo(
  directory: Reader,
  { type, entity }: Versioned<typeof identityUserFlow>,
  navigation: string,
): Promise<readonly string[]> {
  if (!(navigation in type.navigations)) return [];
  const [linked = []] = await directory.linked([{ type, id: entity.id }], navigation);
  return linked.map((target) => target.entity.id);
}

/** `identityProviderType` where B2C's button has another name than the type (b2c contract e.4). */
const exchangeNames: Readonly<Record<string, string>> = { Microsoft: 'MicrosoftAccount' };

type Provider = Versioned<typeof entities.identityProviderBase>;

/** Names of a brand: what B2C's button is called, and by what applications ask for it (b2c contract e.4, b.1 `domain_hint`). */
function brandOf({ type, entity }: Provider): Pick<OfferedProvider, 'exchange' | 'domainHint'> | undefined {
  if (type.name === entities.appleManagedIdentityProvider.name) {
    return { exchange: 'AppleManagedExchange', domainHint: 'apple.com' };
  }
  const { identityProviderType: brand } = entity as { readonly identityProviderType?: string };
  if (brand === undefined) return undefined;
  return { exchange: `${exchangeNames[brand] ?? brand}Exchange`, domainHint: `${brand.toLowerCase()}.com` };
}

function offered(provider: Provider): OfferedProvider {
  const { id, displayName } = provider.entity;
  const { domainHint } = provider.entity as { readonly domainHint?: string | null };
  return {
    id,
    name: displayName ?? id,
    exchange: `${id}Exchange`,
    ...brandOf(provider),
    ...(domainHint ? { domainHint: domainHint.toLowerCase() } : {}),
  };
}

/** The server itself proves what the built-in ones stand for. */
const provesElsewhere = ({ type }: Provider): boolean => type.name !== entities.builtInIdentityProvider.name;

const { externalDomainName, samlOrWsFedExternalDomainFederation: federation } = entities;

/** The domains that federations among these speak for, by id. */
async function domainsOf(
  directory: Pick<Directory, 'find'>,
  providers: readonly Provider[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const ids = providers.filter(({ type }) => isA(type, federation)).map(({ entity }) => entity.id);
  const within = ids.map((id) => ({ parent: { type: federation, id }, navigation: 'domains' }));
  if (within.length === 0) return new Map();
  const found = await everyItem((query) => directory.find(query), { type: externalDomainName, within });
  const byId = Map.groupBy(found, ({ within }) => within?.parent.id ?? '');
  return new Map(ids.map((id) => [id, (byId.get(id) ?? []).map(({ entity }) => entity.id)]));
}

/** What of these proves people elsewhere. */
export async function offeredOf(
  directory: Pick<Directory, 'find'>,
  providers: readonly Provider[],
): Promise<readonly OfferedProvider[]> {
  const domains = await domainsOf(directory, providers);
  return providers.filter(provesElsewhere).map((one) => {
    const own = domains.get(one.entity.id);
    return { ...offered(one), ...(own ? { domains: own } : {}) };
  });
}

/** The identity providers that are linked to a flow now. */
async function providersOf(
  directory: Reader,
  { type, entity }: Versioned<typeof identityUserFlow>,
): Promise<readonly Provider[]> {
  const navigation = 'userFlowIdentityProviders';
  if (!(navigation in type.navigations)) return [];
  const [linked = []] = await directory.linked([{ type, id: entity.id }], navigation);
  return linked as readonly Provider[];
}

/** What of the providers linked to a flow proves people elsewhere. */
export const foreignOf = async (
  directory: Finder,
  flow: Versioned<typeof identityUserFlow>,
): Promise<readonly OfferedProvider[]> => offeredOf(directory, await providersOf(directory, flow));

/** Which APIs a flow calls, and when. */
export async function connectorsOf(
  directory: Reader,
  flow: Versioned<typeof identityUserFlow>,
): Promise<LinkedConnectors> {
  const linked = connectorSteps.map(async (step) => {
    const [connector] = await linkedTo(directory, flow, positionOf[step]);
    return connector === undefined ? [] : [[step, connector] as const];
  });
  return Object.fromEntries((await Promise.all(linked)).flat());
}

/**
 * True while a flow that exists offers a provider that exists: also for those who went there before that changed. Sign-in at the tenant, which
 * every other id stands for, offers all that there are.
 */
export async function offersNow(directory: Reader, flowId: string, providerId: string): Promise<boolean> {
  const found = await directory.get({ type: b2cIdentityUserFlow, id: flowId });
  if (found) {
    const linked = await providersOf(directory, found);
    return linked.some((one) => one.entity.id === providerId && provesElsewhere(one));
  }
  if (isB2cFlowId(flowId)) return false;
  const provider = await directory.get({ type: entities.identityProviderBase, id: providerId });
  return provider !== undefined && provesElsewhere(provider);
}

/** Of a flow that may be gone. */
const isB2cFlowId = (flowId: string): boolean => fold(flowId).startsWith(fold('B2C_1_'));

/** What the tenant lets its flows offer now. */
export async function switchesOf(directory: Reader): Promise<AccountSwitches> {
  const found = await directory.get({ type: switchesType, id: switchesType.set?.singleton ?? '' });
  if (!found) throw new TypeError('the directory of a tenant has no policy for methods of sign-in');
  return found.entity;
}

/** Names by which a flow lets people sign in with a password, as it is now; none: it offers no such accounts. */
export async function passwordNamesOf(directory: Reader, flowId: string): Promise<readonly NameKind[]> {
  const found = await directory.get({ type: b2cIdentityUserFlow, id: flowId });
  if (!found) return [];
  const [providers, switches] = await Promise.all([
    linkedTo(directory, found, 'userFlowIdentityProviders'),
    switchesOf(directory),
  ]);
  return namesOf(offeredAccounts(found.entity.authenticationMethods, providers, switches).filter(hasPassword));
}
