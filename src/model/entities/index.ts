/** Every resource of the management API, one line each. This list is the API's table of contents. */

export { appleManagedIdentityProvider } from './apple-managed-identity-provider.ts';
export { application } from './application.ts';
export { b2cIdentityUserFlow } from './b2c-identity-user-flow.ts';
export { builtInIdentityProvider } from './built-in-identity-provider.ts';
export { identityApiConnector } from './identity-api-connector.ts';
export { identityProviderBase } from './identity-provider-base.ts';
export { identityUserFlow } from './identity-user-flow.ts';
export { identityUserFlowAttribute } from './identity-user-flow-attribute.ts';
export { identityUserFlowAttributeAssignment } from './identity-user-flow-attribute-assignment.ts';
export { oidcIdentityProvider } from './oidc-identity-provider.ts';
export { openIdConnectIdentityProvider } from './open-id-connect-identity-provider.ts';
export { signingKey } from './signing-key.ts';
export { socialIdentityProvider } from './social-identity-provider.ts';
export { user } from './user.ts';
