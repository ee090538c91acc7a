import type { Passkey, PasskeyChallenge, PasskeyQuestion, UserVerification } from '../identity/index.ts';
import { provedTwice } from './facts.ts';
import type { PasskeyCeremony } from './screen.ts';
import type { Input, StepContext } from './step.ts';

/** What a flow says about passkeys. Plain data. */
export interface PasskeySettings {
  readonly userVerification: UserVerification;
  /** Where the authenticator asked for a finger, a face or a PIN, two factors are proved at once. */
  readonly countsAsSecondFactor: boolean;
}

/** The action by which a page sends what the browser answered. */
export const passkeyAction = 'passkey';

/** The answer, as JSON text. */
export const passkeyAnswer = ({ values }: Input): string => values['passkey'] ?? '';

/** Where this journey can have passkeys, and how they are asked for. */
export const placeOf = (
  { journey: { sender } }: StepContext,
  { userVerification }: Pick<PasskeySettings, 'userVerification'>,
) => ({ origin: sender.origin, userVerification });

export const ceremonyOf = (ceremony: PasskeyCeremony['ceremony'], { options }: PasskeyQuestion): PasskeyCeremony => ({
  ceremony,
  options,
  action: passkeyAction,
});

/** What was asked on the page that is answered now. A challenge is good for one answer: every page gets another. */
export interface PasskeyMemo {
  readonly challenge: PasskeyChallenge;
}

/** An amr value of sessions and tokens: the key is tied to its device, or goes along with a person from device to device. */
const keyMethods = ['hwk', 'swk'] as const;

/** True when the person came in by a passkey. */
export const cameByPasskey = (amr: readonly string[] = []): boolean => keyMethods.some((one) => amr.includes(one));

/**
 * Authentication methods of a passkey that was used (RFC 8176 §2): a key in hardware or in software, which nobody attests; somebody was
 * there; and two factors, where the flow says so, the authenticator made sure who it was, and the passkey was not got by a password alone.
 */
export function methodsOf(
  { passkey, isUserVerified }: { readonly passkey: Passkey; readonly isUserVerified: boolean },
  { countsAsSecondFactor }: Pick<PasskeySettings, 'countsAsSecondFactor'>,
): readonly string[] {
  const key = passkey.isBackupEligible ? 'swk' : 'hwk';
  const areTwo = isUserVerified && countsAsSecondFactor && passkey.isVouchedFor;
  return [key, 'user', ...(areTwo ? [provedTwice] : [])];
}
