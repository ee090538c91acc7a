import { recoveryAddressesOf } from '../../identity/index.ts';
import { system } from '../../kernel/index.ts';
import { fold } from '../../model/index.ts';
import { emailMaxLength, isSignInAddress } from '../attributes/read.ts';
import { faults } from '../faults.ts';
import { wordsOf } from '../page-words.ts';
import {
  nextPress,
  type Proof,
  type ProofControl,
  pressProof,
  proofOf,
  proofWords,
  sendsCode,
  unproved,
  verificationOf,
} from '../proof/control.ts';
import type { Message, Screen, Text } from '../screen.ts';
import { proofNames } from '../screen.ts';
import type { Outcome, Step, StepContext } from '../step.ts';

export interface RecoveryEmailSettings {
  readonly email: { readonly label: Text };
}

/** Kept between the screens of the step. */
interface Entries {
  readonly address: string;
  readonly proof: Proof;
}

const page = 'selfasserted';
const { word, cancel } = wordsOf(page);

const control: ProofControl = {
  field: 'email',
  control: 'emailVerificationControl',
  channel: 'email',
  purpose: 'addressVerification',
  screenId: page,
};
const names = proofNames(control);

function screenOf(
  { email: { label } }: RecoveryEmailSettings,
  { address, proof }: Entries,
  remarks: { readonly proof?: readonly Message[]; readonly error?: Text },
): Screen {
  return {
    id: page,
    heading: word('recoveryemail_heading'),
    intro: word('recoveryemail_intro'),
    messages: [],
    verification: verificationOf(control, proof, remarks.proof),
    fields: [
      {
        name: control.field,
        input: 'email',
        label,
        required: true,
        autocomplete: 'email',
        maxLength: emailMaxLength,
        ...(address === '' ? {} : { value: address }),
        ...(proof.state === 'initial' ? {} : { readOnly: true }),
        ...(remarks.error ? { errors: [remarks.error] } : {}),
      },
    ],
    actions: [{ name: 'continue', label: word('button_continue'), style: 'primary' }, cancel],
  };
}

const show = (
  settings: RecoveryEmailSettings,
  entries: Entries,
  remarks: Parameters<typeof screenOf>[2] = {},
): Outcome => ({ kind: 'show', memo: entries, screen: screenOf(settings, entries, remarks) });

/** Only of people who sign in by a number, and have no address on record. Throws `flows.unproved` before a second factor that is asked for. */
async function isNeeded({ journey: { facts }, identity }: StepContext): Promise<boolean> {
  const { signInName, provedPhones = [], userId, recoveryEmail, secondFactor } = facts;
  if (secondFactor === 'required') throw faults.unproved({ step: 'recoveryEmail' });
  if (signInName === undefined || !provedPhones.includes(signInName) || recoveryEmail !== undefined) return false;
  if (userId === undefined) return true;
  const user = await identity.find(userId);
  return user !== undefined && recoveryAddressesOf(user).length === 0;
}

/** Stored at once when there is the account; else with it, when it is created. One that has come to be on record meanwhile stays. */
async function keep(context: StepContext, address: string): Promise<Outcome> {
  if (!(await isNeeded(context))) return { kind: 'next' };
  const { journey, identity } = context;
  const { userId, provedEmails = [] } = journey.facts;
  if (userId !== undefined) await identity.keepRecoveryEmail(system('recovery e-mail'), userId, address);
  return {
    kind: 'next',
    learned: { recoveryEmail: address, provedEmails: [...provedEmails, fold(address)] },
  };
}

/**
 * Asks people who sign in by a phone number for an address, proved by a code, with which the account can be recovered when the number
 * is lost; it is no name to sign in with (b2c contract d.3, step 7).
 */
export const recoveryEmailStep: Step<RecoveryEmailSettings> = {
  kind: 'recoveryEmail',
  words: [
    'attribute.email',
    ...proofWords(page),
    ...['recoveryemail_heading', 'recoveryemail_intro', 'email_invalid', 'button_continue', 'button_cancel'].map(
      (name) => `${page}.${name}`,
    ),
  ],
  explain: () => 'Asks people with a phone number and no address on record for one to recover the account with',
  async enter(context, settings) {
    if (!(await isNeeded(context))) return { kind: 'next' };
    return show(settings, { address: '', proof: unproved });
  },
  async submit(context, settings, { action, values }) {
    const memo = context.journey.memo as Entries;
    const address = (values[control.field] ?? memo.address).trim().normalize('NFC');
    const before = proofOf(memo.proof, address);
    if (action === 'cancel') return { kind: 'refuse', refusal: 'cancelled' };
    const pressed = action === 'continue' ? nextPress(control, before) : action;
    if (sendsCode(control, pressed) && !isSignInAddress(address)) {
      return show(settings, { address, proof: before }, { error: word('email_invalid') });
    }
    const press = { action: pressed, address, typed: values[names.code] ?? '' };
    const { proof = before, messages = [] } = (await pressProof(context, control, before, press)) ?? {};
    return proof.state === 'verified'
      ? keep(context, proof.address)
      : show(settings, { address, proof }, { proof: messages });
  },
};
