import type { PlannedStep } from '../plan.ts';
import type { Ingredients } from '../recipes/recipe.ts';

/** Who the person is, unless a session knows. */
export const signInPart = (
  { collection: { email } }: Ingredients,
  { signUp }: { readonly signUp: boolean },
): readonly PlannedStep[] => [
  {
    kind: 'signIn',
    when: [{ fact: 'userId', is: null }],
    settings: { email: { label: email.label }, forgotPassword: 'refuse', signUp },
  },
];
