import { signInBlockPart } from '../parts/sign-in.ts';
import { signUpPart } from '../parts/sign-up.ts';
import { withProtection } from './protection.ts';
import type { Recipe } from './recipe.ts';

/** Straight to the new account; who has a session is signed in by it, as in every flow (b2c contract d.3, step 2). */
export const signUp: Recipe = (ingredients) => {
  const { form, create } = signUpPart(ingredients, { isOnlyWay: true });
  return [...signInBlockPart(ingredients, { signUp: true }), ...form, ...withProtection(ingredients, create)];
};
