import type { CollectedAttribute } from '../attributes/collected-attribute.ts';
import { fieldOf } from '../attributes/field.ts';
import { emailMaxLength } from '../attributes/read.ts';
import { type Proof, type ProofControl, verificationOf } from '../proof/control.ts';
import type { Action, Field, Message, Screen, Text } from '../screen.ts';

export interface LocalSignUpSettings {
  /** `proof`: the address must be proved with a mailed code. */
  readonly email: { readonly label: Text; readonly proof: boolean };
  readonly attributes: readonly CollectedAttribute[];
}

/** What was entered so far, without passwords and codes; kept between the screens of the step. */
export interface Entries {
  readonly email: string;
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

export const screenId = 'localaccountsignup';
export const word = (name: string, values: Readonly<Record<string, string | Text>> = {}): Text => ({
  id: `${screenId}.${name}`,
  values,
});
export const failure = (name: string, values?: Readonly<Record<string, string | Text>>): Message => ({
  tone: 'error',
  text: word(name, values),
});

export const cancelAction: Action = { name: 'cancel', label: word('button_cancel'), style: 'secondary' };

/** The proof of the address on this page. */
export const control: ProofControl = { field: 'email', channel: 'email', purpose: 'addressVerification', screenId };

/** The whole sign-up on one page: address with its proof, new password, attributes. */
export function signUpScreen(
  settings: LocalSignUpSettings,
  entries: Entries,
  passwords: readonly Field[],
  remarks: Remarks = {},
): Screen {
  const { email, typed, proof } = entries;
  const errorsOf = (name: string): readonly Text[] => remarks.errors?.[name] ?? [];
  return {
    id: screenId,
    heading: word('heading'),
    intro: word('initial_intro'),
    messages: remarks.messages ?? [],
    ...(settings.email.proof ? { verification: verificationOf(control, proof, remarks.proof) } : {}),
    fields: [
      emailField(settings, email, proof.state !== 'initial', errorsOf('email')),
      ...passwords,
      ...settings.attributes.map((one) => fieldOf(one, typed[one.claim], errorsOf(one.claim))),
    ],
    actions: [{ name: 'continue', label: word('button_continue'), style: 'primary' }, cancelAction],
  };
}

function emailField({ email }: LocalSignUpSettings, value: string, readOnly: boolean, errors: readonly Text[]): Field {
  return {
    name: 'email',
    input: 'email',
    label: email.label,
    required: true,
    autocomplete: 'email',
    maxLength: emailMaxLength,
    ...(value === '' ? {} : { value }),
    ...(readOnly ? { readOnly } : {}),
    ...(errors.length > 0 ? { errors } : {}),
  };
}
