/** People and what proves them: find, register, verify a credential; the rules of users and applications. */

export { extensionsAppName } from './applications.ts';
export { identityBehaviours } from './behaviours.ts';
export { socialProviderIds } from './built-in.ts';
export { bootstrapTenant } from './catalogue.ts';
export { applicationClaimNames, type Claims, type ClaimsContext, claimsOf } from './claims.ts';
export { faults as identityFaults } from './faults.ts';
export { createHasher, type Hasher, type HasherOptions, maximumPasswordLength } from './hasher.ts';
export {
  createIdentity,
  type Identity,
  type IdentityServices,
  type PasswordProof,
} from './identity.ts';
export { b2cLockout, type LockoutRules } from './lockout.ts';
export { type PasswordComplaint, type PasswordRules, passwordMessages } from './password-rules.ts';
export { checkRedirectUri } from './redirect-uris.ts';
export type { Registration } from './registration.ts';
export { isEmail } from './sign-in-names.ts';
export type { User } from './user.ts';
