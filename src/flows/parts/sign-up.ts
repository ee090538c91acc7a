import { hasPassword } from '../local-accounts.ts';
import type { Condition, PlannedStep } from '../plan.ts';
import type { Ingredients } from '../recipes/recipe.ts';
import type { CreateUserSettings } from '../steps/create-user.ts';
import type { LocalSignUpSettings } from '../steps/sign-up-screen.ts';
import { passkeySettings } from './passkeys.ts';

const signsUp: Condition = { fact: 'intent', is: 'signUp' };

/** In a flow without a page to sign in on everybody signs up whom no session knows. */
const isUnknown: Condition = { fact: 'userId', is: null };

/** The form was filled in, and neither a password nor a code stands for its owner. */
const unsettled: readonly Condition[] = [
  { fact: 'passwordHash', is: null },
  { fact: 'amr', is: null },
];

const isEnrolled: Condition = { fact: 'enrolled', isNot: null };

/**
 * What a new person fills in, and the account made of it, which other steps may come before. `isOnlyWay`: nobody is asked before
 * whether they want an account.
 */
export function signUpPart(
  { flow, accounts, collection: { email, attributes } }: Ingredients,
  { isOnlyWay }: { readonly isOnlyWay: boolean },
): { readonly form: readonly PlannedStep[]; readonly create: readonly PlannedStep[] } {
  const when = isOnlyWay ? isUnknown : signsUp;
  const optional = flow.settings.passkeys.isPasswordOptional ? ({ isPasswordOptional: true } as const) : {};
  const formOf = (account: LocalSignUpSettings['account']): PlannedStep => {
    const settings: LocalSignUpSettings = { account, email, attributes, ...(hasPassword(account) ? optional : {}) };
    const chosen: Condition = { fact: 'accountKind', is: account };
    return { kind: 'localSignUp', when: accounts.length > 1 ? [when, chosen] : [when], settings };
  };
  const withPasskey = flow.settings.passkeys.isPasswordOptional && accounts.some(hasPassword);
  const settings: CreateUserSettings = { accounts, email, ...optional };
  return {
    form: [
      ...(accounts.length > 1
        ? [{ kind: 'signUpChoice', when: [when, { fact: 'accountKind', is: null }], settings: { accounts } } as const]
        : []),
      ...accounts.map(formOf),
      ...(withPasskey ? [{ kind: 'passkeySignUp', when: [when, ...unsettled], settings: passkeySettings(flow) }] : []),
    ],
    create: [
      { kind: 'createUser', when: [signsUp], settings },
      // An account that has nothing but its passkey is never without it.
      ...(withPasskey ? [{ kind: 'keepAuthenticators', when: [signsUp, isEnrolled], settings: {} }] : []),
    ],
  };
}
