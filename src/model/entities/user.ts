import { actionOn, entity } from '../entity.ts';
import { boolean, collection, complex, complexType, dateTimeOffset, string } from '../property.ts';

/** A name a person signs in with. The pair (issuer, issuerAssignedId) is unique in the tenant (Graph contract a.10). */
const objectIdentity = complexType(
  'objectIdentity',
  {
    /** `emailAddress`, `userName`, `federated`, `userPrincipalName` or any custom text. */
    signInType: string({ nullable: true, maxLength: 100 }),
    issuer: string({ nullable: true, maxLength: 512 }),
    issuerAssignedId: string({ nullable: true, maxLength: 100 }),
  },
  'https://learn.microsoft.com/graph/api/resources/objectidentity',
);

const passwordProfile = complexType(
  'passwordProfile',
  {
    password: string({ nullable: true, maxLength: 256, access: 'write' }),
    forceChangePasswordNextSignIn: boolean({ nullable: true, default: false }),
    forceChangePasswordNextSignInWithMfa: boolean({ nullable: true, default: false }),
  },
  'https://learn.microsoft.com/graph/api/resources/passwordprofile',
);

export const user = entity('user', {
  set: { path: 'users', tracked: true },
  bareKey: { property: 'userPrincipalName', form: /@/ },
  directoryObject: true,
  open: true,
  properties: {
    displayName: string({ nullable: true, maxLength: 256, indexed: true, words: true }),
    givenName: string({ nullable: true, maxLength: 64, indexed: true }),
    surname: string({ nullable: true, maxLength: 64, indexed: true }),
    jobTitle: string({ nullable: true, maxLength: 128, indexed: 'sparse' }),
    mail: string({ nullable: true, maxLength: 320, indexed: true, endsIndexed: true }),
    mobilePhone: string({ nullable: true, maxLength: 64, indexed: 'sparse' }),
    officeLocation: string({ nullable: true, maxLength: 128, indexed: 'sparse' }),
    preferredLanguage: string({ nullable: true, maxLength: 35, indexed: 'sparse' }),
    userPrincipalName: string({ nullable: true, maxLength: 1024, unique: true, indexed: true, endsIndexed: true }),
    businessPhones: collection(string({ maxLength: 64 }), { indexed: true }),
    accountEnabled: boolean({ default: true, onSelect: true, indexed: true }),
    ageGroup: string({ nullable: true, maxLength: 32, onSelect: true, indexed: 'sparse' }),
    city: string({ nullable: true, maxLength: 128, onSelect: true, indexed: 'sparse' }),
    companyName: string({ nullable: true, maxLength: 64, onSelect: true, indexed: 'sparse' }),
    consentProvidedForMinor: string({ nullable: true, maxLength: 32, onSelect: true, indexed: 'sparse' }),
    country: string({ nullable: true, maxLength: 128, onSelect: true, indexed: 'sparse' }),
    department: string({ nullable: true, maxLength: 64, onSelect: true, indexed: 'sparse' }),
    postalCode: string({ nullable: true, maxLength: 40, onSelect: true, indexed: 'sparse' }),
    state: string({ nullable: true, maxLength: 128, onSelect: true, indexed: 'sparse' }),
    streetAddress: string({ nullable: true, maxLength: 1024, text: 'lines', onSelect: true, indexed: 'sparse' }),
    usageLocation: string({ nullable: true, maxLength: 128, onSelect: true, indexed: 'sparse' }),
    otherMails: collection(string({ maxLength: 320 }), { onSelect: true, indexed: true, endsIndexed: true }),
    mailNickname: string({ nullable: true, maxLength: 64, onSelect: true, indexed: 'sparse' }),
    /** `Member` or `Guest`; text, since Graph's enumeration of that name has other members. */
    userType: string({ nullable: true, maxLength: 16, default: 'Member', onSelect: true, indexed: true }),
    creationType: string({ nullable: true, access: 'server', onSelect: true, indexed: 'sparse' }),
    externalUserState: string({ nullable: true, access: 'server', onSelect: true, indexed: 'sparse' }),
    externalUserStateChangeDateTime: dateTimeOffset({
      nullable: true,
      access: 'server',
      onSelect: true,
      indexed: 'sparse',
    }),
    /** Which time of waiting for the acceptance it is: an invitation from an earlier one opens nothing any more. */
    redemption: string({ nullable: true, access: 'internal', maxLength: 36 }),
    legalAgeGroupClassification: string({ nullable: true, access: 'server', onSelect: true }),
    createdDateTime: dateTimeOffset({ nullable: true, access: 'server', onSelect: true, indexed: true }),
    lastPasswordChangeDateTime: dateTimeOffset({ nullable: true, access: 'server', onSelect: true }),
    /** Tokens issued before it are refused at refresh (b2c contract c.5). */
    signInSessionsValidFromDateTime: dateTimeOffset({ nullable: true, access: 'server', onSelect: true }),
    identities: collection(complex(objectIdentity), { onSelect: true, uniqueTuple: ['issuer', 'issuerAssignedId'] }),
    passwordPolicies: string({ nullable: true, maxLength: 128, onSelect: true }),
    /**
     * Proves who the person is when a password is forgotten or a number is lost; no name to sign in with. What B2C keeps in
     * `strongAuthenticationEmailAddress`, for which Graph has no property.
     */
    recoveryEmail: string({ nullable: true, maxLength: 320, onSelect: true, origin: 'own' }),
    passwordProfile: complex(passwordProfile, { nullable: true, access: 'write' }),
    /** Argon2id in PHC format. */
    passwordHash: string({ nullable: true, access: 'internal' }),
    /** Said by the person where a user flow asks how old they are; RFC 3339 full-date. What Graph shows of it is `ageGroup`. */
    dateOfBirth: string({ nullable: true, access: 'internal', maxLength: 10 }),
    /** Copied from `passwordProfile`, which is never stored. */
    forceChangePassword: boolean({ default: false, access: 'internal' }),
  },
  permissions: {
    read: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
    write: ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
    byMethod: { delete: ['User.DeleteRestore.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'] },
    // The properties of a basic profile, https://learn.microsoft.com/graph/permissions-reference#user-permissions
    readSome: { 'User.ReadBasic.All': ['displayName', 'givenName', 'mail', 'surname', 'userPrincipalName'] },
  },
  operations: {
    revokeSignInSessions: actionOn('entity', {
      returns: boolean(),
      permissions: ['User.RevokeSessions.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
    }),
    /** The earlier name of `revokeSignInSessions`. */
    invalidateAllRefreshTokens: actionOn('entity', { versions: ['beta'] }),
  },
  source: 'https://learn.microsoft.com/graph/api/resources/user',
});
