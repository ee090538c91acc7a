import { type AttributeValue, isSignInAddress, readAttribute } from '../attributes/read.ts';
import type { Message, Text } from '../screen.ts';
import type { StepContext } from '../step.ts';
import { type Entries, failure, type LocalSignUpSettings, type Remarks, word } from './sign-up-screen.ts';

type Values = Readonly<Record<string, string>>;

/** A finished form, or what is wrong with it. */
export type FormReading =
  | {
      readonly kind: 'complete';
      readonly password: string;
      readonly attributes: Readonly<Record<string, AttributeValue>>;
    }
  | { readonly kind: 'faulty'; readonly remarks: Remarks };

interface Complaint {
  readonly field: string;
  readonly summary: 'error_requiredFieldMissing' | 'error_fieldIncorrect' | 'error_passwordEntryMismatch';
  readonly texts: readonly Text[];
}

const summaries = ['error_requiredFieldMissing', 'error_fieldIncorrect', 'error_passwordEntryMismatch'] as const;

const required = (field: string, label: Text): Complaint => ({
  field,
  summary: 'error_requiredFieldMissing',
  texts: [{ id: 'field.required', values: { field: label } }],
});

/** What is wrong with the address as such; a step asks before it mails anything. */
export function checkEmail({ email: { label } }: LocalSignUpSettings, email: string): readonly Complaint[] {
  if (email === '') return [required('email', label)];
  if (isSignInAddress(email)) return [];
  const texts = [{ id: 'field.notAnEmail', values: { field: label } }];
  return [{ field: 'email', summary: 'error_fieldIncorrect', texts }];
}

async function checkPasswords({ identity }: StepContext, values: Values): Promise<readonly Complaint[]> {
  const [password = '', repeated = ''] = [values['newPassword'], values['reenterPassword']];
  const rules: readonly Text[] = password === '' ? [] : await identity.checkPassword(password);
  return [
    ...(password === '' ? [required('newPassword', word('newPassword'))] : []),
    ...(rules.length > 0 ? [{ field: 'newPassword', summary: 'error_fieldIncorrect', texts: rules } as const] : []),
    ...(repeated === '' ? [required('reenterPassword', word('reenterPassword'))] : []),
    ...(repeated !== '' && repeated !== password ? [mismatch] : []),
  ];
}

const mismatch: Complaint = {
  field: 'reenterPassword',
  summary: 'error_passwordEntryMismatch',
  texts: [{ id: 'field.passwordsDiffer' }],
};

/** One message for each kind of trouble, and beside each field what is wrong with it. */
export function remarksOn(complaints: readonly Complaint[]): Remarks {
  const found = summaries.filter((summary) => complaints.some((one) => one.summary === summary));
  const messages: readonly Message[] = found.map((summary) => failure(summary));
  return { messages, errors: Object.fromEntries(complaints.map(({ field, texts }) => [field, texts])) };
}

/** Reads the whole form. */
export async function readForm(
  context: StepContext,
  settings: LocalSignUpSettings,
  entries: Entries,
  values: Values,
): Promise<FormReading> {
  const readings = settings.attributes.map((attribute) => ({
    attribute,
    reading: readAttribute(attribute, entries.typed[attribute.claim] ?? ''),
  }));
  const ofAttributes = readings.flatMap(({ attribute: { claim: field }, reading }): readonly Complaint[] => {
    if (reading.kind === 'read') return [];
    const summary = reading.kind === 'missing' ? 'error_requiredFieldMissing' : 'error_fieldIncorrect';
    return [{ field, summary, texts: [reading.error] }];
  });
  const complaints = [
    ...checkEmail(settings, entries.email),
    ...(await checkPasswords(context, values)),
    ...ofAttributes,
  ];
  if (complaints.length > 0) return { kind: 'faulty', remarks: remarksOn(complaints) };
  const attributes = readings.flatMap(
    ({ attribute: { id }, reading }): readonly (readonly [string, AttributeValue])[] =>
      reading.kind === 'read' && reading.value !== undefined ? [[id, reading.value]] : [],
  );
  return { kind: 'complete', password: values['newPassword'] ?? '', attributes: Object.fromEntries(attributes) };
}
