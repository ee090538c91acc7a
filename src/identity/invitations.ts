import { behaviour, type CreationCall } from '../directory/index.ts';
import { type Caller, digest, isoDateTime, newId, newSecret } from '../kernel/index.ts';
import { type Draft, type EntityOf, entities, validate } from '../model/index.ts';
import { faults } from './faults.ts';
import { guestPrincipalName, localPartOf } from './guest-names.ts';
import { isWebAddress } from './redirect-uris.ts';
import { isEmail, isFederated } from './sign-in-names.ts';

type Invitation = EntityOf<typeof entities.invitation>;
type InvitationDraft = Draft<typeof entities.invitation>;
type User = EntityOf<typeof entities.user>;

/** What an invited person is told. */
export interface InvitationLetter {
  readonly to: string;
  readonly cc: readonly string[];
  readonly displayName: string;
  /** Where the person accepts the invitation. */
  readonly url: string;
  /** The inviter's own words. */
  readonly message?: string;
  /** BCP 47. */
  readonly language?: string;
}

export interface Inviting {
  /** Absent: asking for a letter is refused. */
  readonly send?: (letter: InvitationLetter) => Promise<void>;
  /** The address where who holds the ticket accepts. Absent: nobody listens, and the invitation leads straight to its destination. */
  readonly redeemUrl?: (ticket: string) => string;
}

/** Seconds in which an invitation can be accepted. Microsoft Entra names no end; a link in a mailbox is not to be good for ever. */
export const invitationLifetimeSeconds = 30 * 86_400;

/** Addresses that get a copy; Graph sends to the first only. */
const maximumCopies = 1;

/**
 * Inviting makes the guest, or finds the one that was invited before, and then the invitation that refers to it (Graph contract a.10, b.13).
 * The guest's principal name is made of the address, so that a person is never invited as two guests.
 */
export const invitationBehaviour = ({ send, redeemUrl }: Inviting = {}) =>
  behaviour({
    type: entities.invitation,
    async create(call: CreationCall) {
      const draft = checked(call);
      if (draft.resetRedemption) demandReset(call.caller);
      if (draft.sendInvitationMessage && !send) throw faults.noMailer();
      const guest = await guestFor(call, draft);
      const { url: inviteRedeemUrl, stored } = doorFor(call, { draft, guest, redeemUrl });
      const made = await call.proceed(
        call.trusted,
        {
          ...draft,
          // Not the name of the guest: whoever may invite may not read who was invited before.
          invitedUserDisplayName: draft.invitedUserDisplayName ?? localPartOf(draft.invitedUserEmailAddress),
          ...stored,
        },
        { links: { invitedUser: [guest.id] } },
      );
      if (draft.sendInvitationMessage) await send?.(letterOf(draft, guest, inviteRedeemUrl));
      return { ...made, entity: { ...made.entity, inviteRedeemUrl } };
    },
  });

/** Where the guest is let in, and what it is found by later: the ticket itself is stored nowhere. Who has accepted needs none. */
function doorFor(
  { clock }: CreationCall,
  {
    draft: { inviteRedirectUrl },
    guest: { externalUserState, redemption },
    redeemUrl,
  }: { readonly draft: Invitation; readonly guest: User; readonly redeemUrl: Inviting['redeemUrl'] | undefined },
) {
  if (externalUserState !== 'PendingAcceptance') return { url: inviteRedirectUrl, stored: { status: 'Completed' } };
  const status = 'PendingAcceptance';
  if (!redeemUrl) return { url: inviteRedirectUrl, stored: { status } };
  const ticket = newSecret();
  const redeemableUntil = isoDateTime(clock.now() + invitationLifetimeSeconds);
  return { url: redeemUrl(ticket), stored: { status, ticket: digest(ticket), redemption, redeemableUntil } };
}

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

async function guestFor(call: CreationCall, invitation: Invitation): Promise<User> {
  const { clock, directory, tenant, trusted } = call;
  const email = invitation.invitedUserEmailAddress;
  const userPrincipalName = guestPrincipalName(email, tenant.domains[0] ?? '');
  const known = await findGuest(call, userPrincipalName);
  if (known) return invitation.resetRedemption || isUnmarked(known) ? pendingAgain(call, known) : known;
  const guest = {
    id: newId(),
    userPrincipalName,
    mail: email,
    otherMails: [email],
    displayName: invitation.invitedUserDisplayName ?? localPartOf(email),
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

/** Invited by a version of this server whose invitations could not be accepted. */
const isUnmarked = ({ externalUserState, redemption }: User): boolean =>
  externalUserState === 'PendingAcceptance' && !redemption;

/** A time of waiting begins, with whose end every invitation of it does. */
const pending = (now: string) =>
  ({ externalUserState: 'PendingAcceptance', externalUserStateChangeDateTime: now, redemption: newId() }) as const;

/** What the guest was known by before proves nobody any more: they are to say anew who they are. */
async function pendingAgain({ clock, directory, trusted }: CreationCall, guest: User): Promise<User> {
  const { id } = guest;
  const now = isoDateTime(clock.now());
  const identities = guest.identities.filter((one) => !isFederated(one));
  const patch = { ...pending(now), identities, signInSessionsValidFromDateTime: now };
  return (await directory.update(trusted, { type: entities.user, id }, patch)).entity;
}

function letterOf(invitation: Invitation, guest: User, url: string): InvitationLetter {
  const { customizedMessageBody, messageLanguage } = invitation.invitedUserMessageInfo ?? {};
  return {
    to: invitation.invitedUserEmailAddress,
    cc: copiesOf(invitation),
    displayName: guest.displayName ?? invitation.invitedUserEmailAddress,
    url,
    ...(customizedMessageBody ? { message: customizedMessageBody } : {}),
    ...(messageLanguage ? { language: messageLanguage } : {}),
  };
}

const copiesOf = ({ invitedUserMessageInfo }: Invitation): readonly string[] =>
  (invitedUserMessageInfo?.ccRecipients ?? []).flatMap(({ emailAddress }) => emailAddress?.address ?? []);
