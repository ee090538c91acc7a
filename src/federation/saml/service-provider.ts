/** This server as a SAML service provider: what an identity provider has to know of it. */

/** NameIDs of this format name a person lastingly and tell nothing of them (SAML 2.0 Core §8.3.7). */
export const persistent = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';

const postBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';

/** Beside the callback address (`…/oauth2/authresp`), where its metadata can be read as well (SAML 2.0 Metadata §4.1.1). */
export const serviceProviderId = (callback: string): string => new URL('saml/metadata', callback).href;

const escaped = (text: string): string => text.replace(/[<>&"']/g, (character) => `&#${character.codePointAt(0)};`);

/** The metadata of the service provider whose answers come to `callback` (SAML 2.0 Metadata §2.4.4), of the type `application/samlmetadata+xml`. */
export const samlMetadata = (callback: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${escaped(serviceProviderId(callback))}">
  <SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" AuthnRequestsSigned="false" WantAssertionsSigned="true">
    <NameIDFormat>${persistent}</NameIDFormat>
    <AssertionConsumerService index="0" isDefault="true" Binding="${postBinding}" Location="${escaped(callback)}"/>
  </SPSSODescriptor>
</EntityDescriptor>
`;
