import { type Complaint, complaintWords, remarksFor } from '../attributes/complaint.ts';
import type { Facts } from '../facts.ts';
import { faults } from '../faults.ts';
import { wordsOf } from '../page-words.ts';
import {
  ceremonyOf,
  methodsOf,
  type PasskeyMemo,
  type PasskeySettings,
  passkeyAction,
  passkeyAnswer,
  placeOf,
} from '../passkey.ts';
import type { Action, Message, Screen } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';
import { checkNewPassword, newPasswordFields, newPasswordWords } from './new-password-fields.ts';

/** The page of accounts that have a password where they have no passkey. */
const screenId = 'localaccountsignup';
const { word, failure, cancel } = wordsOf(screenId);

/** Absent: a password is being chosen after all. */
type Memo = PasskeyMemo | undefined;

const switches: Readonly<Record<'usePassword' | 'usePasskey', Action>> = {
  usePassword: { name: 'usePassword', label: word('passkey_use_password'), style: 'secondary' },
  usePasskey: { name: 'usePasskey', label: word('passkey_use_passkey'), style: 'secondary' },
};

/** For whom an account is being made. Throws `flows.unproved`. */
function nameIn({ journey: { facts } }: StepContext): string {
  if (facts.intent !== 'signUp' || facts.signInName === undefined) throw faults.unproved({ step: 'passkeySignUp' });
  return facts.signInName;
}

async function askPasskey(
  context: StepContext,
  settings: PasskeySettings,
  messages: readonly Message[] = [],
): Promise<Outcome> {
  const name = nameIn(context);
  const { displayName } = context.journey.facts.attributes ?? {};
  const owner = { name, displayName: typeof displayName === 'string' && displayName !== '' ? displayName : name };
  const question = await context.identity.passkeys.toCreate(placeOf(context, settings), owner);
  if (!question) return askPassword(context);
  const screen: Screen = {
    id: screenId,
    heading: word('passkey_heading'),
    intro: word('passkey_intro'),
    messages,
    fields: [],
    passkey: ceremonyOf('create', question),
    actions: [switches.usePassword, { ...cancel, style: 'link' }],
  };
  const memo: Memo = { challenge: question.challenge };
  return { kind: 'show', screen, memo };
}

/** The way for browsers that cannot have passkeys, and for whoever has thought better of it. */
async function askPassword(context: StepContext, complaints: readonly Complaint[] = []): Promise<Outcome> {
  const { messages, errors } = remarksFor(screenId, complaints);
  const screen: Screen = {
    id: screenId,
    heading: word('passkey_password_heading'),
    messages,
    fields: await newPasswordFields(context, screenId, errors),
    actions: [
      { name: 'continue', label: word('button_continue'), style: 'primary' },
      switches.usePasskey,
      { ...cancel, style: 'link' },
    ],
  };
  return { kind: 'show', screen };
}

async function withPasskey(context: StepContext, settings: PasskeySettings, input: Input): Promise<Outcome> {
  const { identity, journey } = context;
  const memo = journey.memo as Memo;
  const answer = passkeyAnswer(input);
  const made = memo && (await identity.passkeys.created(memo.challenge, answer, journey.sender.userAgent));
  if (!made) return askPasskey(context, settings, [failure('passkey_failed')]);
  const passkey = { ...made.passkey, isVouchedFor: true };
  const learned: Facts = {
    amr: methodsOf({ ...made, passkey }, settings),
    enrolled: [...(journey.facts.enrolled ?? []), { kind: 'passkey', content: passkey }],
  };
  context.note({ what: 'passkey', came: 'created' });
  return { kind: 'next', learned };
}

/** Throws `identity.busy`; nothing of the journey is lost then. */
async function withPassword(context: StepContext, { values }: Input): Promise<Outcome> {
  const complaints = await checkNewPassword(context, screenId, values);
  if (complaints.length > 0) return askPassword(context, complaints);
  const passwordHash = await context.identity.hashPassword(values['newPassword'] ?? '', context.journey.sender.address);
  return { kind: 'next', learned: { amr: ['pwd'], passwordHash } };
}

/** A passkey in place of the password of a new account; the account is made with it later. */
export const passkeySignUp: Step<PasskeySettings> = {
  kind: 'passkeySignUp',
  words: [
    ...newPasswordWords(screenId),
    ...complaintWords(screenId),
    ...[
      'passkey_heading',
      'passkey_intro',
      'passkey_failed',
      'passkey_use_password',
      'passkey_use_passkey',
      'passkey_password_heading',
      'button_continue',
      'button_cancel',
    ].map((name) => `${screenId}.${name}`),
  ],
  explain: () => 'Makes a passkey for the new account, or asks for a password after all',
  enter: (context, settings) => askPasskey(context, settings),
  async submit(context, settings, input) {
    nameIn(context);
    switch (input.action) {
      case 'cancel':
        return { kind: 'refuse', refusal: 'cancelled' };
      case passkeyAction:
        return withPasskey(context, settings, input);
      case 'usePasskey':
        return askPasskey(context, settings);
      case 'usePassword':
        return askPassword(context);
      default:
        return withPassword(context, input);
    }
  },
};
