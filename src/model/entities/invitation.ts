import { entity, references } from '../entity.ts';
import { boolean, collection, complex, complexType, dateTimeOffset, enumType, oneOf, string } from '../property.ts';
import { user } from './user.ts';

const emailAddress = complexType('emailAddress', {
  name: string({ nullable: true, maxLength: 256 }),
  address: string({ nullable: true, maxLength: 320 }),
});

const recipient = complexType('recipient', { emailAddress: complex(emailAddress, { nullable: true }) });

const invitedUserMessageInfo = complexType(
  'invitedUserMessageInfo',
  {
    messageLanguage: string({ nullable: true, maxLength: 35 }),
    ccRecipients: collection(complex(recipient)),
    customizedMessageBody: string({ nullable: true, maxLength: 4096, text: 'lines' }),
  },
  'https://learn.microsoft.com/graph/api/resources/invitedusermessageinfo',
);

const invitationStatus = enumType(
  'invitationStatus',
  { PendingAcceptance: 0, Completed: 1, InProgress: 2, Error: 3 },
  [],
);

/** Brings a guest into the tenant. It can only be created; what became of it is told by the guest's `externalUserState`. */
export const invitation = entity('invitation', {
  set: { path: 'invitations', methods: ['create'] },
  properties: {
    invitedUserDisplayName: string({ nullable: true, maxLength: 256, access: 'create' }),
    invitedUserEmailAddress: string({ required: true, maxLength: 320, access: 'create' }),
    /** `Member` or `Guest`. */
    invitedUserType: string({ nullable: true, maxLength: 16, default: 'Guest', access: 'create' }),
    invitedUserMessageInfo: complex(invitedUserMessageInfo, { nullable: true, default: {}, access: 'create' }),
    sendInvitationMessage: boolean({ nullable: true, default: false, access: 'create' }),
    inviteRedirectUrl: string({ required: true, maxLength: 2048, access: 'create' }),
    /** Told once, in the answer to the creation, and not stored: whoever has it may prove that they are the invited person. */
    inviteRedeemUrl: string({ nullable: true, access: 'server' }),
    /** Digest of the secret in that address. */
    ticket: string({ nullable: true, access: 'internal', maxLength: 64, unique: true }),
    /** `user.redemption` of the guest when it was made. */
    redemption: string({ nullable: true, access: 'internal', maxLength: 36 }),
    redeemableUntil: dateTimeOffset({ nullable: true, access: 'internal' }),
    resetRedemption: boolean({ nullable: true, default: false, access: 'create' }),
    status: oneOf(invitationStatus, { nullable: true, access: 'server', default: 'PendingAcceptance' }),
  },
  navigations: { invitedUser: references(() => user, { many: false, methods: [], inline: 'id' }) },
  permissions: {
    read: [],
    write: ['User.Invite.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
  },
  source: 'https://learn.microsoft.com/graph/api/resources/invitation',
});
