import { preTokenPart } from '../parts/api-connectors.ts';
import { signInBlockPart } from '../parts/sign-in.ts';
import { signUpPart } from '../parts/sign-up.ts';
import { withProtection } from './protection.ts';
import type { Recipe } from './recipe.ts';

/** Straight to the new account. Who begins with a session needs none and is signed in by it. */
export const signUp: Recipe = (ingredients) => {
  const { form, create } = signUpPart(ingredients, { isOnlyWay: true });
  return [
    ...signInBlockPart(ingredients, { signUp: true }),
    ...form,
    ...withProtection(ingredients, create),
    ...preTokenPart(ingredients),
  ];
};
