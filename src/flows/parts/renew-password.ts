import { hasPassword } from '../local-accounts.ts';
import type { Ingredients, Part } from '../recipes/recipe.ts';

/** True when the flow lets people replace a password: one they forgot, one an administrator has set, or one that is too old. */
function changesPasswords({ flow, accounts }: Ingredients): boolean {
  const { isSelfServicePasswordResetAllowed, allowExpiredPasswordReset } = flow.passwordComplexityConfiguration;
  const isAllowed =
    isSelfServicePasswordResetAllowed || allowExpiredPasswordReset || flow.settings.passwordReset.isForcedResetEnabled;
  return accounts.some(hasPassword) && isAllowed && !flow.settings.isSignInBlocked;
}

/**
 * The new password of everybody who needs one: forgotten, set by an administrator, or too old. It comes after all that protects a flow, so
 * that nobody replaces a password who could not come in with it (b2c contract d.3).
 */
export const newPasswordPart: Part = () => [
  { kind: 'newPassword', when: [{ fact: 'mustChangePassword', isNot: null }], settings: {} },
];

/** The same in a flow that is there for something else. */
export const renewPasswordPart: Part = (ingredients) =>
  changesPasswords(ingredients) ? newPasswordPart(ingredients) : [];
