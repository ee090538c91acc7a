import { entity, functionOn } from '../entity.ts';
import { collection, string } from '../property.ts';

/** What every identity provider of a tenant has. */
export const identityProviderBase = entity('identityProviderBase', {
  abstract: true,
  set: { path: 'identity/identityProviders' },
  properties: {
    displayName: string({ nullable: true, maxLength: 256, indexed: true }),
  },
  operations: {
    availableProviderTypes: functionOn('collection', { returns: collection(string()) }),
  },
  permissions: {
    read: ['IdentityProvider.Read.All', 'IdentityProvider.ReadWrite.All'],
    write: ['IdentityProvider.ReadWrite.All'],
  },
  source: 'https://learn.microsoft.com/graph/api/resources/identityproviderbase',
});
