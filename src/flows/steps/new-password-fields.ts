import type { User } from '../../identity/index.ts';
import { type Complaint, missing } from '../attributes/complaint.ts';
import type { Field, Text } from '../screen.ts';
import type { StepContext } from '../step.ts';

const names = ['newPassword', 'reenterPassword'] as const;

/** Message ids that a page with a new password needs; those of the rules come from identity (`passwordMessages`). */
export const newPasswordWords = (screenId: string): readonly string[] => [
  'field.passwordsDiffer',
  ...names.map((name) => `${screenId}.${name}`),
];

const labelOf = (screenId: string, name: string): Text => ({ id: `${screenId}.${name}` });

/** The two fields of a new password, the rules in force beside the first (b2c contract e.4). */
export async function newPasswordFields(
  { identity, rules }: StepContext,
  screenId: string,
  errors: Readonly<Record<string, readonly Text[]>> = {},
  account?: User,
): Promise<readonly Field[]> {
  const help = await identity.passwordHelp({ rules: rules.passwords, ...(account ? { account } : {}) });
  return names.map((name) => ({
    name,
    input: 'password',
    label: labelOf(screenId, name),
    required: true,
    autocomplete: 'new-password',
    ...(name === 'newPassword' ? { help } : {}),
    ...(errors[name] ? { errors: errors[name] } : {}),
  }));
}

/** What is wrong with a new password that was typed twice. */
export async function checkNewPassword(
  { identity, rules }: StepContext,
  screenId: string,
  values: Readonly<Record<string, string>>,
  account?: User,
): Promise<readonly Complaint[]> {
  const { newPassword: password = '', reenterPassword: repeated = '' } = values;
  const chooser = { rules: rules.passwords, ...(account ? { account } : {}) };
  const texts: readonly Text[] = password === '' ? [] : await identity.checkPassword(password, chooser);
  return [
    ...(password === '' ? [missing('newPassword', labelOf(screenId, 'newPassword'))] : []),
    ...(texts.length > 0 ? [{ field: 'newPassword', summary: 'error_fieldIncorrect', texts } as const] : []),
    ...(repeated === '' ? [missing('reenterPassword', labelOf(screenId, 'reenterPassword'))] : []),
    ...(repeated !== '' && repeated !== password ? [mismatch] : []),
  ];
}

const mismatch: Complaint = {
  field: 'reenterPassword',
  summary: 'error_passwordEntryMismatch',
  texts: [{ id: 'field.passwordsDiffer' }],
};
