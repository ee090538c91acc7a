import type { PasswordChange, User } from '../../identity/index.ts';
import { system } from '../../kernel/index.ts';
import { type Complaint, complaintWords, remarksFor } from '../attributes/complaint.ts';
import type { Facts } from '../facts.ts';
import { faults } from '../faults.ts';
import { wordsOf } from '../page-words.ts';
import type { Screen } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';
import { checkNewPassword, newPasswordFields, newPasswordWords } from './new-password-fields.ts';

const screenId = 'localaccountpasswordreset';
const { word, failure, cancel } = wordsOf(screenId);

type Reason = NonNullable<Facts['mustChangePassword']>;

/** What gives the right to set a password. */
interface Basis extends Omit<PasswordChange, 'passwordHash'> {
  readonly reason: Reason;
}

const intros: Readonly<Record<Reason, string>> = {
  forgotten: 'newPassword_intro',
  forced: 'newPassword_intro_forced',
  expired: 'newPassword_intro_expired',
};

/** Why nothing can be set any more, whatever is typed. */
const ends = {
  gone: 'UserMessageIfClaimsPrincipalDoesNotExist',
  disabled: 'UserMessageIfClaimsTransformationBooleanValueIsNotEqual',
  overtaken: 'password_changed_meanwhile',
} as const;

/**
 * This step trusts no plan: it looks for the proof itself. Throws `flows.unproved` without one of a mailed code in this journey, or of the
 * password that is to be replaced, or before a second factor that is asked for.
 */
function basisOf({ journey: { facts } }: StepContext): Basis {
  const { userId, mustChangePassword: reason, passwordMark: mark, provedEmails = [], amr = [], secondFactor } = facts;
  const isProved =
    reason === 'forgotten' ? facts.intent === 'resetPassword' && provedEmails.length > 0 : amr.includes('pwd');
  const isOpen = secondFactor === 'required';
  if (!reason || userId === undefined || mark === undefined || !isProved || isOpen) {
    throw faults.unproved({ step: 'newPassword' });
  }
  return { reason, userId, mark, ...(reason === 'forgotten' ? { addresses: provedEmails } : {}) };
}

async function show(
  context: StepContext,
  { reason }: Basis,
  account: User,
  complaints: readonly Complaint[] = [],
): Promise<Outcome> {
  const { messages, errors } = remarksFor(screenId, complaints);
  const screen: Screen = {
    id: screenId,
    heading: word('newPassword_heading'),
    intro: word(intros[reason]),
    messages,
    fields: await newPasswordFields(context, screenId, errors, account),
    actions: [{ name: 'continue', label: word('button_continue'), style: 'primary' }, cancel],
  };
  return { kind: 'show', screen };
}

function end(why: keyof typeof ends): Outcome {
  const screen: Screen = {
    id: screenId,
    heading: word('newPassword_heading'),
    messages: [failure(ends[why])],
    fields: [],
    actions: [cancel],
  };
  return { kind: 'show', screen };
}

/** Who was told to change a password and types the same again has changed nothing. */
async function checkIsNew(
  { identity, journey: { sender } }: StepContext,
  { reason }: Basis,
  account: User,
  password: string,
): Promise<readonly Complaint[]> {
  if (reason === 'forgotten' || !(await identity.hasPassword(account, password, sender.address))) return [];
  return [{ field: 'newPassword', summary: 'error_fieldIncorrect', texts: [{ id: 'field.passwordUnchanged' }] }];
}

/** Throws `identity.busy`; nothing of the journey is lost then. */
async function set(context: StepContext, basis: Basis, { values }: Input): Promise<Outcome> {
  const { identity, journey } = context;
  const account = await identity.find(basis.userId);
  if (!account) return end('gone');
  const password = values['newPassword'] ?? '';
  const complaints = await checkNewPassword(context, screenId, values, account);
  const wrong = complaints.length > 0 ? complaints : await checkIsNew(context, basis, account, password);
  if (wrong.length > 0) return show(context, basis, account, wrong);
  const { reason, ...change } = basis;
  const passwordHash = await identity.hashPassword(password, journey.sender.address);
  const came = await identity.changePassword(system(`password ${reason}`), { ...change, passwordHash });
  context.note({ what: 'newPassword', came, because: { reason } });
  if (came !== 'changed') return end(came);
  const amr = [...new Set([...(journey.facts.amr ?? []), 'pwd'])];
  return { kind: 'next', learned: { amr, mustChangePassword: null } };
}

/** The page where a password is replaced: after "Forgot your password?", or because it has to be (b2c contract d.3, 4a' and 4b). */
export const newPassword: Step<Record<never, never>> = {
  kind: 'newPassword',
  words: [
    'field.passwordUnchanged',
    ...newPasswordWords(screenId),
    ...complaintWords(screenId),
    ...[
      'newPassword_heading',
      'button_continue',
      'button_cancel',
      ...Object.values(intros),
      ...Object.values(ends),
    ].map((name) => `${screenId}.${name}`),
  ],
  explain: () => 'Asks for a new password and sets it, which ends every session and refresh token of the account',
  async enter(context) {
    const basis = basisOf(context);
    const account = await context.identity.find(basis.userId);
    return account ? show(context, basis, account) : end('gone');
  },
  async submit(context, _, input) {
    if (input.action === 'cancel') return { kind: 'refuse', refusal: 'cancelled' };
    return set(context, basisOf(context), input);
  },
};
