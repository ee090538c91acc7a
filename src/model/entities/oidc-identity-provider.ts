import { entity } from '../entity.ts';
import { complex, complexType, flags, flagsType, string, variant } from '../property.ts';
import { identityProviderBase } from './identity-provider-base.ts';

const oidcResponseType = flagsType('oidcResponseType', { code: 1, id_token: 2, token: 4, unknownFutureValue: 8 });

const oidcClientAuthentication = complexType('oidcClientAuthentication', {}, { abstract: true });

/** `client_secret_post` or `client_secret_jwt` (OpenID Connect Core §9). */
const oidcClientSecretAuthentication = complexType(
  'oidcClientSecretAuthentication',
  { clientSecret: string({ required: true, maxLength: 1024, secret: true }) },
  {
    base: oidcClientAuthentication,
    source: 'https://learn.microsoft.com/graph/api/resources/oidcclientsecretauthentication',
  },
);

/** `private_key_jwt`, with the keys of this server. */
const oidcPrivateJwtKeyClientAuthentication = complexType(
  'oidcPrivateJwtKeyClientAuthentication',
  {},
  {
    base: oidcClientAuthentication,
    source: 'https://learn.microsoft.com/graph/api/resources/oidcprivatejwtkeyclientauthentication',
  },
);

const claimName = string({ nullable: true, maxLength: 256 });

const oidcAddressInboundClaims = complexType('oidcAddressInboundClaims', {
  street_address: claimName,
  locality: claimName,
  region: claimName,
  postal_code: claimName,
  country: claimName,
});

/** The provider's names for the standard claims (OpenID Connect Core §5.1), where they differ. */
const oidcInboundClaimMappingOverride = complexType(
  'oidcInboundClaimMappingOverride',
  {
    sub: claimName,
    name: claimName,
    given_name: claimName,
    family_name: claimName,
    email: claimName,
    email_verified: claimName,
    phone_number: claimName,
    phone_number_verified: claimName,
    address: complex(oidcAddressInboundClaims, { nullable: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/oidcinboundclaimmappingoverride',
);

/** Any OpenID Connect provider, as an external tenant configures it. */
export const oidcIdentityProvider = entity('oidcIdentityProvider', {
  base: identityProviderBase,
  properties: {
    clientId: string({ required: true, maxLength: 256 }),
    issuer: string({ required: true, maxLength: 2048 }),
    /** Null: `/.well-known/openid-configuration` below the issuer. */
    wellKnownEndpoint: string({ nullable: true, maxLength: 2048 }),
    responseType: flags(oidcResponseType, { required: true }),
    scope: string({ required: true, maxLength: 1024 }),
    clientAuthentication: variant(
      oidcClientAuthentication,
      [oidcClientSecretAuthentication, oidcPrivateJwtKeyClientAuthentication],
      { required: true },
    ),
    inboundClaimMapping: complex(oidcInboundClaimMappingOverride, { nullable: true }),
  },
  source: 'https://learn.microsoft.com/graph/api/resources/oidcidentityprovider',
});
