import { entity } from '../entity.ts';
import { boolean, collection, dateTimeOffset, enumType, guid, int32, int64, oneOf, string } from '../property.ts';

const authenticatorKind = enumType(
  'usher.authenticatorKind',
  {
    email: 0,
    phone: 1,
    /** Time-based codes (RFC 6238). */
    totp: 2,
    passkey: 3,
    /** A list of codes, each good for one use. */
    recoveryCode: 4,
  },
  [],
);

/** What proves a person besides a password. There are as many as people, so only indexes are asked. */
export const authenticationMethod = entity('usher.authenticationMethod', {
  set: { path: 'usher/authenticationMethods', versions: ['beta'], methods: ['list', 'get', 'create', 'delete'] },
  directoryObject: true,
  properties: {
    userId: guid({ access: 'create', required: true, indexed: true }),
    /** An administrator can add a phone or an address; everything else is set up by its owner. */
    kind: oneOf(authenticatorKind, { access: 'create', required: true }),
    /** E.164. */
    phoneNumber: string({ nullable: true, access: 'create', maxLength: 16, pattern: /^\+[1-9]\d{6,14}$/ }),
    emailAddress: string({ nullable: true, access: 'create', maxLength: 320 }),
    /** Of time-based codes the key in Base32; of recovery codes the key of their digests. */
    secret: string({ nullable: true, access: 'internal', secret: true }),
    /** Of the codes that are left: HMAC-SHA-256, base64url. */
    recoveryCodes: collection(string({ maxLength: 43 }), { access: 'internal' }),
    recoveryCodesLeft: int32({ nullable: true, access: 'server' }),
    /** What a passkey is called, by its owner or after what made it. */
    displayName: string({ nullable: true, access: 'server', maxLength: 256 }),
    /** base64url (WebAuthn §4); so are the public key, in COSE form (RFC 9052 §7). */
    credentialId: string({ nullable: true, access: 'internal', maxLength: 1400, unique: true }),
    /** Of 64 random bytes (WebAuthn §14.6.1). */
    userHandle: string({ nullable: true, access: 'internal', maxLength: 86 }),
    publicKey: string({ nullable: true, access: 'internal', maxLength: 4096 }),
    /** How often the passkey was used, as it counts itself; 0 when it does not. */
    signCount: int64({ nullable: true, access: 'internal' }),
    transports: collection(string({ maxLength: 32 }), { access: 'internal' }),
    aaguid: guid({ nullable: true, access: 'internal' }),
    isBackupEligible: boolean({ nullable: true, access: 'internal' }),
    isBackedUp: boolean({ nullable: true, access: 'internal' }),
    /** Of a passkey: a second factor, or a new account, stood for whoever made it. */
    isVouchedFor: boolean({ nullable: true, access: 'internal' }),
    createdDateTime: dateTimeOffset({ access: 'server' }),
    /** To the day: who signs in daily must not fill the audit log. */
    lastUsedDateTime: dateTimeOffset({ nullable: true, access: 'server' }),
  },
  permissions: {
    read: ['UserAuthenticationMethod.Read.All', 'UserAuthenticationMethod.ReadWrite.All'],
    write: ['UserAuthenticationMethod.ReadWrite.All'],
  },
  source: 'https://learn.microsoft.com/graph/api/resources/authenticationmethods-overview',
});
