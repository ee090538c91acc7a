import { entity } from '../entity.ts';
import { collection, complex, complexType, string } from '../property.ts';
import { customAuthenticationExtension, extensionOperations } from './custom-authentication-extension.ts';

const page = (name: string): string => `https://learn.microsoft.com/graph/api/resources/${name.toLowerCase()}`;

/** An extension that has nothing but what every extension has. */
const plain = <const N extends string>(name: N) =>
  entity(name, {
    base: customAuthenticationExtension,
    properties: {},
    operations: extensionOperations,
    source: page(name),
  });

const onTokenIssuanceStartReturnClaim = complexType(
  'onTokenIssuanceStartReturnClaim',
  { claimIdInApiResponse: string({ nullable: true, maxLength: 256 }) },
  page('onTokenIssuanceStartReturnClaim'),
);

/** Called before a token is issued; its answer adds claims. */
export const onTokenIssuanceStartCustomExtension = entity('onTokenIssuanceStartCustomExtension', {
  base: customAuthenticationExtension,
  properties: {
    /** What claims mappings may name; others are not taken from the answer. */
    claimsForTokenConfiguration: collection(complex(onTokenIssuanceStartReturnClaim)),
  },
  operations: extensionOperations,
  source: page('onTokenIssuanceStartCustomExtension'),
});

/** Called before the page that collects attributes is shown. */
export const onAttributeCollectionStartCustomExtension = plain('onAttributeCollectionStartCustomExtension');

/** Called when the collected attributes are sent. */
export const onAttributeCollectionSubmitCustomExtension = plain('onAttributeCollectionSubmitCustomExtension');

/** Called to deliver a one-time code. */
export const onOtpSendCustomExtension = plain('onOtpSendCustomExtension');

/** Called with a password that is to be moved here from elsewhere. */
export const onPasswordSubmitCustomExtension = plain('onPasswordSubmitCustomExtension');

/** Called with the claims of a verified credential. */
export const onVerifiedIdClaimValidationCustomExtension = plain('onVerifiedIdClaimValidationCustomExtension');
