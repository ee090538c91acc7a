/** User flows that are walked at random: every kind, and every setting that changes which way leads in. */
export interface WalkedFlow {
  readonly id: string;
  readonly draft: Readonly<Record<string, unknown>>;
}

const mfa = (multifactorAuthenticationMethod: string, multifactorAuthenticationState = 'on') => ({
  multifactorAuthenticationConfiguration: { multifactorAuthenticationState, multifactorAuthenticationMethod },
});

const resets = { passwordComplexityConfiguration: { isSelfServicePasswordResetAllowed: true } };
const keeps = { singleSignOnSessionConfiguration: { isKeepMeSignedInEnabled: true } };
const everyAccount = { authenticationMethods: 'emailWithPassword,userName,phoneWithOneTimePassword' };

export const walkedFlows: readonly WalkedFlow[] = [
  { id: 'plain', draft: {} },
  { id: 'every', draft: { ...everyAccount, ...resets, ...keeps } },
  { id: 'username', draft: { authenticationMethods: 'userName', ...resets } },
  { id: 'phone', draft: { authenticationMethods: 'phoneWithOneTimePassword' } },
  { id: 'signup', draft: { userFlowType: 'signUp', ...everyAccount } },
  { id: 'signin', draft: { userFlowType: 'signIn', ...everyAccount, ...resets } },
  { id: 'reset', draft: { userFlowType: 'passwordReset' } },
  {
    id: 'resetname',
    draft: { userFlowType: 'passwordReset', settings: { passwordReset: { identifier: 'userName' } } },
  },
  { id: 'edit', draft: { userFlowType: 'profileUpdate' } },
  { id: 'mfamail', draft: { ...resets, ...mfa('email') } },
  { id: 'mfasms', draft: { ...resets, ...mfa('phoneSms') } },
  { id: 'mfatotp', draft: { ...resets, ...mfa('authenticator'), settings: { areRecoveryCodesOffered: true } } },
  { id: 'mfaafter', draft: { ...mfa('email'), settings: { isUserCreatedBeforeMultifactor: true } } },
  { id: 'resetmfa', draft: { userFlowType: 'passwordReset', ...mfa('phoneSms') } },
  {
    id: 'forced',
    draft: {
      settings: { passwordReset: { isForcedResetEnabled: true } },
      passwordComplexityConfiguration: { isSelfServicePasswordResetAllowed: true, allowExpiredPasswordReset: true },
    },
  },
  {
    id: 'rules',
    draft: {
      isConditionalAccessEnforced: true,
      ...mfa('email', 'conditional'),
      settings: {
        conditionalAccess: {
          rules: [{ displayName: 'new devices', isNewDeviceOnly: true, control: 'requireMultifactor' }],
        },
      },
    },
  },
  { id: 'ages', draft: { settings: { ageGating: { isEnabled: true, rule: 'blockAllMinors' } } } },
  {
    id: 'passkeys',
    draft: { settings: { passkeys: { isSignInAllowed: true, isEnrolmentOffered: true, isPasswordOptional: true } } },
  },
  {
    id: 'passkeymfa',
    draft: {
      ...resets,
      ...mfa('authenticator'),
      settings: {
        passkeys: {
          isSignInAllowed: true,
          isEnrolmentOffered: true,
          isPasswordOptional: true,
          countsAsSecondFactor: true,
        },
      },
    },
  },
];
