import type { CodePurpose, Destination } from '../proof/destination.ts';
import type { StepContext } from '../step.ts';
import { type Action, unknownAction } from './answer.ts';
import { askExtension, listening } from './ask.ts';
import type { CallFailure } from './failure.ts';
import type { Circumstances } from './request.ts';

const requestTypes: Readonly<Record<CodePurpose, NonNullable<Circumstances['requestType']>>> = {
  addressVerification: 'signUp',
  passwordReset: 'forgotPassword',
  oneTimePasscode: 'signIn',
  multifactorCode: 'signIn',
};

/** Its only action says that the extension takes the letter on itself. */
const read = (action: Action): { readonly kind: 'taken' } | CallFailure =>
  action.name === 'continuewithdefaultbehavior' ? { kind: 'taken' } : unknownAction();

/**
 * Lets an extension deliver a code by mail in place of the server, where one listens for the application (b2c contract f.4, EmailOtpSend).
 * Undefined: none does. False: it failed, and the person gets no code.
 */
export async function deliveredByExtension(
  context: StepContext,
  { address, purpose }: Pick<Destination, 'address' | 'purpose'>,
  code: string,
): Promise<boolean | undefined> {
  if (!context.rules.callsExtensions) return undefined;
  const subscription = await listening(context, 'emailOtpSend');
  if (!subscription) return undefined;
  const came = await askExtension(context, subscription, {
    own: { otpContext: { identifier: address, oneTimeCode: code } },
    circumstances: { requestType: requestTypes[purpose] },
    read,
  });
  return came.kind === 'taken';
}
