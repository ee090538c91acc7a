import { entity } from '../entity.ts';
import { string } from '../property.ts';
import { identityProviderBase } from './identity-provider-base.ts';

export const socialIdentityProvider = entity('socialIdentityProvider', {
  base: identityProviderBase,
  properties: {
    identityProviderType: string({ access: 'create', required: true }),
    clientId: string({ required: true, maxLength: 256 }),
    clientSecret: string({ required: true, maxLength: 1024, secret: true }),
  },
  source: 'https://learn.microsoft.com/graph/api/resources/socialidentityprovider',
});
