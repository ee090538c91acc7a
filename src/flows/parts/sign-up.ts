import type { Condition, PlannedStep } from '../plan.ts';
import type { Ingredients } from '../recipes/recipe.ts';
import type { CreateUserSettings } from '../steps/create-user.ts';
import type { LocalSignUpSettings } from '../steps/sign-up-screen.ts';

const signsUp: Condition = { fact: 'intent', is: 'signUp' };

/** In a flow without a page to sign in on everybody signs up whom no session knows. */
const isUnknown: Condition = { fact: 'userId', is: null };

/**
 * What a new person fills in, and the account made of it, which other steps may come before. `isOnlyWay`: nobody is asked before
 * whether they want an account.
 */
export function signUpPart(
  { accounts, collection: { email, attributes } }: Ingredients,
  { isOnlyWay }: { readonly isOnlyWay: boolean },
): { readonly form: readonly PlannedStep[]; readonly create: readonly PlannedStep[] } {
  const when = isOnlyWay ? isUnknown : signsUp;
  const formOf = (account: LocalSignUpSettings['account']): PlannedStep => {
    const settings: LocalSignUpSettings = { account, email, attributes };
    const chosen: Condition = { fact: 'accountKind', is: account };
    return { kind: 'localSignUp', when: accounts.length > 1 ? [when, chosen] : [when], settings };
  };
  const settings: CreateUserSettings = { accounts, email };
  return {
    form: [
      ...(accounts.length > 1
        ? [{ kind: 'signUpChoice', when: [when, { fact: 'accountKind', is: null }], settings: { accounts } } as const]
        : []),
      ...accounts.map(formOf),
    ],
    create: [{ kind: 'createUser', when: [signsUp], settings }],
  };
}
