import type { SignInEvent } from '../identity/index.ts';
import type { Journey, Sender } from './journey.ts';
import type { FailedProof } from './step.ts';

type Failure = NonNullable<SignInEvent['failure']>;

/** Codes and texts of b2c contract b.6. It has none for a password that has to be changed: that one is the directory's. */
const failures: Readonly<Record<FailedProof['reason'] | 'unknown', Failure>> = {
  unknown: { code: 'AADB2C90053', reason: 'A user with the specified credential could not be found.' },
  wrong: { code: 'AADB2C90054', reason: 'Invalid username or password.' },
  locked: {
    code: 'AADB2C90114',
    reason: 'Your account is temporarily locked to prevent unauthorized use. Try again later.',
  },
  disabled: {
    code: 'AADB2C90111',
    reason: 'Your account has been locked. Contact your support person to unlock it, then try again.',
  },
  factor: { code: 'AADB2C90156', reason: 'A multi-factor validation request has failed.' },
  expired: { code: 'AADSTS50055', reason: 'The password is expired.' },
};

/**
 * A failed proof as the sign-in log tells it to administrators. They see whether the account exists and which it is; a name
 * without an account is logged as it was typed.
 */
export function failedSignIn(
  { client, plan, correlationId }: Pick<Journey, 'client' | 'plan' | 'correlationId'>,
  { reason, signInName, account }: FailedProof,
  { address, userAgent }: Sender,
): SignInEvent {
  return {
    interactive: true,
    appId: client.appId,
    appDisplayName: client.displayName,
    user: account ?? { id: null, userPrincipalName: signInName },
    failure: failures[reason === 'wrong' && !account ? 'unknown' : reason],
    flowId: plan.flowId,
    ipAddress: address,
    ...(userAgent === undefined ? {} : { userAgent }),
    correlationId,
  };
}
