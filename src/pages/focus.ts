import type { Field, Screen } from '../flows/index.ts';
import { controlId } from './fields.ts';
import { codeField, pending } from './verification.ts';

const isWrong = ({ errors }: Field): boolean => (errors ?? []).length > 0;

const isOpen = ({ readOnly, value, input }: Field): boolean =>
  readOnly !== true && input !== 'checkbox' && (input === 'password' || input === 'code' || (value ?? '') === '');

/** The fields the person can reach now: a pending proof comes alone. */
function visibleFields(screen: Screen): readonly Field[] {
  const proof = pending(screen);
  if (!proof) return screen.fields;
  const proved = screen.fields.filter(({ name }) => name === proof.field);
  return proof.state === 'sent' ? [...proved.map((field) => ({ ...field, readOnly: true })), codeField(proof)] : proved;
}

/** Where the keyboard starts: the first field that is wrong, else the first that is still empty. */
export function focusOf(screen: Screen): string | undefined {
  const fields = visibleFields(screen);
  const { verification } = screen;
  const proved = verification?.state === 'verified' ? verification.field : undefined;
  const target = fields.find(isWrong) ?? fields.find((field) => field.name !== proved && isOpen(field));
  return target && controlId(target);
}
