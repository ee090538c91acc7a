import { type Complaint, missing, remarksFor } from '../attributes/complaint.ts';
import { readAttributes } from '../attributes/form.ts';
import { type AttributeValue, isSignInAddress } from '../attributes/read.ts';
import type { StepContext } from '../step.ts';
import { checkNewPassword } from './new-password-fields.ts';
import { type Entries, type LocalSignUpSettings, type Remarks, screenId } from './sign-up-screen.ts';

/** A finished form, or what is wrong with it. */
export type FormReading =
  | {
      readonly kind: 'complete';
      readonly password: string;
      readonly attributes: Readonly<Record<string, AttributeValue>>;
    }
  | { readonly kind: 'faulty'; readonly remarks: Remarks };

/** What is wrong with the address as such; a step asks before it mails anything. */
export function checkEmail({ email: { label } }: LocalSignUpSettings, email: string): readonly Complaint[] {
  if (email === '') return [missing('email', label)];
  if (isSignInAddress(email)) return [];
  const texts = [{ id: 'field.notAnEmail', values: { field: label } }];
  return [{ field: 'email', summary: 'error_fieldIncorrect', texts }];
}

/** One message for each kind of trouble, and beside each field what is wrong with it. */
export const remarksOn = (complaints: readonly Complaint[]): Remarks => remarksFor(screenId, complaints);

/** Reads the whole form. */
export async function readForm(
  context: StepContext,
  settings: LocalSignUpSettings,
  entries: Entries,
  sent: Readonly<Record<string, string>>,
): Promise<FormReading> {
  const { values, complaints: ofAttributes } = readAttributes(settings.attributes, entries.typed);
  const complaints = [
    ...checkEmail(settings, entries.email),
    ...(await checkNewPassword(context, screenId, sent)),
    ...ofAttributes,
  ];
  if (complaints.length > 0) return { kind: 'faulty', remarks: remarksOn(complaints) };
  return { kind: 'complete', password: sent['newPassword'] ?? '', attributes: values };
}
