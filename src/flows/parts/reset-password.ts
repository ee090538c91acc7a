import { hasPassword } from '../local-accounts.ts';
import type { Ingredients, Part } from '../recipes/recipe.ts';
import type { VerifyAccountSettings } from '../steps/verify-account-screen.ts';

/** What the setting says; people without an address to sign in with are asked for their user name in any case (b2c contract d.2). */
function settingsOf({ flow, accounts }: Ingredients): VerifyAccountSettings {
  const { identifier } = flow.settings.passwordReset;
  if (identifier === 'userName' || !accounts.includes('userName')) return { identifier };
  return { identifier: accounts.includes('emailWithPassword') ? 'either' : 'userName' };
}

/** The proof of the address on record, at the beginning of a flow that is there for nothing else. */
export const verifyAccountPart: Part = (ingredients) => [{ kind: 'verifyAccount', settings: settingsOf(ingredients) }];

/** The same for who pressed "Forgot your password?" in a flow that answers it itself; the new password comes with `renewPasswordPart`. */
export const resetPasswordPart: Part = (ingredients) => {
  const { flow, accounts } = ingredients;
  const isOffered = accounts.some(hasPassword) && !flow.settings.isSignInBlocked;
  if (!isOffered || !flow.passwordComplexityConfiguration.isSelfServicePasswordResetAllowed) return [];
  const when = [{ fact: 'intent', is: 'resetPassword' }] as const;
  return [{ kind: 'verifyAccount', when, settings: settingsOf(ingredients) }];
};
