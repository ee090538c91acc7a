import type { Directory } from '../directory/index.ts';
import { type Caller, type Clock, digest, isFault, isoDateTime, newId } from '../kernel/index.ts';
import { type Draft, entities, type Filter } from '../model/index.ts';
import { emailAttribute } from './built-in.ts';
import { faults } from './faults.ts';
import { guestPrincipalName, localPartOf, otherPrincipalName } from './guest-names.ts';
import { identified } from './identified.ts';
import { nameless, propertyOf } from './registration.ts';
import { isFederated } from './sign-in-names.ts';
import { undisturbed } from './undisturbed.ts';
import type { User } from './user.ts';

/** By what somebody is known who was proved elsewhere, or here by a code to an address of theirs (`mailIssuer`). */
export interface ForeignName {
  /** `identities.issuer`. */
  readonly issuer: string;
  readonly issuerAssignedId: string;
}

/** `identities.issuer` of people who are known by an address alone (b2c contract i). */
export const mailIssuer = 'mail';

/** What the account of somebody from elsewhere is made of (b2c contract i, "Created user"). */
export interface GuestRegistration extends ForeignName {
  readonly userType: 'Guest' | 'Member';
  /** Proved: by a code of ours, or as the provider says. By another one nobody is named, who would be taken for its owner. */
  readonly email?: string;
  /** By attribute id. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** An invitation that can still be accepted. */
export interface OpenInvitation {
  readonly id: string;
  /** The invited address, as it was written. */
  readonly email: string;
  /** Where the person is expected afterwards. */
  readonly redirectUrl: string;
  readonly guestId: string;
}

/** `gone`: there is nothing to accept any more. `taken`: somebody else here is known by that name. */
export type Acceptance = 'accepted' | 'gone' | 'taken';

/** People of other organisations: how they get an account, and how they accept one that was made for them. */
export interface Guests {
  /** Throws `identity.taken` when somebody is known by that name, `identity.unknownAttribute`, and what the rules of users throw. */
  register(caller: Caller, registration: GuestRegistration): Promise<User>;
  /** Who is known by an address alone, without regard to case. */
  findByAddress(address: string): Promise<User | undefined>;
  /** Who was invited under an address and has not accepted yet. Only who has proved it by a code of ours may be taken for them. */
  findInvited(address: string): Promise<User | undefined>;
  /** By the ticket of its link; undefined: there is none, it was accepted or replaced, or its time is over. */
  openInvitation(ticket: string): Promise<OpenInvitation | undefined>;
  /** The same by id, for whoever has shown the ticket before. */
  stillOpen(invitationId: string): Promise<OpenInvitation | undefined>;
  /** The guest is known by this name from now on. Of any number of simultaneous calls one accepts. Throws `identity.busy`. */
  accept(caller: Caller, guestId: string, as: ForeignName): Promise<Acceptance>;
}

const { user: type, invitation: invitationType } = entities;

/** Guests who were invited under one address: more than one only where an administrator made them so. */
const mostInvited = 10;

function draftOf(
  { issuer, issuerAssignedId, userType, email, attributes }: GuestRegistration,
  domain: string,
  { isAddressTaken }: { readonly isAddressTaken: boolean },
): Draft<typeof type> {
  const id = newId();
  const collected = Object.entries(attributes).map(([name, value]) => [propertyOf(name), value] as const);
  const values = Object.fromEntries(collected.filter(([name, value]) => name !== emailAttribute && value !== ''));
  const named = email !== undefined && !isAddressTaken;
  const guestName = named ? guestPrincipalName(email, domain) : otherPrincipalName(id, domain);
  return {
    displayName: email === undefined ? nameless : localPartOf(email),
    ...values,
    id,
    userType,
    userPrincipalName: userType === 'Guest' ? guestName : `${id}@${domain}`,
    ...(email === undefined ? {} : { mail: email, otherMails: [email] }),
    creationType: 'SelfServiceSignUp',
    identities: [{ signInType: 'federated', issuer, issuerAssignedId }],
  };
}

export function createGuests({ directory, clock }: { readonly directory: Directory; readonly clock: Clock }): Guests {
  const domain = directory.tenant.domains[0] ?? '';

  async function opened(filter: Filter): Promise<OpenInvitation | undefined> {
    const { items } = await directory.find({ type: invitationType, filter, limit: 1 });
    const {
      id,
      redemption,
      redeemableUntil,
      invitedUserEmailAddress: email,
      inviteRedirectUrl,
    } = items[0]?.entity ?? {};
    if (id === undefined || !redemption || !redeemableUntil || !email || !inviteRedirectUrl) return undefined;
    if (redeemableUntil <= isoDateTime(clock.now())) return undefined;
    const [linked] = await directory.linked([{ type: invitationType, id }], 'invitedUser');
    const guest = linked?.[0]?.entity as User | undefined;
    if (!guest || !isAwaited(guest) || guest.redemption !== redemption) return undefined;
    return { id, email, redirectUrl: inviteRedirectUrl, guestId: guest.id };
  }

  return {
    findByAddress: async (address) => (await identified(directory, mailIssuer, address))?.entity,
    async register(caller, registration) {
      // One address may be known by two providers, and each of the two names another account (b2c contract g.2).
      for (const isAddressTaken of [false, true]) {
        try {
          return (await directory.create(caller, type, draftOf(registration, domain, { isAddressTaken }))).entity;
        } catch (error) {
          if (!isFault(error, 'store.exists')) throw error;
          if (error.data['property'] !== 'userPrincipalName') throw faults.taken({}, error);
        }
      }
      throw faults.taken();
    },
    async findInvited(address) {
      const filter: Filter = { op: 'eq', path: ['mail'], value: address };
      const { items } = await directory.find({ type, filter, limit: mostInvited });
      return items.map(({ entity }) => entity).find(isAwaited);
    },
    openInvitation: (ticket) => opened({ op: 'eq', path: ['ticket'], value: digest(ticket) }),
    stillOpen: (id) => opened({ op: 'eq', path: ['id'], value: id }),
    accept: (caller, id, { issuer, issuerAssignedId }) =>
      undisturbed(async () => {
        const found = await directory.get({ type, id });
        if (!found || !isAwaited(found.entity)) return 'gone';
        const kept = found.entity.identities.filter((one) => !isFederated(one));
        const patch = {
          identities: [...kept, { signInType: 'federated', issuer, issuerAssignedId }],
          externalUserState: 'Accepted',
          externalUserStateChangeDateTime: isoDateTime(clock.now()),
          redemption: null,
        };
        try {
          await directory.update(caller, { type, id }, patch, found.etag);
          return 'accepted';
        } catch (error) {
          if (isFault(error, 'store.exists')) return 'taken';
          throw error;
        }
      }),
  };
}

const isAwaited = ({ accountEnabled, externalUserState }: User): boolean =>
  accountEnabled && externalUserState === 'PendingAcceptance';
