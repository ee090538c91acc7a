import { entity } from '../entity.ts';
import { complex, complexType, enumType, flags, flagsType, oneOf, string } from '../property.ts';
import { identityProviderBase } from './identity-provider-base.ts';

const openIdConnectResponseMode = enumType('openIdConnectResponseMode', {
  form_post: 1,
  query: 2,
  unknownFutureValue: 3,
});

const openIdConnectResponseTypes = flagsType('openIdConnectResponseTypes', { code: 1, id_token: 2, token: 4 }, []);

/** The provider's names for what a person is known by; members beyond these are other claims to take over. */
const claimsMapping = complexType(
  'claimsMapping',
  {
    userId: string({ required: true, maxLength: 256 }),
    displayName: string({ required: true, maxLength: 256 }),
    givenName: string({ nullable: true, maxLength: 256 }),
    surname: string({ nullable: true, maxLength: 256 }),
    email: string({ nullable: true, maxLength: 256 }),
  },
  { open: true, source: 'https://learn.microsoft.com/graph/api/resources/claimsmapping' },
);

/** Any OpenID Connect provider, as an Azure AD B2C tenant configures it. */
export const openIdConnectIdentityProvider = entity('openIdConnectIdentityProvider', {
  base: identityProviderBase,
  properties: {
    clientId: string({ required: true, maxLength: 256 }),
    /** Null only where `responseType` is `id_token`. */
    clientSecret: string({ nullable: true, maxLength: 1024, secret: true }),
    claimsMapping: complex(claimsMapping, { required: true }),
    domainHint: string({ nullable: true, maxLength: 256 }),
    metadataUrl: string({ required: true, maxLength: 2048 }),
    responseMode: oneOf(openIdConnectResponseMode, { required: true }),
    responseType: flags(openIdConnectResponseTypes, { required: true }),
    scope: string({ required: true, maxLength: 1024 }),
  },
  source: 'https://learn.microsoft.com/graph/api/resources/openidconnectidentityprovider',
});
