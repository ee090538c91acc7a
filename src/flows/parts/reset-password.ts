import type { PlannedStep } from '../plan.ts';
import type { B2cFlow, Part } from '../recipes/recipe.ts';
import type { VerifyAccountSettings } from '../steps/verify-account-screen.ts';

const settingsOf = ({ settings }: B2cFlow): VerifyAccountSettings => ({
  identifier: settings.passwordReset.identifier,
});

/** The proof of the address on record, at the beginning of a flow that is there for nothing else. */
export const verifyAccountPart: Part = ({ flow }) => [{ kind: 'verifyAccount', settings: settingsOf(flow) }];

/** The same for who pressed "Forgot your password?" in a flow that answers it itself; the new password comes with `newPasswordPart`. */
export function resetPasswordPart({ flow }: Parameters<Part>[0]): readonly PlannedStep[] {
  if (!flow.passwordComplexityConfiguration.isSelfServicePasswordResetAllowed) return [];
  const when = [{ fact: 'intent', is: 'resetPassword' }] as const;
  return [{ kind: 'verifyAccount', when, settings: settingsOf(flow) }];
}
