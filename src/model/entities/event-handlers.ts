import { type EntityType, type Navigation, references } from '../entity.ts';
import { boolean, type ComplexType, collection, complexType, enumType, oneOf, string, variant } from '../property.ts';
import { attributeCollectionPage } from './attribute-collection-page.ts';
import {
  onAttributeCollectionStartCustomExtension,
  onAttributeCollectionSubmitCustomExtension,
  onOtpSendCustomExtension,
  onPasswordSubmitCustomExtension,
  onTokenIssuanceStartCustomExtension,
  onVerifiedIdClaimValidationCustomExtension,
} from './authentication-extensions.ts';
import { overwriteConfiguration } from './custom-extension-configuration.ts';
import { identityProviderBase } from './identity-provider-base.ts';
import { identityUserFlowAttribute } from './identity-user-flow-attribute.ts';

/** What events flows and listeners do on an event, and the references that lead out of it (Graph contract a.8). */

const page = (name: string): string => `https://learn.microsoft.com/graph/api/resources/${name.toLowerCase()}`;

const handlerBase = <const N extends string>(name: N) => complexType(name, {}, { abstract: true, source: page(name) });

/** A handler that calls an extension; which one is a reference. */
const extensionHandler = <const N extends string>(name: N, base: ComplexType) =>
  complexType(name, { configuration: overwriteConfiguration }, { base, source: page(name) });

/** Always empty: access packages are no part of this server, but their member is in every published answer. */
const accessPackages = collection(string({ maxLength: 128 }));

const userType = enumType('userType', { member: 0, guest: 1, unknownFutureValue: 2 });

const onInteractiveAuthFlowStartHandler = handlerBase('onInteractiveAuthFlowStartHandler');
const onInteractiveAuthFlowStartExternalUsersSelfServiceSignUp = complexType(
  'onInteractiveAuthFlowStartExternalUsersSelfServiceSignUp',
  { isSignUpAllowed: boolean({ default: false }) },
  {
    base: onInteractiveAuthFlowStartHandler,
    source: page('onInteractiveAuthFlowStartExternalUsersSelfServiceSignUp'),
  },
);

const onAuthenticationMethodLoadStartHandler = handlerBase('onAuthenticationMethodLoadStartHandler');
const onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp = complexType(
  'onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp',
  {},
  {
    base: onAuthenticationMethodLoadStartHandler,
    source: page('onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp'),
  },
);

const onAttributeCollectionHandler = handlerBase('onAttributeCollectionHandler');
const onAttributeCollectionExternalUsersSelfServiceSignUp = complexType(
  'onAttributeCollectionExternalUsersSelfServiceSignUp',
  { attributeCollectionPage, accessPackages },
  { base: onAttributeCollectionHandler, source: page('onAttributeCollectionExternalUsersSelfServiceSignUp') },
);

const onUserCreateStartHandler = handlerBase('onUserCreateStartHandler');
const onUserCreateStartExternalUsersSelfServiceSignUp = complexType(
  'onUserCreateStartExternalUsersSelfServiceSignUp',
  { userTypeToCreate: oneOf(userType, { nullable: true, default: 'member' }), accessPackages },
  { base: onUserCreateStartHandler, source: page('onUserCreateStartExternalUsersSelfServiceSignUp') },
);

const onAttributeCollectionStartHandler = handlerBase('onAttributeCollectionStartHandler');
const onAttributeCollectionStartCustomExtensionHandler = extensionHandler(
  'onAttributeCollectionStartCustomExtensionHandler',
  onAttributeCollectionStartHandler,
);

const onAttributeCollectionSubmitHandler = handlerBase('onAttributeCollectionSubmitHandler');
const onAttributeCollectionSubmitCustomExtensionHandler = extensionHandler(
  'onAttributeCollectionSubmitCustomExtensionHandler',
  onAttributeCollectionSubmitHandler,
);

const onTokenIssuanceStartHandler = handlerBase('onTokenIssuanceStartHandler');
const onTokenIssuanceStartCustomExtensionHandler = extensionHandler(
  'onTokenIssuanceStartCustomExtensionHandler',
  onTokenIssuanceStartHandler,
);

const onOtpSendHandler = handlerBase('onOtpSendHandler');
const onOtpSendCustomExtensionHandler = extensionHandler('onOtpSendCustomExtensionHandler', onOtpSendHandler);

const onPasswordSubmitHandler = handlerBase('onPasswordSubmitHandler');
const onPasswordMigrationCustomExtensionHandler = complexType(
  'onPasswordMigrationCustomExtensionHandler',
  {
    configuration: overwriteConfiguration,
    /** The property that says whose password is still elsewhere. */
    migrationPropertyId: string({ required: true, maxLength: 256 }),
  },
  { base: onPasswordSubmitHandler, source: page('onPasswordMigrationCustomExtensionHandler') },
);

const onVerifiedIdClaimValidationHandler = handlerBase('onVerifiedIdClaimValidationHandler');
const onVerifiedIdClaimValidationCustomExtensionHandler = extensionHandler(
  'onVerifiedIdClaimValidationCustomExtensionHandler',
  onVerifiedIdClaimValidationHandler,
);

const fraudProtectionConfiguration = handlerBase('fraudProtectionConfiguration');
/** Names no provider: risk prevention is no part of this server. */
const fraudProtectionProviderConfiguration = complexType(
  'fraudProtectionProviderConfiguration',
  {},
  { base: fraudProtectionConfiguration, source: page('fraudProtectionProviderConfiguration') },
);
const onFraudProtectionLoadStartHandler = handlerBase('onFraudProtectionLoadStartHandler');
const onFraudProtectionLoadStartExternalUsersAuthHandler = complexType(
  'onFraudProtectionLoadStartExternalUsersAuthHandler',
  { signUp: variant(fraudProtectionConfiguration, [fraudProtectionProviderConfiguration], { nullable: true }) },
  { base: onFraudProtectionLoadStartHandler, source: page('onFraudProtectionLoadStartExternalUsersAuthHandler') },
);

/** How each event is handled: the published base of all handlers, and those that there are. */
export const eventHandlers = {
  onInteractiveAuthFlowStart: [
    onInteractiveAuthFlowStartHandler,
    [onInteractiveAuthFlowStartExternalUsersSelfServiceSignUp],
  ],
  onAuthenticationMethodLoadStart: [
    onAuthenticationMethodLoadStartHandler,
    [onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp],
  ],
  onAttributeCollection: [onAttributeCollectionHandler, [onAttributeCollectionExternalUsersSelfServiceSignUp]],
  onAttributeCollectionStart: [onAttributeCollectionStartHandler, [onAttributeCollectionStartCustomExtensionHandler]],
  onAttributeCollectionSubmit: [
    onAttributeCollectionSubmitHandler,
    [onAttributeCollectionSubmitCustomExtensionHandler],
  ],
  onUserCreateStart: [onUserCreateStartHandler, [onUserCreateStartExternalUsersSelfServiceSignUp]],
  onTokenIssuanceStart: [onTokenIssuanceStartHandler, [onTokenIssuanceStartCustomExtensionHandler]],
  onOtpSend: [onOtpSendHandler, [onOtpSendCustomExtensionHandler]],
  onPasswordSubmit: [onPasswordSubmitHandler, [onPasswordMigrationCustomExtensionHandler]],
  onFraudProtectionLoadStart: [onFraudProtectionLoadStartHandler, [onFraudProtectionLoadStartExternalUsersAuthHandler]],
  onVerifiedIdClaimValidation: [
    onVerifiedIdClaimValidationHandler,
    [onVerifiedIdClaimValidationCustomExtensionHandler],
  ],
} as const;

const extension = (target: () => EntityType, holder: ComplexType): Navigation =>
  references(target, { many: false, inline: true, holder: () => holder });

/** The references that lead out of the handlers, by event. */
export const handlerReferences = {
  onAuthenticationMethodLoadStart: {
    identityProviders: references(() => identityProviderBase, {
      inline: true,
      holder: () => onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp,
    }),
  },
  onAttributeCollection: {
    attributes: references(() => identityUserFlowAttribute, {
      inline: true,
      holder: () => onAttributeCollectionExternalUsersSelfServiceSignUp,
    }),
  },
  onAttributeCollectionStart: {
    customExtension: extension(
      () => onAttributeCollectionStartCustomExtension,
      onAttributeCollectionStartCustomExtensionHandler,
    ),
  },
  onAttributeCollectionSubmit: {
    customExtension: extension(
      () => onAttributeCollectionSubmitCustomExtension,
      onAttributeCollectionSubmitCustomExtensionHandler,
    ),
  },
  onTokenIssuanceStart: {
    customExtension: extension(() => onTokenIssuanceStartCustomExtension, onTokenIssuanceStartCustomExtensionHandler),
  },
  onOtpSend: { customExtension: extension(() => onOtpSendCustomExtension, onOtpSendCustomExtensionHandler) },
  onPasswordSubmit: {
    customExtension: extension(() => onPasswordSubmitCustomExtension, onPasswordMigrationCustomExtensionHandler),
  },
  onVerifiedIdClaimValidation: {
    customExtension: extension(
      () => onVerifiedIdClaimValidationCustomExtension,
      onVerifiedIdClaimValidationCustomExtensionHandler,
    ),
  },
} as const;
