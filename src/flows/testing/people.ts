import assert from 'node:assert/strict';
import type { User } from '../../identity/index.ts';
import { entities } from '../../model/index.ts';
import { proofNames } from '../screen.ts';
import { addUser, type House, seed } from './harness.ts';

/** Names of the buttons and the field of the proof on the page where a forgotten password begins. */
export const resetNames = proofNames({ field: 'email', control: 'emailVerificationControl' });

let counter = 0;

/** An address nobody else in this process uses. */
export function freshAddress(): string {
  counter += 1;
  return `person${counter}@contoso.example`;
}

/** An account of its own for one test, with the password of the harness; `values` as an administrator sets them. */
export async function newUser(house: House, values: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const email = freshAddress();
  await addUser(house, email);
  await changeUser(house, email, values);
  return email;
}

/** As it is now, with custom attributes by their ids. */
export async function userNamed({ identity }: House, name: string): Promise<User & Readonly<Record<string, unknown>>> {
  const user = await identity.findBySignInName(name);
  assert.ok(user, name);
  return { ...user };
}

export async function changeUser(house: House, name: string, patch: Readonly<Record<string, unknown>>): Promise<void> {
  const { id } = await userNamed(house, name);
  await house.directory.update(seed, { type: entities.user, id }, patch);
}
