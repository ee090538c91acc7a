import assert from 'node:assert/strict';
import type { User } from '../../identity/index.ts';
import { entities } from '../../model/index.ts';
import { codeFor, type House, seed, type Visitor } from './harness.ts';

type Draft = Readonly<Record<string, unknown>>;

export const partner = 'B2X_1_Partner';

/** A flow `B2X_1_{name}` for guests. */
export async function createGuestFlow(
  { directory }: House,
  userFlowIdentityProviders: readonly string[] = ['EmailOtpSignup-OAUTH'],
  links: Readonly<Record<string, readonly string[]>> = {},
  id = 'Partner',
): Promise<void> {
  const draft = { id, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 };
  await directory.create(seed, entities.b2xIdentityUserFlow, draft, {
    links: { userFlowIdentityProviders, ...links },
  });
}

const fallback = { isOptional: false, requiresVerification: false, userInputType: 'textBox' };

/** Makes the guest flow collect an attribute. */
export async function assignToGuests(
  { directory }: House,
  attribute: string,
  draft: Draft = {},
  id = partner,
): Promise<void> {
  const parent = { type: entities.b2xIdentityUserFlow, id };
  await directory.create(
    seed,
    entities.identityUserFlowAttributeAssignment,
    { ...fallback, ...draft },
    { within: { parent, navigation: 'userAttributeAssignments' }, links: { userAttribute: [attribute] } },
  );
}

export const codeNames = {
  verify: 'emailVerificationControl_but_verify_code',
  code: 'emailVerificationCode',
} as const;

/** From the sign-in page to the proof of an address, as somebody without an account. */
export async function proveNewcomer(house: House, visitor: Visitor, email: string): Promise<void> {
  await visitor.press('createAccount', {});
  await visitor.press('continue', { email });
  await visitor.press(codeNames.verify, { [codeNames.code]: codeFor(house, email) });
}

/** From the sign-in page to the proof of an address, as somebody who is known by it. */
export async function signInByMail(house: House, visitor: Visitor, email: string): Promise<void> {
  await visitor.press('emailCode', { logonIdentifier: email, email });
  await visitor.press(codeNames.verify, { [codeNames.code]: codeFor(house, email) });
}

export async function guestOf({ identity, host }: House): Promise<User & Readonly<Record<string, unknown>>> {
  const arrival = host.arrivals.at(-1);
  const user = await identity.find(arrival?.userId ?? '');
  assert.ok(user);
  return { ...user };
}
