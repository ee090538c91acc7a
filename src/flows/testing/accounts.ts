import { entities } from '../../model/index.ts';
import { codeFor, createFlow, type House, type HouseOptions, openHouse, seed, type Visitor } from './harness.ts';

const policy = entities.b2cAuthenticationMethodsPolicy;

/** Sets which kinds of accounts the tenant lets its flows offer. */
export const allowAccounts = ({ directory }: House, switches: Readonly<Record<string, boolean>>): Promise<unknown> =>
  directory.update(seed, { type: policy, id: policy.set?.singleton ?? '' }, switches);

/** A tenant in which flows may offer every kind of account. */
export async function openHouseOfAll(options: HouseOptions = {}): Promise<House> {
  const house = await openHouse(options);
  await allowAccounts(house, {
    isUserNameAuthenticationEnabled: true,
    isPhoneOneTimePasswordAuthenticationEnabled: true,
  });
  return house;
}

/** A flow `B2C_1_{id}` with these kinds of accounts; `emailCode` is a provider, not a method. */
export async function offer(
  house: House,
  id: string,
  authenticationMethods: string,
  draft: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const named = authenticationMethods.split(',').filter((name) => name !== 'emailCode');
  const providers = named.length < authenticationMethods.split(',').length ? ['EmailOtpSignup-OAUTH'] : [];
  await createFlow(house, id, { authenticationMethods: named.join() || '0', ...draft }, providers);
}

/** Answers the page that asks for a code with the one that was sent to this number or address. */
export const enterCode = (house: House, visitor: Visitor, to: string): Promise<unknown> =>
  to.startsWith('+')
    ? visitor.press('phoneVerificationControl_but_verify_code', { phoneVerificationCode: codeFor(house, to) })
    : visitor.press('emailVerificationControl_but_verify_code', { emailVerificationCode: codeFor(house, to) });
