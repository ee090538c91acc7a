/** People and what proves them: find, register, verify a credential; the rules of users and applications. */

export { legalAgeGroup } from './age-group.ts';
export type { FactorCheck } from './authenticator-codes.ts';
export type {
  Authenticator,
  AuthenticatorKind,
  Authenticators,
  NewAuthenticator,
  Passkey,
} from './authenticators.ts';
export { identityBehaviours } from './behaviours.ts';
export {
  appleProviderId,
  attributeMaxLength,
  type BuiltInAttributeId,
  builtInAttributeIds,
  emailAttribute,
  socialProviderIds,
} from './built-in.ts';
export { bootstrapTenant } from './catalogue.ts';
export { ageClaims, type Claims, type ClaimsContext, claimNames, claimsOf } from './claims.ts';
export type { Extension } from './extension-definitions.ts';
export { createExtensions, type Extensions } from './extensions.ts';
export {
  type Acceptance,
  type ForeignName,
  type GuestRegistration,
  type Guests,
  mailIssuer,
  type OpenInvitation,
} from './guests.ts';
export { createHasher, type Hasher, type HasherOptions, type Hashing } from './hasher.ts';
export {
  createIdentity,
  type Identity,
  type IdentityServices,
  type PasswordChooser,
} from './identity.ts';
export type { InvitationLetter, Inviting } from './invitations.ts';
export type { LockoutRules } from './lockout.ts';
export {
  type MadePasskey,
  type PasskeyChallenge,
  type PasskeyOwner,
  type PasskeyPlace,
  type PasskeyProof,
  type PasskeyQuestion,
  type Passkeys,
  relyingPartyId,
  type UserVerification,
} from './passkeys.ts';
export { type PasswordChange, type PasswordChanged, passwordMark } from './password-change.ts';
export type { PasswordElsewhere } from './password-elsewhere.ts';
export type { Guesses, PasswordProof, Proving } from './password-proof.ts';
export {
  type PasswordComplaint,
  type PasswordDemands,
  type PasswordHelp,
  type PasswordRules,
  passwordMessages,
} from './password-rules.ts';
export { attributeOf, type ProfileChanged, type ProfileEdit, type ProfileValue } from './profile-change.ts';
export { newRecoveryCodes } from './recovery-codes.ts';
export { recoveryAddressesOf } from './recovery-email.ts';
export type { Registration } from './registration.ts';
export type { SignInEvent } from './sign-in-entry.ts';
export { createSignInLog, type SignInLog, type SignIns } from './sign-in-log.ts';
export { isEmail, type NameKind, nameKinds } from './sign-in-names.ts';
export type { TenantSettings } from './tenant-settings.ts';
export { newTotp, type Totp } from './totp.ts';
export { undisturbed } from './undisturbed.ts';
export { usedBy } from './used-by.ts';
export type { User } from './user.ts';
