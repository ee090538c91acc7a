import { entity } from '../entity.ts';
import { string } from '../property.ts';
import { identityProviderBase } from './identity-provider-base.ts';

/** A provider the server itself is: e-mail with password, e-mail one-time passcode. */
export const builtInIdentityProvider = entity('builtInIdentityProvider', {
  base: identityProviderBase,
  properties: {
    identityProviderType: string({ access: 'create', required: true }),
  },
  source: 'https://learn.microsoft.com/graph/api/resources/builtinidentityprovider',
});
