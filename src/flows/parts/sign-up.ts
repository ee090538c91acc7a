import { hasPassword } from '../local-accounts.ts';
import type { Condition, PlannedStep } from '../plan.ts';
import type { Ingredients } from '../recipes/recipe.ts';
import type { CreateUserSettings } from '../steps/create-user.ts';
import type { SignUpChoiceSettings } from '../steps/sign-up-choice.ts';
import type { LocalSignUpSettings } from '../steps/sign-up-screen.ts';
import type { SocialSignUpSettings } from '../steps/social-sign-up.ts';
import { postAttributePart, postFederationPart } from './api-connectors.ts';
import { passkeySettings } from './passkeys.ts';
import { signInBlockPart } from './sign-in.ts';

const signsUp: Condition = { fact: 'intent', is: 'signUp' };

/** In a flow without a page to sign in on everybody signs up whom no session knows. */
const isUnknown: Condition = { fact: 'userId', is: null };

/** The form was filled in, and neither a password nor a code stands for its owner. */
const unsettled: readonly Condition[] = [
  { fact: 'passwordHash', is: null },
  { fact: 'amr', is: null },
];

const isEnrolled: Condition = { fact: 'enrolled', isNot: null };

/** Nobody else has proved who the person is. */
const unlessForeign = ({ foreign }: Ingredients): readonly Condition[] =>
  foreign.length > 0 ? [{ fact: 'foreign', is: null }] : [];

const isForeign: Condition = { fact: 'foreign', isNot: null };

interface SignUpSteps {
  readonly form: readonly PlannedStep[];
  readonly create: readonly PlannedStep[];
}

/** Whoever wants an account: all whom no session knows, or those who said so. */
const wanting = (isOnlyWay: boolean): Condition => (isOnlyWay ? isUnknown : signsUp);

/** Which kind of account, where there are several; a page to sign in on has shown the providers already. */
function choicePart(ingredients: Ingredients, isOnlyWay: boolean): readonly PlannedStep[] {
  const { accounts, foreign } = ingredients;
  if (accounts.length < 2 && !(isOnlyWay && foreign.length > 0)) return [];
  const settings: SignUpChoiceSettings = { accounts, providers: foreign };
  const when: readonly Condition[] = [
    wanting(isOnlyWay),
    { fact: 'accountKind', is: null },
    ...unlessForeign(ingredients),
  ];
  return [{ kind: 'signUpChoice', when, settings }];
}

function localPart(ingredients: Ingredients, isOnlyWay: boolean): readonly PlannedStep[] {
  const { flow, accounts, collection } = ingredients;
  const { email, attributes } = collection;
  const { isPasswordOptional } = flow.settings.passkeys;
  return accounts.map((account): PlannedStep => {
    const optional = isPasswordOptional && hasPassword(account) ? ({ isPasswordOptional } as const) : {};
    const settings: LocalSignUpSettings = { account, email, attributes, ...optional };
    const chosen: readonly Condition[] = accounts.length > 1 ? [{ fact: 'accountKind', is: account }] : [];
    return { kind: 'localSignUp', when: [wanting(isOnlyWay), ...chosen, ...unlessForeign(ingredients)], settings };
  });
}

/** People whom a provider has proved: those with an account sign in, the others say what the flow asks for, if it asks for anything. */
function socialPart(ingredients: Ingredients): readonly PlannedStep[] {
  const { flow, foreign, collection } = ingredients;
  const { attributes, asksEmail, email } = collection;
  if (foreign.length === 0) return [];
  const settings: SocialSignUpSettings = { attributes, ...(asksEmail ? { email } : {}) };
  const isAsked = attributes.length > 0 || asksEmail;
  return [
    ...signInBlockPart({ flow }, { signUp: true }),
    ...postFederationPart(ingredients),
    ...(isAsked ? [{ kind: 'socialSignUp', when: [signsUp, isForeign], settings }] : []),
  ];
}

/**
 * What a new person fills in, and the account made of it, which other steps may come before. `isOnlyWay`: nobody is asked before
 * whether they want an account.
 */
export function signUpPart(ingredients: Ingredients, { isOnlyWay }: { readonly isOnlyWay: boolean }): SignUpSteps {
  const { flow, accounts, foreign, collection } = ingredients;
  const { isPasswordOptional } = flow.settings.passkeys;
  const withPasskey = isPasswordOptional && accounts.some(hasPassword);
  const settings: CreateUserSettings = {
    accounts,
    providers: foreign.map(({ id }) => id),
    email: collection.email,
    ...(ingredients.connectors.PostAttributeCollection === undefined ? {} : { needsApproval: true }),
    ...(isPasswordOptional ? { isPasswordOptional } : {}),
  };
  const passkey = { when: [wanting(isOnlyWay), ...unsettled], settings: passkeySettings(flow) };
  return {
    form: [
      ...choicePart(ingredients, isOnlyWay),
      ...localPart(ingredients, isOnlyWay),
      ...socialPart(ingredients),
      ...postAttributePart(ingredients),
      ...(withPasskey ? [{ kind: 'passkeySignUp', ...passkey }] : []),
    ],
    create: [
      { kind: 'createUser', when: [signsUp], settings },
      // An account that has nothing but its passkey is never without it.
      ...(withPasskey ? [{ kind: 'keepAuthenticators', when: [signsUp, isEnrolled], settings: {} }] : []),
    ],
  };
}
