import { entities } from '../../model/index.ts';
import type { StoredProvider } from '../services.ts';

/** Whether it is the social provider of that `identityProviderType`. */
export function isSocial({ type, entity }: StoredProvider, wanted: string): boolean {
  const { identityProviderType } = entity as { readonly identityProviderType?: unknown };
  return type.name === entities.socialIdentityProvider.name && identityProviderType === wanted;
}
