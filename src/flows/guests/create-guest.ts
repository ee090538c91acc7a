import { emailAttribute, type GuestRegistration, type Identity, mailIssuer, type User } from '../../identity/index.ts';
import { isFault, system } from '../../kernel/index.ts';
import { fold } from '../../model/index.ts';
import { isConsented, type NeededConsent } from '../consent.ts';
import type { Facts, ForeignFacts } from '../facts.ts';
import { faults } from '../faults.ts';
import { foreignMethod } from '../foreign.ts';
import { wordsOf } from '../page-words.ts';
import type { Step } from '../step.ts';
import { socialPage } from '../steps/social-sign-up.ts';
import { offersNewcomers } from './guest-flow.ts';
import { mailProvider } from './mail-person.ts';

export interface CreateGuestSettings extends NeededConsent {
  /** Ids of the providers whose people get an account; `mailProvider`: those who prove an address here. */
  readonly providers: readonly string[];
  readonly userType: GuestRegistration['userType'];
  /** Ids of attributes that are asked for and not kept. */
  readonly unwritten: readonly string[];
}

/** Throws `flows.unproved`: this step trusts no plan to have asked who the person is. */
function provedOf(facts: Facts, settings: CreateGuestSettings): ForeignFacts {
  const { foreign, userId, amr = [], provedEmails = [] } = facts;
  const isProved =
    foreign?.provider === mailProvider
      ? foreign.issuer === mailIssuer && provedEmails.includes(fold(foreign.issuerAssignedId))
      : amr.includes(foreignMethod);
  const isOffered = foreign !== undefined && settings.providers.includes(foreign.provider);
  if (!isOffered || !isProved || userId !== undefined || !isConsented(facts, settings)) {
    throw faults.unproved({ step: 'createGuest' });
  }
  return foreign;
}

/** Only a proved address may name anybody here: else whoever is invited under it later would be taken for this person. */
function provedAddress({ foreign, attributes = {}, provedEmails = [] }: Facts): Pick<GuestRegistration, 'email'> {
  if (foreign?.isEmailVerified && foreign.email !== undefined) return { email: foreign.email };
  const told = attributes[emailAttribute];
  return typeof told === 'string' && provedEmails.includes(fold(told)) ? { email: told } : {};
}

const findForeign = ({ guests, findByForeignIdentity }: Identity, foreign: ForeignFacts): Promise<User | undefined> =>
  foreign.issuer === mailIssuer
    ? guests.findByAddress(foreign.issuerAssignedId)
    : findByForeignIdentity(foreign.issuer, foreign.issuerAssignedId);

const { word, failure, cancel } = wordsOf(socialPage);

/**
 * Makes the account of somebody from elsewhere (b2c contract i, "Created user"). Of two journeys of one person at the same moment the second
 * finds the account of the first, and signs in to it: both have proved the same.
 */
export const createGuest: Step<CreateGuestSettings> = {
  kind: 'createGuest',
  words: ['heading', 'button_cancel', 'UserMessageIfUserAccountDisabled'].map((name) => `${socialPage}.${name}`),
  explain: ({ userType, providers }) => `Creates the account of a ${userType.toLowerCase()} (${providers.join(', ')})`,
  async enter(context, settings) {
    const {
      directory,
      identity,
      journey: { facts, flowId },
    } = context;
    const foreign = provedOf(facts, settings);
    if (!(await offersNewcomers(directory, flowId, foreign.provider))) {
      return { kind: 'refuse', refusal: 'foreignUnknown', detail: flowId };
    }
    const { issuer, issuerAssignedId } = foreign;
    const { userType, unwritten } = settings;
    const told = Object.entries({ ...facts.prefill, ...facts.attributes });
    const attributes = Object.fromEntries(told.filter(([id]) => !unwritten.includes(id)));
    const registration = { issuer, issuerAssignedId, userType, ...provedAddress(facts), attributes };
    try {
      const made = await identity.guests.register(system('sign-up'), registration);
      return { kind: 'next', learned: { userId: made.id, newUser: true } };
    } catch (error) {
      if (!isFault(error, 'identity.taken')) throw error;
      const user = await findForeign(identity, foreign);
      if (!user) throw error;
      if (user.accountEnabled) return { kind: 'next', learned: { userId: user.id, intent: 'signIn' } };
      const messages = [failure('UserMessageIfUserAccountDisabled')];
      return {
        kind: 'show',
        screen: { id: socialPage, heading: word('heading'), messages, fields: [], actions: [cancel] },
      };
    }
  },
  async submit() {
    return { kind: 'refuse', refusal: 'cancelled' };
  },
};
