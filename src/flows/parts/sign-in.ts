import { hasPassword } from '../local-accounts.ts';
import type { PlannedStep } from '../plan.ts';
import type { Ingredients } from '../recipes/recipe.ts';
import type { CodeSignInSettings } from '../steps/code-sign-in-screen.ts';
import type { SignInSettings } from '../steps/sign-in-screen.ts';
import { passkeySettings } from './passkeys.ts';

/** Who the person is, unless a session knows. */
export function signInPart(
  { flow, accounts, foreign, collection }: Ingredients,
  { signUp }: { readonly signUp: boolean },
): readonly PlannedStep[] {
  const { passwordComplexityConfiguration: passwords } = flow;
  const resets = passwords.isSelfServicePasswordResetAllowed;
  // B2C offers it in recommended flows only (b2c contract d.2).
  const isRecommended = flow.userFlowTypeVersion === 3;
  const email = { label: collection.email.label };
  if (flow.settings.isSignInBlocked) return signInBlockPart({ flow }, { signUp });
  const settings: SignInSettings = {
    page: flow.userFlowType === 'signUpOrSignIn' ? 'signuporsignin' : 'localaccountsignin',
    accounts,
    providers: foreign,
    email,
    ...(accounts.some(hasPassword) ? { forgotPassword: resets ? 'reset' : 'refuse' } : {}),
    signUp,
    // For accounts of this tenant alone: others stay signed in at their provider (b2c contract j).
    keepSignedIn: accounts.length > 0 && isRecommended && flow.singleSignOnSessionConfiguration.isKeepMeSignedInEnabled,
    changes: [
      ...(flow.settings.passwordReset.isForcedResetEnabled ? ['forced' as const] : []),
      ...(passwords.allowExpiredPasswordReset ? ['expired' as const] : []),
    ],
    ...(flow.settings.passkeys.isSignInAllowed ? { passkey: passkeySettings(flow) } : {}),
  };
  const byCode: CodeSignInSettings = { accounts, email, signUp };
  return [
    { kind: 'signIn', when: [{ fact: 'userId', is: null }], settings },
    ...(accounts.every(hasPassword)
      ? []
      : [
          {
            kind: 'codeSignIn',
            when: [
              { fact: 'userId', is: null },
              { fact: 'intent', is: 'signIn' },
            ],
            settings: byCode,
          } as const,
        ]),
  ];
}

/** Where sign-in is blocked. Whoever can sign up still does: only those with a session would be signed in there, elsewhere everybody. */
export function signInBlockPart(
  { flow }: Pick<Ingredients, 'flow'>,
  { signUp }: { readonly signUp: boolean },
): readonly PlannedStep[] {
  if (!flow.settings.isSignInBlocked) return [];
  const known = [{ fact: 'userId', isNot: null }] as const;
  return [{ kind: 'signInBlock', ...(signUp ? { when: known } : {}), settings: {} }];
}
