import { contains, entity } from '../entity.ts';
import { enumType, oneOf, string } from '../property.ts';
import { identityProviderBase } from './identity-provider-base.ts';

const authenticationProtocol = enumType('authenticationProtocol', { wsFed: 0, saml: 1, unknownFutureValue: 2 });

/** A provider of another organization that answers with signed assertions. */
export const samlOrWsFedProvider = entity('samlOrWsFedProvider', {
  abstract: true,
  base: identityProviderBase,
  properties: {
    /** The entity id that stands in its assertions, and `issuer` of the identities of people who come from there. */
    issuerUri: string({ required: true, maxLength: 1024 }),
    /** Where its metadata is read when an assertion was signed with another key than `signingCertificate`. */
    metadataExchangeUri: string({ nullable: true, maxLength: 2048 }),
    passiveSignInUri: string({ required: true, maxLength: 2048 }),
    preferredAuthenticationProtocol: oneOf(authenticationProtocol, { required: true }),
    /** X.509, as Base64 of its DER form; null: the keys are read from the metadata alone. */
    signingCertificate: string({ nullable: true, maxLength: 8192, text: 'lines' }),
  },
  source: 'https://learn.microsoft.com/graph/api/resources/samlorwsfedprovider',
});

/** A domain by its name: what stands behind the `@` of an address. */
export const externalDomainName = entity('externalDomainName', {
  key: 'client',
  properties: {},
  permissions: identityProviderBase.permissions,
  source: 'https://learn.microsoft.com/graph/api/resources/externaldomainname',
});

export const samlOrWsFedExternalDomainFederation = entity('samlOrWsFedExternalDomainFederation', {
  base: samlOrWsFedProvider,
  set: { path: 'directory/federationConfigurations' },
  properties: {},
  navigations: {
    /** Addresses in these count as proved when the provider tells them. */
    domains: contains(() => externalDomainName, { methods: ['list', 'get', 'create', 'delete'] }),
  },
  source: 'https://learn.microsoft.com/graph/api/resources/samlorwsfedexternaldomainfederation',
});
