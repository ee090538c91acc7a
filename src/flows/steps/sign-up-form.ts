import { type Complaint, missing, remarksFor } from '../attributes/complaint.ts';
import { readAttributes } from '../attributes/form.ts';
import { type AttributeValue, isSignInAddress } from '../attributes/read.ts';
import type { Text } from '../screen.ts';
import type { StepContext } from '../step.ts';
import { checkNewPassword } from './new-password-fields.ts';
import { phoneNumberOf } from './phone-number.ts';
import { userNamePattern } from './sign-in-name.ts';
import {
  contactLabel,
  type Entries,
  type LocalSignUpSettings,
  type Remarks,
  shapeOf,
  userNameField,
  userNameLabel,
  userNameMaxLength,
} from './sign-up-screen.ts';

/** A finished form, or what is wrong with it. */
export type FormReading =
  | {
      readonly kind: 'complete';
      /** Absent: the account has none. */
      readonly password?: string;
      readonly attributes: Readonly<Record<string, AttributeValue>>;
    }
  | { readonly kind: 'faulty'; readonly remarks: Remarks };

/** Message ids of this file. */
export const signUpFormWords: readonly string[] = ['field.notAnEmail', 'field.notAPhoneNumber', 'field.notAUserName'];

const incorrect = (field: string, id: string, label: Text): Complaint => ({
  field,
  summary: 'error_fieldIncorrect',
  texts: [{ id, values: { field: label } }],
});

/** What is wrong with the address or number as such; a step asks before it sends anything there. */
export function checkContact(settings: LocalSignUpSettings, contact: string): readonly Complaint[] {
  const { field, channel } = shapeOf(settings).contact;
  const label = contactLabel(settings);
  if (contact === '') return [missing(field, label)];
  if (channel === 'sms') return phoneNumberOf(contact) ? [] : [incorrect(field, 'field.notAPhoneNumber', label)];
  return isSignInAddress(contact) ? [] : [incorrect(field, 'field.notAnEmail', label)];
}

function checkUserName(settings: LocalSignUpSettings, { userName }: Entries): readonly Complaint[] {
  if (!shapeOf(settings).userName) return [];
  if (userName === '') return [missing(userNameField, userNameLabel)];
  const fits = userNamePattern.test(userName) && userName.length <= userNameMaxLength;
  return fits ? [] : [incorrect(userNameField, 'field.notAUserName', userNameLabel)];
}

/** One message for each kind of trouble, and beside each field what is wrong with it. */
export const remarksOn = (settings: LocalSignUpSettings, complaints: readonly Complaint[]): Remarks =>
  remarksFor(shapeOf(settings).contact.screenId, complaints);

/** Reads the whole form; `password`: of an account that has one. */
export async function readForm(
  context: StepContext,
  settings: LocalSignUpSettings,
  entries: Entries,
  { values: sent, password }: { readonly values: Readonly<Record<string, string>>; readonly password: boolean },
): Promise<FormReading> {
  const { contact } = shapeOf(settings);
  const { values, complaints: ofAttributes } = readAttributes(settings.attributes, entries.typed);
  const complaints = [
    ...checkUserName(settings, entries),
    ...checkContact(settings, entries.contact),
    ...(password ? await checkNewPassword(context, contact.screenId, sent) : []),
    ...ofAttributes,
  ];
  if (complaints.length > 0) return { kind: 'faulty', remarks: remarksOn(settings, complaints) };
  return { kind: 'complete', ...(password ? { password: sent['newPassword'] ?? '' } : {}), attributes: values };
}
