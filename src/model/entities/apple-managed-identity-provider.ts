import { entity } from '../entity.ts';
import { string } from '../property.ts';
import { identityProviderBase } from './identity-provider-base.ts';

/** Sign in with Apple. The server signs the client secrets that Apple asks for with the key in `certificateData`. */
export const appleManagedIdentityProvider = entity('appleManagedIdentityProvider', {
  base: identityProviderBase,
  properties: {
    developerId: string({ required: true, maxLength: 256 }),
    serviceId: string({ required: true, maxLength: 256 }),
    keyId: string({ required: true, maxLength: 256 }),
    /** The private key (`.p8`) that Apple gave: PEM, or its Base64 body alone. */
    certificateData: string({ nullable: true, maxLength: 4096, secret: true }),
  },
  source: 'https://learn.microsoft.com/graph/api/resources/applemanagedidentityprovider',
});
