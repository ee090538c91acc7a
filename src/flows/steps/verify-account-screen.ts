import type { Complaint } from '../attributes/complaint.ts';
import { missing } from '../attributes/complaint.ts';
import { emailMaxLength, isSignInAddress } from '../attributes/read.ts';
import { wordsOf } from '../page-words.ts';
import { type Proof, type ProofControl, verificationOf } from '../proof/control.ts';
import type { Field, Message, Screen, Text } from '../screen.ts';
import { nameMaxLength } from './sign-in-name.ts';

export interface VerifyAccountSettings {
  /** What a person who forgot the password is asked for first; `either` where people sign in with one or the other. */
  readonly identifier: 'emailAddress' | 'userName' | 'either';
}

/** What was entered so far; kept between the screens of the step. */
export interface Entries {
  /** Which account, where that is not said by the address; `''`: the address says it. */
  readonly userName: string;
  /** It is known what the account is called, and the address is asked for. */
  readonly isNamed: boolean;
  readonly email: string;
  readonly proof: Proof;
}

/** What one screen says about the entries. */
export interface Remarks {
  readonly messages?: readonly Message[];
  readonly proof?: readonly Message[];
  /** By field name. */
  readonly errors?: Readonly<Record<string, readonly Text[]>>;
}

export const screenId = 'localaccountpasswordreset';

const { word, cancel } = wordsOf(screenId);

/** The proof of the address on this page. */
export const control: ProofControl = {
  field: 'email',
  control: 'emailVerificationControl',
  channel: 'email',
  purpose: 'passwordReset',
  screenId,
};

export const emailLabel: Text = { id: 'attribute.email' };

export const asksName = ({ identifier }: VerifyAccountSettings, { isNamed }: Entries): boolean =>
  identifier !== 'emailAddress' && !isNamed;

const labels = { emailAddress: 'UserId', userName: 'UserId', either: 'UserId_or_email' } as const;
const intros = { emailAddress: 'initial_intro', userName: 'initial_intro_username', either: 'initial_intro' } as const;

/** Message ids of the page, without those of proofs and complaints. */
export const verifyAccountWords: readonly string[] = [
  'heading',
  'initial_intro',
  'initial_intro_username',
  'UserId',
  'UserId_or_email',
  'button_continue',
  'button_cancel',
  'UserMessageIfClaimNotVerified',
  'UserMessageIfClaimsPrincipalDoesNotExist',
  'UserMessageIfClaimsTransformationBooleanValueIsNotEqual',
].map((name) => `${screenId}.${name}`);

/** Ids of the b2c contract (page captures): `UserId`, then the same fixed beside the control with `email`. */
export function verifyAccountScreen(settings: VerifyAccountSettings, entries: Entries, remarks: Remarks = {}): Screen {
  const { proof } = entries;
  const asking = asksName(settings, entries);
  return {
    id: screenId,
    heading: word('heading'),
    intro: word(asking ? intros[settings.identifier] : 'initial_intro'),
    messages: remarks.messages ?? [],
    ...(asking ? {} : { verification: verificationOf(control, proof, remarks.proof) }),
    fields: [
      ...(asking || entries.userName !== '' ? [nameField(settings, entries, !asking, remarks)] : []),
      ...(asking ? [] : [emailField(entries, remarks)]),
    ],
    actions: [{ name: 'continue', label: word('button_continue'), style: 'primary' }, cancel],
  };
}

const shown = (value: string, errors: readonly Text[] | undefined): Pick<Field, 'value' | 'errors'> => ({
  ...(value === '' ? {} : { value }),
  ...(errors ? { errors } : {}),
});

const nameLabel = ({ identifier }: VerifyAccountSettings): Text => word(labels[identifier]);

const nameField = (
  settings: VerifyAccountSettings,
  { userName }: Entries,
  readOnly: boolean,
  { errors }: Remarks,
): Field => ({
  name: 'UserId',
  input: 'text',
  label: readOnly ? word('UserId') : nameLabel(settings),
  required: true,
  autocomplete: 'username',
  maxLength: nameMaxLength,
  ...(readOnly ? { readOnly } : {}),
  ...shown(userName, errors?.['UserId']),
});

const emailField = ({ email, proof }: Entries, { errors }: Remarks): Field => ({
  name: 'email',
  input: 'email',
  label: emailLabel,
  required: true,
  autocomplete: 'email',
  maxLength: emailMaxLength,
  ...(proof.state === 'initial' ? {} : { readOnly: true }),
  ...shown(email, errors?.['email']),
});

export const checkName = (settings: VerifyAccountSettings, { userName }: Entries): readonly Complaint[] =>
  userName === '' ? [missing('UserId', nameLabel(settings))] : [];

/** What is wrong with the address as such; nothing is mailed before. */
export function checkEmail({ email }: Entries): readonly Complaint[] {
  if (email === '') return [missing('email', emailLabel)];
  if (isSignInAddress(email)) return [];
  return [
    {
      field: 'email',
      summary: 'error_fieldIncorrect',
      texts: [{ id: 'field.notAnEmail', values: { field: emailLabel } }],
    },
  ];
}
