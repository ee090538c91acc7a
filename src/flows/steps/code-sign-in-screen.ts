import { emailMaxLength } from '../attributes/read.ts';
import type { AccountKind } from '../local-accounts.ts';
import { wordsOf } from '../page-words.ts';
import { type Proof, type ProofControl, proofWords, verificationOf } from '../proof/control.ts';
import type { Action, Field, Message, Screen, Text } from '../screen.ts';
import { consentOn } from './phone-number.ts';

export interface CodeSignInSettings {
  readonly accounts: readonly AccountKind[];
  readonly email: { readonly label: Text };
  /** Whoever has no account yet is offered to create one. */
  readonly signUp: boolean;
  /**
   * At the tenant's own sign-in: whoever is known by an address alone is among those looked for. `signUp`: they are on their way to an
   * account, and have pressed "create" already.
   */
  readonly guests?: 'signIn' | 'signUp';
}

/** One of the two ways: a text message to a number, or a letter to an address. */
export interface Channel {
  readonly control: ProofControl;
  readonly account: AccountKind;
  readonly label: (settings: CodeSignInSettings) => Text;
  readonly invalid: Text;
  /** RFC 8176 §2. */
  readonly method: 'sms' | 'otp';
  /** Heading and intro, without the page. */
  readonly heading: string;
  readonly intro: string;
}

export const phone: Channel = {
  control: {
    field: 'nationalNumber',
    control: 'phoneVerificationControl',
    channel: 'sms',
    purpose: 'oneTimePasscode',
    screenId: 'phoneSignIn',
  },
  account: 'phone',
  label: () => ({ id: 'phoneSignIn.nationalNumber' }),
  invalid: { id: 'phoneSignIn.invalid_number' },
  method: 'sms',
  heading: 'heading',
  intro: 'initial_intro',
};

export const mail: Channel = {
  control: {
    field: 'email',
    control: 'emailVerificationControl',
    channel: 'email',
    purpose: 'oneTimePasscode',
    // B2C has no page of its own for it.
    screenId: 'selfasserted',
  },
  account: 'emailCode',
  label: ({ email }) => email.label,
  invalid: { id: 'selfasserted.email_invalid' },
  method: 'otp',
  heading: 'emailcode_heading',
  intro: 'emailcode_intro',
};

/** Kept between the screens of the step; `address` as it is in the field. */
export interface Entries {
  readonly channel: 'sms' | 'email';
  readonly address: string;
  readonly proof: Proof;
}

const ends = {
  unknown: 'UserMessageIfClaimsPrincipalDoesNotExist',
  disabled: 'UserMessageIfUserAccountDisabled',
  hasPassword: 'UserMessageIfPasswordIsAsked',
} as const;

export type SignInEnd = keyof typeof ends;

export const codeSignInWords: readonly string[] = [phone, mail].flatMap(({ control, heading, intro, invalid }) => [
  ...proofWords(control.screenId),
  ...[heading, intro, 'button_continue', 'button_cancel', 'button_create', ...Object.values(ends)].map(
    (name) => `${control.screenId}.${name}`,
  ),
  ...('id' in invalid ? [invalid.id] : []),
]);

/** Where the code is typed; the number or address can be changed. */
export function codeScreen(
  channel: Channel,
  settings: CodeSignInSettings,
  { address, proof }: Entries,
  remarks: { readonly proof?: readonly Message[]; readonly error?: Text } = {},
): Screen {
  const { control, label, heading, intro } = channel;
  const page = control.screenId;
  const { word, cancel } = wordsOf(page);
  const field: Field = {
    name: control.field,
    input: control.channel === 'sms' ? 'phone' : 'email',
    label: label(settings),
    required: true,
    autocomplete: control.channel === 'sms' ? 'tel' : 'email',
    ...(control.channel === 'sms' && proof.state === 'initial' ? { help: consentOn(page) } : {}),
    ...(control.channel === 'email' ? { maxLength: emailMaxLength } : {}),
    ...(address === '' ? {} : { value: address }),
    ...(proof.state === 'initial' ? {} : { readOnly: true }),
    ...(remarks.error ? { errors: [remarks.error] } : {}),
  };
  return {
    id: page,
    heading: word(heading),
    intro: word(intro),
    messages: [],
    verification: verificationOf(control, proof, remarks.proof),
    fields: [field],
    actions: [{ name: 'continue', label: word('button_continue'), style: 'primary' }, cancel],
  };
}

/** Told only to whoever has proved the number or address. */
export function endScreen({ control, heading }: Channel, end: SignInEnd, signUp: boolean): Screen {
  const { word, failure, cancel } = wordsOf(control.screenId);
  const create: Action = { name: 'createAccount', label: word('button_create'), style: 'primary' };
  return {
    id: control.screenId,
    heading: word(heading),
    messages: [failure(ends[end])],
    fields: [],
    actions: [...(end === 'unknown' && signUp ? [create] : []), cancel],
  };
}
