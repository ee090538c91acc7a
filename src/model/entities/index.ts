/** Every resource of the management API, one line each. This list is the API's table of contents. */

export { appleManagedIdentityProvider } from './apple-managed-identity-provider.ts';
export { application } from './application.ts';
export { authenticationEventListener } from './authentication-event-listener.ts';
export { authenticationEventsFlow, externalUsersSelfServiceSignUpEventsFlow } from './authentication-events-flow.ts';
export {
  onAttributeCollectionStartCustomExtension,
  onAttributeCollectionSubmitCustomExtension,
  onOtpSendCustomExtension,
  onPasswordSubmitCustomExtension,
  onTokenIssuanceStartCustomExtension,
  onVerifiedIdClaimValidationCustomExtension,
} from './authentication-extensions.ts';
export {
  authenticationEventsPolicy,
  authenticationListener,
  invokeUserFlowListener,
} from './authentication-listener.ts';
export { authenticationMethod } from './authentication-method.ts';
export { b2cAuthenticationMethodsPolicy } from './b2c-authentication-methods-policy.ts';
export { b2cIdentityUserFlow } from './b2c-identity-user-flow.ts';
export { b2xIdentityUserFlow } from './b2x-identity-user-flow.ts';
export { builtInIdentityProvider } from './built-in-identity-provider.ts';
export { connectorCall } from './connector-call.ts';
export { customAuthenticationExtension, customCalloutExtension } from './custom-authentication-extension.ts';
export { directoryAudit } from './directory-audit.ts';
export {
  onAttributeCollectionListener,
  onAttributeCollectionStartListener,
  onAttributeCollectionSubmitListener,
  onAuthenticationMethodLoadStartListener,
  onEmailOtpSendListener,
  onFraudProtectionLoadStartListener,
  onInteractiveAuthFlowStartListener,
  onPasswordSubmitListener,
  onTokenIssuanceStartListener,
  onUserCreateStartListener,
  onVerifiedIdClaimValidationListener,
} from './event-listeners.ts';
export { extensionProperty } from './extension-property.ts';
export { identityApiConnector } from './identity-api-connector.ts';
export { identityProvider, openIdConnectProvider } from './identity-provider.ts';
export { identityProviderBase } from './identity-provider-base.ts';
export { identityUserFlow } from './identity-user-flow.ts';
export {
  identityBuiltInUserFlowAttribute,
  identityCustomUserFlowAttribute,
  identityUserFlowAttribute,
} from './identity-user-flow-attribute.ts';
export { identityUserFlowAttributeAssignment } from './identity-user-flow-attribute-assignment.ts';
export { invitation } from './invitation.ts';
export { journey } from './journey.ts';
export { oidcIdentityProvider } from './oidc-identity-provider.ts';
export { openIdConnectIdentityProvider } from './open-id-connect-identity-provider.ts';
export { organization } from './organization.ts';
export {
  externalDomainName,
  samlOrWsFedExternalDomainFederation,
  samlOrWsFedProvider,
} from './saml-or-ws-fed-provider.ts';
export { servicePrincipal } from './service-principal.ts';
export { signIn } from './sign-in.ts';
export { signingKey } from './signing-key.ts';
export { socialIdentityProvider } from './social-identity-provider.ts';
export { user } from './user.ts';
export { userFlowLanguageConfiguration } from './user-flow-language-configuration.ts';
export { userFlowLanguagePage } from './user-flow-language-page.ts';
export { userFlowPageLayout } from './user-flow-page-layout.ts';
export { webhook } from './webhook.ts';
export { webhookDelivery } from './webhook-delivery.ts';
