import { preTokenPart } from '../parts/api-connectors.ts';
import { renewPasswordPart } from '../parts/renew-password.ts';
import { resetPasswordPart } from '../parts/reset-password.ts';
import { signInPart } from '../parts/sign-in.ts';
import { signUpPart } from '../parts/sign-up.ts';
import { withProtection } from './protection.ts';
import type { Recipe } from './recipe.ts';

export const signUpOrSignIn: Recipe = (ingredients) => {
  const { form, create } = signUpPart(ingredients, { isOnlyWay: ingredients.flow.settings.isSignInBlocked });
  return [
    ...signInPart(ingredients, { signUp: true }),
    ...resetPasswordPart(ingredients),
    ...form,
    ...withProtection(ingredients, create),
    ...renewPasswordPart(ingredients),
    ...preTokenPart(ingredients),
  ];
};
