import { passwordMark, recoveryAddressesOf, type User } from '../../identity/index.ts';
import { fold } from '../../model/index.ts';
import { complaintWords, remarksFor } from '../attributes/complaint.ts';
import { emailMaxLength, isSignInAddress } from '../attributes/read.ts';
import type { Facts } from '../facts.ts';
import { wordsOf } from '../page-words.ts';
import { type ProofTurn, pressProof, proofOf, proofWords, sendsCode, unproved, verifyProof } from '../proof/control.ts';
import { letterWords } from '../proof/letter.ts';
import { proofNames } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';
import { nameMaxLength } from './sign-in-name.ts';
import {
  asksName,
  checkEmail,
  checkName,
  control,
  type Entries,
  emailLabel,
  type Remarks,
  screenId,
  type VerifyAccountSettings,
  verifyAccountScreen,
  verifyAccountWords,
} from './verify-account-screen.ts';

const names = proofNames(control);
const { failure } = wordsOf(screenId);

const show = (settings: VerifyAccountSettings, entries: Entries, remarks?: Remarks): Outcome => ({
  kind: 'show',
  memo: entries,
  screen: verifyAccountScreen(settings, entries, remarks),
});

const turned = (settings: VerifyAccountSettings, entries: Entries, { proof, messages }: ProofTurn): Outcome =>
  show(settings, { ...entries, proof }, { proof: messages });

/** Joins what was sent with what is kept; a name once given is changed by starting again. */
function entriesOf(settings: VerifyAccountSettings, before: Entries, { values }: Input): Entries {
  if (asksName(settings, before)) {
    return { ...before, userName: (values['UserId'] ?? '').trim().normalize('NFC').slice(0, nameMaxLength) };
  }
  // NFC, so that the letter goes to the very address that is compared later.
  const email = (values['email'] ?? before.email).trim().normalize('NFC');
  return { ...before, email, proof: proofOf(before.proof, email) };
}

/**
 * Whose password it is. The address must be one on record for that very account; where a name was given, a wrong pair is as unknown as
 * a name that nobody has.
 */
async function accountOf({ identity }: StepContext, { userName }: Entries, address: string): Promise<User | undefined> {
  const account = await (userName === ''
    ? identity.findBySignInName(address, ['email'])
    : identity.findBySignInName(userName, ['userName']));
  return account && recoveryAddressesOf(account).includes(fold(address)) ? account : undefined;
}

/** "Continue" with a code in its field means both: nobody has to know that there are two buttons. */
async function complete(
  context: StepContext,
  settings: VerifyAccountSettings,
  before: Entries,
  typed: string,
): Promise<Outcome> {
  const turn: ProofTurn =
    typed === '' ? { proof: before.proof, messages: [] } : await verifyProof(context, control, before.proof, typed);
  const { proof } = turn;
  const entries: Entries = { ...before, proof };
  if (proof.state !== 'verified') {
    const missing = failure('UserMessageIfClaimNotVerified', { field: emailLabel });
    return show(settings, entries, { messages: [missing], proof: turn.messages });
  }
  // Told only once the address is proved, so that nobody can ask which accounts exist (b2c contract j).
  const account = await accountOf(context, entries, proof.address);
  if (account?.accountEnabled) return { kind: 'next', learned: learned(context, entries, account, proof.address) };
  context.note({ what: 'verifyAccount', came: account ? 'accountDisabled' : 'noAccount' });
  const name = account
    ? 'UserMessageIfClaimsTransformationBooleanValueIsNotEqual'
    : 'UserMessageIfClaimsPrincipalDoesNotExist';
  return show(settings, unnamed(settings, entries), { messages: [failure(name)] });
}

/** Back to the question what the account is called, where that was asked. */
const unnamed = ({ identifier }: VerifyAccountSettings, entries: Entries): Entries =>
  identifier === 'emailAddress'
    ? entries
    : { ...entries, isNamed: false, userName: entries.userName === '' ? entries.email : entries.userName };

/** An address in place of a user name is the one to prove. */
const named = ({ identifier }: VerifyAccountSettings, entries: Entries): Entries =>
  identifier === 'either' && isSignInAddress(entries.userName)
    ? { userName: '', isNamed: true, email: entries.userName, proof: proofOf(entries.proof, entries.userName) }
    : { ...entries, isNamed: true };

const learned = (
  { journey: { facts } }: StepContext,
  { userName }: Entries,
  account: User,
  address: string,
): Facts => ({
  intent: 'resetPassword',
  signInName: userName === '' ? address : userName,
  userId: account.id,
  provedEmails: [...(facts.provedEmails ?? []), fold(address)],
  // RFC 8176: a one-time password. What a session had proved before does not count here.
  amr: ['otp'],
  keepSignedIn: false,
  mustChangePassword: 'forgotten',
  passwordMark: passwordMark(account),
});

const asked = {
  emailAddress: 'the address',
  userName: 'the user name and its address',
  either: 'the address, or the user name and its address,',
} as const;

/** Where a person who forgot the password proves the address on record (b2c contract d.3, "verify account"). */
export const verifyAccount: Step<VerifyAccountSettings> = {
  kind: 'verifyAccount',
  words: [
    'attribute.email',
    'field.notAnEmail',
    ...letterWords,
    ...proofWords(screenId),
    ...complaintWords(screenId),
    ...verifyAccountWords,
  ],
  explain: ({ identifier }) => `Asks for ${asked[identifier]} of the account and proves the address with a mailed code`,
  async enter({ journey }, settings) {
    const hint = journey.facts.emailHint ?? journey.loginHint ?? '';
    const byName = settings.identifier !== 'emailAddress';
    return show(settings, {
      userName: byName ? hint.slice(0, nameMaxLength) : '',
      isNamed: false,
      email: byName ? '' : hint.slice(0, emailMaxLength),
      proof: unproved,
    });
  },
  async submit(context, settings, input) {
    const entries = entriesOf(settings, context.journey.memo as Entries, input);
    const typed = input.values[names.code] ?? '';
    if (input.action === 'cancel') return { kind: 'refuse', refusal: 'cancelled' };
    if (asksName(settings, entries)) {
      const wrong = checkName(settings, entries);
      if (wrong.length > 0) return show(settings, entries, remarksFor(screenId, wrong));
      return show(settings, named(settings, entries));
    }
    if (sendsCode(control, input.action)) {
      const wrong = checkEmail(entries);
      if (wrong.length > 0) return show(settings, entries, remarksFor(screenId, wrong));
    }
    const press = { action: input.action, address: entries.email, typed };
    const turn = await pressProof(context, control, entries.proof, press);
    return turn ? turned(settings, entries, turn) : complete(context, settings, entries, typed);
  },
};
