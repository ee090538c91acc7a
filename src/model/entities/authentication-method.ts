import { entity } from '../entity.ts';
import { boolean, collection, dateTimeOffset, enumType, guid, int64, oneOf, string } from '../property.ts';

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
  directoryObject: true,
  properties: {
    userId: guid({ access: 'internal', indexed: true }),
    kind: oneOf(authenticatorKind, { access: 'internal' }),
    /** E.164. */
    phoneNumber: string({ nullable: true, access: 'internal', maxLength: 16 }),
    emailAddress: string({ nullable: true, access: 'internal', maxLength: 320 }),
    /** Of time-based codes the key in Base32; of recovery codes the key of their digests. */
    secret: string({ nullable: true, access: 'internal', secret: true }),
    /** Of the codes that are left: HMAC-SHA-256, base64url. */
    recoveryCodes: collection(string({ maxLength: 43 }), { access: 'internal' }),
    /** What a passkey is called, by its owner or after what made it. */
    displayName: string({ nullable: true, access: 'internal', maxLength: 256 }),
    /** base64url (WebAuthn §4); so are the public key, in COSE form (RFC 9052 §7). */
    credentialId: string({ nullable: true, access: 'internal', maxLength: 1400, unique: true }),
    publicKey: string({ nullable: true, access: 'internal', maxLength: 4096 }),
    /** How often the passkey was used, as it counts itself; 0 when it does not. */
    signCount: int64({ nullable: true, access: 'internal' }),
    transports: collection(string({ maxLength: 32 }), { access: 'internal' }),
    aaguid: guid({ nullable: true, access: 'internal' }),
    isBackupEligible: boolean({ nullable: true, access: 'internal' }),
    isBackedUp: boolean({ nullable: true, access: 'internal' }),
    createdDateTime: dateTimeOffset({ access: 'internal' }),
    /** To the day: who signs in daily must not fill the audit log. */
    lastUsedDateTime: dateTimeOffset({ nullable: true, access: 'internal' }),
  },
  source: 'https://learn.microsoft.com/graph/api/resources/authenticationmethods-overview',
});
