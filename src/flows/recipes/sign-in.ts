import { preTokenPart } from '../parts/api-connectors.ts';
import { renewPasswordPart } from '../parts/renew-password.ts';
import { resetPasswordPart } from '../parts/reset-password.ts';
import { signInPart } from '../parts/sign-in.ts';
import { withProtection } from './protection.ts';
import type { Recipe } from './recipe.ts';

/** For people who have an account already. */
export const signIn: Recipe = (ingredients) => [
  ...signInPart(ingredients, { signUp: false }),
  ...resetPasswordPart(ingredients),
  ...withProtection(ingredients, []),
  ...renewPasswordPart(ingredients),
  ...preTokenPart(ingredients),
];
