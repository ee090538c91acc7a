import { emailAttribute, type Registration } from '../../identity/index.ts';
import { isFault, system } from '../../kernel/index.ts';
import { fold } from '../../model/index.ts';
import { isConsented, type NeededConsent } from '../consent.ts';
import type { Facts } from '../facts.ts';
import { faults } from '../faults.ts';
import { foreignMethod } from '../foreign.ts';
import type { AccountKind } from '../local-accounts.ts';
import { wordsOf } from '../page-words.ts';
import type { Text } from '../screen.ts';
import type { Outcome, Step } from '../step.ts';
import { contactLabel, shapeOf, signUpPages, userNameLabel } from './sign-up-screen.ts';
import { socialPage } from './social-sign-up.ts';

export interface CreateUserSettings extends NeededConsent {
  /** Kinds the flow creates; a journey that says nothing else means the first. */
  readonly accounts: readonly AccountKind[];
  /** Ids of the foreign providers whose people get an account. */
  readonly providers: readonly string[];
  /** `proof`: the address must have been proved in this journey. */
  readonly email: { readonly label: Text; readonly proof: boolean };
  /** A passkey made in this journey will do in place of the password. */
  readonly isPasswordOptional?: true;
  /** `Member` when absent. */
  readonly userType?: Registration['userType'];
  /** Ids of attributes that are asked for and not kept. */
  readonly unwritten?: readonly string[];
}

function unproved(): never {
  throw faults.unproved({ step: 'createUser' });
}

/** What a kind of account is made of. Each of them throws `flows.unproved`: this step trusts no plan to have asked for the proof. */
const makers: Readonly<
  Record<
    AccountKind,
    (signInName: string, facts: Facts, settings: CreateUserSettings) => Omit<Registration, 'attributes'>
  >
> = {
  emailWithPassword: (name, facts, settings) => ({
    email: settings.email.proof ? provedEmail(name, facts) : name,
    ...passwordIn(facts, settings),
  }),
  userName(userName, facts, settings) {
    const { recoveryEmail = unproved() } = facts;
    const proved = settings.email.proof ? provedEmail(recoveryEmail, facts) : recoveryEmail;
    return { userName, recoveryEmail: proved, ...passwordIn(facts, settings) };
  },
  phone: (name, { recoveryEmail, ...facts }) => ({
    phoneNumber: facts.provedPhones?.includes(name) ? name : unproved(),
    ...(recoveryEmail === undefined ? {} : { recoveryEmail: provedEmail(recoveryEmail, facts) }),
  }),
  emailCode: (name, facts) => ({ email: provedEmail(name, facts) }),
};

/** Nothing where the flow lets a passkey stand in for it, and one was made. */
function passwordIn({ passwordHash, enrolled = [] }: Facts, { isPasswordOptional }: CreateUserSettings) {
  if (passwordHash !== undefined) return { passwordHash };
  return isPasswordOptional && enrolled.some(({ kind }) => kind === 'passkey') ? {} : unproved();
}

const provedEmail = (address: string, { provedEmails }: Facts): string =>
  provedEmails?.includes(fold(address)) ? address : unproved();

/** What the provider told, except what the person said otherwise; the address finds nobody (b2c contract g.2). */
function provedElsewhere(
  { foreign, prefill, attributes, amr = [] }: Facts,
  { providers }: CreateUserSettings,
): Registration {
  if (!foreign || !providers.includes(foreign.provider) || !amr.includes(foreignMethod)) return unproved();
  const { issuer, issuerAssignedId } = foreign;
  const told = { ...prefill, ...attributes };
  const email = told[emailAttribute];
  return {
    foreign: { issuer, issuerAssignedId },
    ...(typeof email === 'string' && email !== '' ? { contactEmail: email } : {}),
    attributes: told,
  };
}

function proved(facts: Facts, settings: CreateUserSettings): Registration {
  if (!isConsented(facts, settings)) return unproved();
  if (facts.foreign) return provedElsewhere(facts, settings);
  const { accounts } = settings;
  const { accountKind = accounts[0], signInName, attributes = {} } = facts;
  if (signInName === undefined || !accountKind || !accounts.includes(accountKind)) return unproved();
  const { userType, unwritten = [] } = settings;
  const kept = Object.entries(attributes).filter(([id]) => !unwritten.includes(id));
  return {
    ...makers[accountKind](signInName, facts, settings),
    ...(userType ? { userType } : {}),
    attributes: Object.fromEntries(kept),
  };
}

/**
 * Two journeys can prove one address, or choose one name, at the same moment; the second finds the account there. It is told so, and
 * its way out is back to the application, where the account can be used to sign in: what protects an account that is there already was
 * not asked for on the way to a new one.
 */
function taken({ accountKind, foreign }: Facts, { accounts, email }: CreateUserSettings): Outcome {
  if (foreign) return told(socialPage, {});
  const settings = { account: accountKind ?? accounts[0] ?? 'emailWithPassword', email, attributes: [] };
  const { contact, userName } = shapeOf(settings);
  return told(contact.screenId, { field: userName ? userNameLabel : contactLabel(settings) });
}

function told(page: string, values: Readonly<Record<string, Text>>): Outcome {
  const { word, failure, cancel } = wordsOf(page);
  return {
    kind: 'show',
    screen: {
      id: page,
      heading: word('heading'),
      messages: [failure('UserMessageIfClaimsPrincipalAlreadyExists', values)],
      fields: [],
      actions: [cancel],
    },
  };
}

const words = ['heading', 'button_cancel', 'UserMessageIfClaimsPrincipalAlreadyExists'];

/** Creates the account from what the journey has established. Shows nothing, unless its name was taken meanwhile. */
export const createUser: Step<CreateUserSettings> = {
  kind: 'createUser',
  words: [...signUpPages, socialPage].flatMap((page) => words.map((name) => `${page}.${name}`)),
  explain: ({ email, accounts, providers }) =>
    `Creates the account (${[...accounts, ...providers].join(', ')})${email.proof ? ', whose address was proved' : ''}`,
  async enter(context, settings) {
    const { facts } = context.journey;
    try {
      const user = await context.identity.register(system('sign-up'), proved(facts, settings));
      return { kind: 'next', learned: { userId: user.id, newUser: true } };
    } catch (error) {
      if (isFault(error, 'identity.taken')) return taken(facts, settings);
      throw error;
    }
  },
  async submit() {
    return { kind: 'refuse', refusal: 'cancelled' };
  },
};
