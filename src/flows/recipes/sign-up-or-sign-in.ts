import { signInPart } from '../parts/sign-in.ts';
import { signUpPart } from '../parts/sign-up.ts';
import { withProtection } from './protection.ts';
import type { Recipe } from './recipe.ts';

export const signUpOrSignIn: Recipe = (ingredients) => {
  const { form, create } = signUpPart(ingredients);
  return [...signInPart(ingredients, { signUp: true }), ...form, ...withProtection(ingredients, create)];
};
