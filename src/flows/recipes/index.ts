import { passwordReset } from './password-reset.ts';
import { profileUpdate } from './profile-update.ts';
import type { B2cFlow, Recipe } from './recipe.ts';
import { signIn } from './sign-in.ts';
import { signUp } from './sign-up.ts';
import { signUpOrSignIn } from './sign-up-or-sign-in.ts';

/** What each kind of user flow does, one line each. A kind without a recipe can be stored but not run. */
export const recipes: { readonly [T in B2cFlow['userFlowType']]?: Recipe } = {
  passwordReset,
  profileUpdate,
  signIn,
  signUp,
  signUpOrSignIn,
};
