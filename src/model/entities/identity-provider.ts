import { entity, functionOn } from '../entity.ts';
import { collection, string } from '../property.ts';
import { identityProviderBase } from './identity-provider-base.ts';
import { openIdConnectIdentityProvider } from './open-id-connect-identity-provider.ts';
import { socialIdentityProvider } from './social-identity-provider.ts';

/** The social providers by their first names. Announced to go in March 2023, in the metadata to this day. */
export const identityProvider = entity('identityProvider', {
  set: { path: 'identityProviders', deprecated: { since: '2021-05-01' } },
  view: { of: () => socialIdentityProvider, names: { name: 'displayName', type: 'identityProviderType' } },
  properties: {
    name: string({ required: true, maxLength: 256, indexed: true }),
    type: string({ access: 'create', required: true, indexed: true }),
    clientId: string({ required: true, maxLength: 256 }),
    clientSecret: string({ nullable: true, maxLength: 1024, secret: true }),
  },
  operations: {
    availableProviderTypes: functionOn('collection', { returns: collection(string()) }),
  },
  permissions: identityProviderBase.permissions,
  source: 'https://learn.microsoft.com/graph/api/resources/identityprovider',
});

const { claimsMapping, domainHint, metadataUrl, responseMode, responseType, scope } =
  openIdConnectIdentityProvider.properties;

/** The custom providers of a B2C tenant by their first names. */
export const openIdConnectProvider = entity('openIdConnectProvider', {
  base: identityProvider,
  view: {
    of: () => openIdConnectIdentityProvider,
    names: { name: 'displayName' },
    fixed: { type: 'OpenIDConnect' },
  },
  properties: { claimsMapping, domainHint, metadataUrl, responseMode, responseType, scope },
  source: 'https://learn.microsoft.com/graph/api/resources/openidconnectprovider',
});
