import type { Draft, EntityOf, entities } from '../../model/index.ts';
import { faults } from '../faults.ts';

type B2cDraft = Draft<typeof entities.b2cIdentityUserFlow>;
type B2cFlow = EntityOf<typeof entities.b2cIdentityUserFlow>;

const wrong = (target: string, reason: string) =>
  faults.badSetting({ setting: target.split('/').at(-1), reason, target });

/** Recommended flows in which people sign in answer "Forgot your password?" themselves (b2c contract d.2). */
export const resetsItself = ({ userFlowType, userFlowTypeVersion }: B2cDraft): boolean =>
  userFlowTypeVersion === 3 && (userFlowType === 'signIn' || userFlowType === 'signUpOrSignIn');

/**
 * The days cannot be changed while nobody is offered to stay signed in. A client that sends back what it has read changes nothing.
 * Throws `flows.badSetting`.
 */
export function checkKeepMeSignedIn(
  { singleSignOnSessionConfiguration: sent }: B2cDraft,
  current: B2cFlow | undefined,
): void {
  const { isKeepMeSignedInEnabled = false, keepMeSignedInDays } = current?.singleSignOnSessionConfiguration ?? {};
  if (sent?.keepMeSignedInDays === undefined || sent.keepMeSignedInDays === keepMeSignedInDays) return;
  if (sent.isKeepMeSignedInEnabled ?? isKeepMeSignedInEnabled) return;
  throw wrong(
    'singleSignOnSessionConfiguration/keepMeSignedInDays',
    'it cannot be changed while isKeepMeSignedInEnabled is false',
  );
}

/** What the drafted settings must be together. Throws `flows.badSetting`. */
export function checkConfigurations(flow: B2cFlow): void {
  checkLifetimes(flow.tokenLifetimeConfiguration);
  checkPasswords(flow.passwordComplexityConfiguration);
  const { multifactorAuthenticationState } = flow.multifactorAuthenticationConfiguration;
  if (multifactorAuthenticationState === 'conditional' && !flow.isConditionalAccessEnforced) {
    throw wrong(
      'multifactorAuthenticationConfiguration/multifactorAuthenticationState',
      "it can be 'conditional' only while isConditionalAccessEnforced is true",
    );
  }
}

function checkLifetimes({
  refreshTokenLifetimeInDays,
  rollingRefreshTokenLifetimeInDays: window,
}: B2cFlow['tokenLifetimeConfiguration']): void {
  const target = 'tokenLifetimeConfiguration/rollingRefreshTokenLifetimeInDays';
  if (window === 0) throw wrong(target, 'it must be -1 or from 1 to 365');
  if (window !== -1 && window < refreshTokenLifetimeInDays) {
    throw wrong(target, 'it must not be shorter than refreshTokenLifetimeInDays');
  }
}

function checkPasswords({
  complexityLevel,
  customConfiguration: custom,
}: B2cFlow['passwordComplexityConfiguration']): void {
  const place = 'passwordComplexityConfiguration/customConfiguration';
  if (complexityLevel === 'custom' && !custom) throw wrong(place, "complexityLevel 'custom' needs it");
  if (custom && custom.maximumLength < custom.minimumLength) {
    throw wrong(`${place}/maximumLength`, 'it must not be less than minimumLength');
  }
}
