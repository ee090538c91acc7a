import type { Directory, Versioned } from '../directory/index.ts';
import type { NameKind } from '../identity/index.ts';
import { entities } from '../model/index.ts';
import { type AccountSwitches, hasPassword, namesOf, offeredAccounts } from './local-accounts.ts';
import type { OfferedProvider } from './plan.ts';

const { b2cAuthenticationMethodsPolicy: switchesType, b2cIdentityUserFlow, identityUserFlow } = entities;

type Reader = Pick<Directory, 'get' | 'linked'>;

/** Ids of what is linked to a flow now. */
export async function linkedTo(
  directory: Reader,
  { type, entity }: Versioned<typeof identityUserFlow>,
  navigation: string,
): Promise<readonly string[]> {
  if (!(navigation in type.navigations)) return [];
  const linked = await directory.linked([{ type, id: entity.id }], navigation);
  return (linked.get(entity.id) ?? []).map((target) => target.entity.id);
}

/** `identityProviderType` where B2C's button has another name than the type (b2c contract e.4). */
const exchangeNames: Readonly<Record<string, string>> = { Microsoft: 'MicrosoftAccount', AppleManaged: 'Apple' };

type Provider = Versioned<typeof entities.identityProviderBase>;

function offered({ type, entity }: Provider): OfferedProvider {
  const { identityProviderType = type.name === entities.appleManagedIdentityProvider.name ? 'Apple' : entity.id } =
    entity as { readonly identityProviderType?: string };
  const { domainHint } = entity as { readonly domainHint?: string | null };
  const name = exchangeNames[identityProviderType] ?? identityProviderType;
  return {
    id: entity.id,
    name: entity.displayName ?? entity.id,
    exchange: `${name}Exchange`,
    ...(domainHint ? { domainHint: domainHint.toLowerCase() } : {}),
  };
}

/** What of the providers linked to a flow proves people elsewhere. */
export async function foreignOf(
  directory: Reader,
  { type, entity }: Versioned<typeof identityUserFlow>,
): Promise<readonly OfferedProvider[]> {
  const navigation = 'userFlowIdentityProviders';
  if (!(navigation in type.navigations)) return [];
  const linked = await directory.linked([{ type, id: entity.id }], navigation);
  const found = (linked.get(entity.id) ?? []) as readonly Provider[];
  return found.filter((one) => one.type.name !== entities.builtInIdentityProvider.name).map(offered);
}

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
