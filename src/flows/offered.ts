import type { Directory, Versioned } from '../directory/index.ts';
import type { NameKind } from '../identity/index.ts';
import { entities } from '../model/index.ts';
import { type AccountSwitches, hasPassword, namesOf, offeredAccounts } from './local-accounts.ts';

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
