import { ceremonyOf, methodsOf, type PasskeyMemo, type PasskeySettings, passkeyAnswer, placeOf } from '../passkey.ts';
import type { Input, Outcome, StepContext } from '../step.ts';
import type { Entries, SignInSettings } from './sign-in-screen.ts';

/** What a sign-in with a passkey came to; `refused`: one answer for unknown passkeys, disabled accounts and whatever else is not right. */
type PasskeySignIn =
  | Extract<Outcome, { kind: 'next' }>
  | ({ readonly kind: 'refused' } & Required<Pick<Extract<Outcome, { kind: 'show' }>, 'failed'>>);

/**
 * Offers a passkey on the page, in the list of the name field and as a button. Which passkeys there are is never said: the browser knows
 * its own. Every page has a challenge of its own.
 */
export async function offeringPasskey(
  context: StepContext,
  { passkey }: Pick<SignInSettings, 'passkey'>,
  outcome: Outcome,
): Promise<Outcome> {
  if (outcome.kind !== 'show' || !passkey) return outcome;
  const { challenge: _answered, ...entries } = outcome.memo as Entries;
  const question = await context.identity.passkeys.toUse(placeOf(context, passkey));
  if (!question) return { ...outcome, memo: entries };
  const ceremony = { ...ceremonyOf('get', question), isConditional: true } as const;
  const memo: Entries & PasskeyMemo = { ...entries, challenge: question.challenge };
  return { ...outcome, memo, screen: { ...outcome.screen, passkey: ceremony } };
}

/** Who has answered with a passkey. */
export async function signInWithPasskey(
  { identity, clock, note }: StepContext,
  settings: PasskeySettings,
  { challenge, name: signInName, keep }: Entries,
  input: Input,
): Promise<PasskeySignIn> {
  if (!challenge) return { kind: 'refused', failed: { reason: 'wrong', signInName, account: undefined } };
  const proof = await identity.passkeys.prove(challenge, passkeyAnswer(input), clock.now());
  note({ what: 'passkey', came: proof.kind });
  if (proof.kind !== 'proved') {
    return { kind: 'refused', failed: { reason: proof.kind, signInName, account: proof.account } };
  }
  const known = { intent: 'signIn', userId: proof.user.id, amr: methodsOf(proof, settings) } as const;
  return { kind: 'next', learned: { ...known, ...(keep ? { keepSignedIn: true } : {}) } };
}
