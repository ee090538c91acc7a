import { newFlow } from '../flow-settings.ts';
import { seeded } from '../usher.ts';
import { newVisitor } from '../visitor.ts';
import { type Bench, type Raised, raisedBy } from './bench.ts';

const factor = (multifactorAuthenticationState: string, multifactorAuthenticationMethod: string) => ({
  multifactorAuthenticationConfiguration: { multifactorAuthenticationState, multifactorAuthenticationMethod },
});

/** Signs the seeded person in at a flow with these settings, then presses buttons with what is filled in. */
async function pressed(
  bench: Bench,
  settings: object,
  presses: readonly (readonly [action: string, values: Readonly<Record<string, string>>])[],
): Promise<Raised> {
  const flow = await newFlow(bench.usher, settings);
  const visitor = newVisitor(bench.usher);
  const page = await bench.authorize({}, flow, visitor);
  let shown = await visitor.submit(page, 'next', { email: seeded.user, password: seeded.password });
  for (const [action, values] of presses) shown = await visitor.submit(shown, action, values);
  return raisedBy(shown);
}

const number = { 'localNumber.country': 'DE', 'localNumber.number': '015123456789' };

/** Wrong codes of a text message. */
export const wrongTextCodes = (bench: Bench): Promise<Raised> =>
  pressed(bench, factor('on', 'phoneSms'), [
    ['sendCode', number],
    ...Array.from({ length: 3 }, () => ['verifyCode', { verificationCode: '12' }] as const),
  ]);

/** Wrong codes of an authenticator application. */
export const wrongAppCodes = (bench: Bench): Promise<Raised> =>
  pressed(
    bench,
    factor('on', 'authenticator'),
    Array.from({ length: 5 }, () => ['continue', { otpCode: '12' }] as const),
  );

/** A rule asks whoever signs in from a new browser for a code to a phone that is not known. */
export const noNumber = (bench: Bench): Promise<Raised> => {
  const rules = [{ displayName: 'New browsers', isNewDeviceOnly: true, control: 'requireMultifactor' }];
  const enforced = { isConditionalAccessEnforced: true, settings: { conditionalAccess: { rules } } };
  return pressed(bench, { ...factor('conditional', 'phoneSms'), ...enforced }, []);
};
