import assert from 'node:assert/strict';
import { type Mischief, SoftwareAuthenticator } from '../../../test/support/software-authenticator.ts';
import type { User } from '../../identity/index.ts';
import { entities } from '../../model/index.ts';
import type { Start } from '../host.ts';
import type { Screen } from '../screen.ts';
import { createFlow, type House, openHouse, password, seed, type Visitor } from './harness.ts';

/** Of the harness's server. */
export const origin = 'https://login.example';

/** Settings of the flows, by id. */
const passkeyFlows: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  login: { settings: { passkeys: { isSignInAllowed: true } } },
  strict: { settings: { passkeys: { isSignInAllowed: true, userVerification: 'required' } } },
  enrol: { settings: { passkeys: { isSignInAllowed: true, isEnrolmentOffered: true } } },
  optional: {
    settings: { passkeys: { isSignInAllowed: true, isEnrolmentOffered: true, isPasswordOptional: true } },
    passwordComplexityConfiguration: { isSelfServicePasswordResetAllowed: true },
  },
  names: {
    authenticationMethods: 'userName',
    settings: { passkeys: { isSignInAllowed: true, isEnrolmentOffered: true, isPasswordOptional: true } },
  },
  early: {
    settings: {
      passkeys: {
        isSignInAllowed: true,
        isEnrolmentOffered: true,
        isPasswordOptional: true,
        countsAsSecondFactor: true,
      },
      isUserCreatedBeforeMultifactor: true,
    },
    multifactorAuthenticationConfiguration: {
      multifactorAuthenticationState: 'on',
      multifactorAuthenticationMethod: 'authenticator',
    },
  },
  mfa: {
    settings: { passkeys: { isSignInAllowed: true, isEnrolmentOffered: true, countsAsSecondFactor: true } },
    multifactorAuthenticationConfiguration: {
      multifactorAuthenticationState: 'on',
      multifactorAuthenticationMethod: 'email',
    },
  },
  single: {
    settings: { passkeys: { isSignInAllowed: true } },
    multifactorAuthenticationConfiguration: {
      multifactorAuthenticationState: 'on',
      multifactorAuthenticationMethod: 'email',
    },
  },
};

/** A tenant with those flows, and with user names. */
export async function openPasskeyHouse(): Promise<House> {
  const house = await openHouse();
  const policy = { type: entities.b2cAuthenticationMethodsPolicy, id: 'b2CAuthenticationMethodsPolicy' };
  await house.directory.update(seed, policy, { isUserNameAuthenticationEnabled: true });
  for (const [id, draft] of Object.entries(passkeyFlows)) await createFlow(house, id, draft);
  return house;
}

let people = 0;

/** An address that nobody has. */
export const newEmail = (): string => {
  people += 1;
  return `person${people}@contoso.example`;
};

type Person = User & { readonly email: string };

/** Somebody with a password. */
export async function person({ identity }: House): Promise<Person> {
  const email = newEmail();
  const passwordHash = await identity.hashPassword(password);
  return { ...(await identity.register(seed, { email, passwordHash, attributes: {} })), email };
}

export const present = <T>(value: T | undefined): T => {
  assert.ok(value !== undefined);
  return value;
};

/** Somebody with a passkey too. */
export async function equipped(house: House, device = new SoftwareAuthenticator(origin)) {
  const { passkeys, authenticators } = house.identity;
  const user = await person(house);
  const owner = { userId: user.id, name: user.email, displayName: user.email };
  const { challenge, options } = present(await passkeys.toCreate({ origin, userVerification: 'preferred' }, owner));
  const made = await passkeys.created(challenge, device.create(options), undefined);
  await authenticators.add(seed, user.id, {
    kind: 'passkey',
    content: { ...present(made).passkey, isVouchedFor: true },
  });
  return { user, device };
}

export const beginAt = (house: House, flow: string, start: Partial<Start> = {}): Promise<Visitor> =>
  house.begin(`B2C_1_${flow}`, start);

export const optionsOf = ({ passkey }: Screen) => present(passkey).options;

/** Answers the page with a passkey of the device. */
export const use = (visitor: Visitor, device: SoftwareAuthenticator, mischief: Mischief = {}) =>
  visitor.press('passkey', { passkey: device.get(optionsOf(visitor.screen), mischief) });

/** Answers the page with a new passkey. */
export const make = (visitor: Visitor, device: SoftwareAuthenticator, mischief: Mischief = {}) =>
  visitor.press('passkey', { passkey: device.create(optionsOf(visitor.screen), mischief) });

export const lastArrival = ({ host }: House) => present(host.arrivals.at(-1));

export const actions = ({ actions: all }: Screen) => all.map(({ name }) => name);

export const passkeysOf = async ({ identity }: House, userId: string) =>
  (await identity.authenticators.of(userId)).flatMap((one) => (one.kind === 'passkey' ? [one] : []));
