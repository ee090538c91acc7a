import type { Condition, PlannedStep } from '../plan.ts';
import type { Ingredients } from '../recipes/recipe.ts';

const signsUp: readonly Condition[] = [{ fact: 'intent', is: 'signUp' }];

/** What a new person fills in, and the account made of it, which other steps may come before. */
export const signUpPart = ({
  collection: { email, attributes },
}: Ingredients): { readonly form: readonly PlannedStep[]; readonly create: readonly PlannedStep[] } => ({
  form: [{ kind: 'localSignUp', when: signsUp, settings: { email, attributes } }],
  create: [{ kind: 'createUser', when: signsUp, settings: { emailProof: email.proof } }],
});
