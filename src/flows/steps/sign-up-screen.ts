import type { CollectedAttribute } from '../attributes/collected-attribute.ts';
import { fieldOf } from '../attributes/field.ts';
import { shownOn } from '../attributes/form.ts';
import { emailMaxLength } from '../attributes/read.ts';
import type { AccountKind } from '../local-accounts.ts';
import { wordsOf } from '../page-words.ts';
import { type Proof, type ProofControl, verificationOf } from '../proof/control.ts';
import type { Field, Message, Screen, Text } from '../screen.ts';
import { consentOn } from './phone-number.ts';

export interface LocalSignUpSettings {
  readonly account: AccountKind;
  /** `proof`: the address must be proved with a mailed code. */
  readonly email: { readonly label: Text; readonly proof: boolean };
  readonly attributes: readonly CollectedAttribute[];
  /** A passkey will do in place of the password; it is made on the next page. */
  readonly isPasswordOptional?: true;
}

/** What was entered so far, without passwords and codes; kept between the screens of the step. */
export interface Entries {
  /** Empty where the account has none. */
  readonly userName: string;
  /** The address or number. */
  readonly contact: string;
  /** By claim; a field not yet shown is absent. */
  readonly typed: Readonly<Record<string, string>>;
  readonly proof: Proof;
}

/** What one screen says about the entries. */
export interface Remarks {
  readonly messages?: readonly Message[];
  readonly proof?: readonly Message[];
  /** By field name. */
  readonly errors?: Readonly<Record<string, readonly Text[]>>;
}

/** What people who sign up for one kind of account are asked for, besides attributes. */
interface Shape {
  /** Where a code is sent to; the name to sign in with, unless there is a user name. */
  readonly contact: ProofControl;
  readonly userName: boolean;
  readonly password: boolean;
  /** Nobody signs in by this address or number without having proved it here. */
  readonly alwaysProved: boolean;
}

export type SignUpPage = 'localaccountsignup' | 'phoneSignUp';
export const signUpPages: readonly SignUpPage[] = ['localaccountsignup', 'phoneSignUp'];

const email: ProofControl = {
  field: 'email',
  channel: 'email',
  purpose: 'addressVerification',
  screenId: 'localaccountsignup',
};
const phone: ProofControl = {
  field: 'nationalNumber',
  control: 'phoneVerificationControl',
  channel: 'sms',
  purpose: 'addressVerification',
  screenId: 'phoneSignUp',
};

const shapes: Readonly<Record<AccountKind, Shape>> = {
  emailWithPassword: { contact: email, userName: false, password: true, alwaysProved: false },
  userName: { contact: email, userName: true, password: true, alwaysProved: false },
  phone: { contact: phone, userName: false, password: false, alwaysProved: true },
  emailCode: { contact: email, userName: false, password: false, alwaysProved: true },
};

export const shapeOf = ({ account }: LocalSignUpSettings): Shape => shapes[account];

/** Without the proof the address or number is not taken. */
export const asksProof = (settings: LocalSignUpSettings): boolean =>
  shapeOf(settings).alwaysProved || settings.email.proof;

export const contactLabel = (settings: LocalSignUpSettings): Text =>
  shapeOf(settings).contact.channel === 'sms' ? { id: 'phoneSignUp.nationalNumber' } : settings.email.label;

export const userNameLabel: Text = { id: 'localaccountsignup.UserId' };

/** Element id of the user name (b2c contract e.1). */
export const userNameField = 'UserId';

/** The action of who wants a passkey in place of a password. */
export const withPasskey = 'withPasskey';

export interface SignUpForm {
  readonly settings: LocalSignUpSettings;
  readonly entries: Entries;
  /** The fields for a new password; none where the account has none. */
  readonly passwords: readonly Field[];
  /** The address or number was proved before this page. */
  readonly isFixed: boolean;
  /** The browser can have a passkey in place of the password. */
  readonly offersPasskey: boolean;
}

/** The whole sign-up on one page: names with their proof, new password, attributes. */
export function signUpScreen(
  { settings, entries, passwords, isFixed, offersPasskey }: SignUpForm,
  remarks: Remarks = {},
): Screen {
  const { contact, userName } = shapeOf(settings);
  const { typed, proof } = entries;
  const page = contact.screenId;
  const { word, cancel } = wordsOf(page);
  const errorsOf = (name: string): readonly Text[] => remarks.errors?.[name] ?? [];
  const control: ProofControl = isFixed ? { ...contact, isFixed } : contact;
  return {
    id: page,
    heading: word('heading'),
    intro: word('initial_intro'),
    messages: remarks.messages ?? [],
    ...(asksProof(settings) ? { verification: verificationOf(control, proof, remarks.proof) } : {}),
    fields: [
      ...(userName ? [fieldForUserName(entries.userName, errorsOf(userNameField))] : []),
      contactField(settings, entries, errorsOf(contact.field)),
      ...passwords,
      ...shownOn(settings.attributes).map((one) => fieldOf(one, typed[one.claim], errorsOf(one.claim))),
    ],
    actions: [
      { name: 'continue', label: word('button_continue'), style: 'primary' },
      ...(offersPasskey ? [{ name: withPasskey, label: word('passkey_link'), style: 'secondary' } as const] : []),
      cancel,
    ],
  };
}

const wrong = (errors: readonly Text[]): Pick<Field, 'errors'> => (errors.length > 0 ? { errors } : {});

function contactField(settings: LocalSignUpSettings, { contact, proof }: Entries, errors: readonly Text[]): Field {
  const { field, channel } = shapeOf(settings).contact;
  const kind =
    channel === 'sms'
      ? ({ input: 'phone', autocomplete: 'tel' } as const)
      : ({ input: 'email', autocomplete: 'email', maxLength: emailMaxLength } as const);
  return {
    name: field,
    label: contactLabel(settings),
    required: true,
    ...kind,
    ...(channel === 'sms' && proof.state === 'initial' ? { help: consentOn('phoneSignUp') } : {}),
    ...(contact === '' ? {} : { value: contact }),
    ...(proof.state === 'initial' ? {} : { readOnly: true }),
    ...wrong(errors),
  };
}

/** Characters of a user name: it has to be the part of an address before `@` (RFC 5321 §4.5.3.1.1). */
export const userNameMaxLength = 64;

const fieldForUserName = (value: string, errors: readonly Text[]): Field => ({
  name: userNameField,
  input: 'text',
  label: userNameLabel,
  required: true,
  autocomplete: 'username',
  maxLength: userNameMaxLength,
  ...(value === '' ? {} : { value }),
  ...wrong(errors),
});
