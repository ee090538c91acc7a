import { newPasswordPart } from '../parts/renew-password.ts';
import { verifyAccountPart } from '../parts/reset-password.ts';
import { withProtection } from './protection.ts';
import type { Recipe } from './recipe.ts';

/** Verify account, second factor, new password, tokens (b2c contract d.3). A session does not stand in for the proof. */
export const passwordReset: Recipe = (ingredients) => [
  ...verifyAccountPart(ingredients),
  ...withProtection(ingredients, []),
  ...newPasswordPart(ingredients),
];
