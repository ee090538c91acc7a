import { behaviour, type CreationCall } from '../directory/index.ts';
import { type Caller, isoDateTime, newId } from '../kernel/index.ts';
import { type Draft, type EntityOf, entities, validate } from '../model/index.ts';
import { faults } from './faults.ts';
import { isWebAddress } from './redirect-uris.ts';
import { isEmail } from './sign-in-names.ts';

type Invitation = EntityOf<typeof entities.invitation>;
type InvitationDraft = Draft<typeof entities.invitation>;
type User = EntityOf<typeof entities.user>;

/** What an invited person is told. */
export interface InvitationLetter {
  readonly to: string;
  readonly cc: readonly string[];
  readonly displayName: string;
  /** Where the person is expected; the first sign-in there accepts the invitation. */
  readonly url: string;
  /** The inviter's own words. */
  readonly message?: string;
  /** BCP 47. */
  readonly language?: string;
}

export type SendInvitation = (letter: InvitationLetter) => Promise<void>;

/** Addresses that get a copy; Graph sends to the first only. */
const maximumCopies = 1;

/**
 * Inviting makes the guest, or finds the one that was invited before, and then the invitation that refers to it (Graph contract a.10, b.13).
 * The guest's principal name is made of the address, so that a person is never invited as two guests.
 */
export const invitationBehaviour = (send?: SendInvitation) =>
  behaviour({
    type: entities.invitation,
    async create(call: CreationCall) {
      const draft = checked(call);
      if (draft.resetRedemption) demandReset(call.caller);
      if (draft.sendInvitationMessage && !send) throw faults.noMailer();
      const guest = await guestFor(call, draft);
      if (draft.sendInvitationMessage) await send?.(letterOf(draft, guest));
      return call.proceed(
        call.trusted,
        {
          ...draft,
          // Not the name of the guest: whoever may invite may not read who was invited before.
          invitedUserDisplayName: draft.invitedUserDisplayName ?? nameIn(draft.invitedUserEmailAddress),
          inviteRedeemUrl: draft.inviteRedirectUrl,
          status: guest.externalUserState === 'Accepted' ? 'Completed' : 'PendingAcceptance',
        },
        { links: { invitedUser: [guest.id] } },
      );
    },
  });

function checked({ draft, caller }: CreationCall): Invitation {
  const given: InvitationDraft = validate(entities.invitation, draft, 'create', { trusted: caller.kind === 'system' });
  const invitation = given as Invitation;
  if (!isEmail(invitation.invitedUserEmailAddress))
    throw faults.badInvitedAddress({ target: 'invitedUserEmailAddress' });
  if (!isWebAddress(invitation.inviteRedirectUrl)) throw faults.badRedirectUrl({ target: 'inviteRedirectUrl' });
  const copies = copiesOf(invitation);
  if (copies.length > maximumCopies) {
    throw faults.tooManyCopies({ maximum: maximumCopies, target: 'invitedUserMessageInfo' });
  }
  if (!copies.every(isEmail)) throw faults.badInvitedAddress({ target: 'invitedUserMessageInfo' });
  return invitation;
}

/**
 * To invite somebody again is to end the sessions of a user and to take back what the user accepted, which is a change of the user and not an
 * invitation (https://learn.microsoft.com/entra/external-id/reset-redemption-status). Throws `identity.resetDenied`, whether or not
 * there is a guest of the address.
 */
function demandReset(caller: Caller): void {
  if (caller.kind === 'system') return;
  const held: readonly string[] = caller.kind === 'app' ? caller.roles : caller.scopes;
  if (!entities.user.permissions.write.some((permission) => held.includes(permission))) throw faults.resetDenied();
}

/** The name Azure AD gives a guest: `adele_fabrikam.example#EXT#@contoso.onmicrosoft.com`. */
const guestPrincipalName = (email: string, domain: string): string =>
  `${email.toLowerCase().replace('@', '_')}#EXT#@${domain}`;

const nameIn = (email: string): string => email.slice(0, email.lastIndexOf('@'));

async function guestFor(call: CreationCall, invitation: Invitation): Promise<User> {
  const { clock, directory, tenant, trusted } = call;
  const email = invitation.invitedUserEmailAddress;
  const userPrincipalName = guestPrincipalName(email, tenant.domains[0] ?? '');
  const known = await findGuest(call, userPrincipalName);
  if (known) return invitation.resetRedemption ? pendingAgain(call, known) : known;
  const guest = {
    id: newId(),
    userPrincipalName,
    mail: email,
    otherMails: [email],
    displayName: invitation.invitedUserDisplayName ?? nameIn(email),
    userType: invitation.invitedUserType ?? 'Guest',
    creationType: 'Invitation',
    ...pending(isoDateTime(clock.now())),
  };
  return (await directory.create(trusted, entities.user, guest)).entity;
}

async function findGuest({ directory }: CreationCall, userPrincipalName: string): Promise<User | undefined> {
  const filter = { op: 'eq', path: ['userPrincipalName'], value: userPrincipalName } as const;
  const { items } = await directory.find({ type: entities.user, filter, limit: 1 });
  return items[0]?.entity;
}

const pending = (now: string) =>
  ({ externalUserState: 'PendingAcceptance', externalUserStateChangeDateTime: now }) as const;

async function pendingAgain({ clock, directory, trusted }: CreationCall, { id }: User): Promise<User> {
  const now = isoDateTime(clock.now());
  const patch = { ...pending(now), signInSessionsValidFromDateTime: now };
  return (await directory.update(trusted, { type: entities.user, id }, patch)).entity;
}

function letterOf(invitation: Invitation, guest: User): InvitationLetter {
  const { customizedMessageBody, messageLanguage } = invitation.invitedUserMessageInfo ?? {};
  return {
    to: invitation.invitedUserEmailAddress,
    cc: copiesOf(invitation),
    displayName: guest.displayName ?? invitation.invitedUserEmailAddress,
    url: invitation.inviteRedirectUrl,
    ...(customizedMessageBody ? { message: customizedMessageBody } : {}),
    ...(messageLanguage ? { language: messageLanguage } : {}),
  };
}

const copiesOf = ({ invitedUserMessageInfo }: Invitation): readonly string[] =>
  (invitedUserMessageInfo?.ccRecipients ?? []).flatMap(({ emailAddress }) => emailAddress?.address ?? []);
