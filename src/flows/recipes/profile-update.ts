import { profilePart } from '../parts/profile.ts';
import { renewPasswordPart } from '../parts/renew-password.ts';
import { resetPasswordPart } from '../parts/reset-password.ts';
import { signInPart } from '../parts/sign-in.ts';
import { withProtection } from './protection.ts';
import type { Recipe } from './recipe.ts';

/** Sign-in or single sign-on, second factor, the page with present values, tokens (b2c contract d.3). */
export const profileUpdate: Recipe = (ingredients) => [
  ...signInPart(ingredients, { signUp: false }),
  ...resetPasswordPart(ingredients),
  ...withProtection(ingredients, []),
  ...renewPasswordPart(ingredients),
  ...profilePart(ingredients),
];
