import type { B2cFlow, Part } from '../recipes/recipe.ts';
import type { SecondFactorSettings } from '../steps/second-factor.ts';
import type { FactorSettings } from '../steps/second-factor-scene.ts';
import { passkeySettings } from './passkeys.ts';

type Method = B2cFlow['multifactorAuthenticationConfiguration']['multifactorAuthenticationMethod'];

/** Where a call could be chosen a text message can; `phoneCall` alone does not run. */
const methods: Readonly<Record<Method, FactorSettings['method']>> = {
  email: 'email',
  phoneSms: 'phone',
  phoneCallOrSms: 'phone',
  phoneCall: 'phone',
  authenticator: 'totp',
  unknownFutureValue: 'email',
};

/** What the flow says about second factors; undefined when they are off. */
export function factorSettings(flow: B2cFlow): FactorSettings | undefined {
  const { multifactorAuthenticationState: state, multifactorAuthenticationMethod: method } =
    flow.multifactorAuthenticationConfiguration;
  if (state === 'off') return undefined;
  const { areRecoveryCodesOffered } = flow.settings;
  return { method: methods[method], areRecoveryCodesOffered, passkeys: passkeySettings(flow) };
}

/** At every sign-in, or where a rule asks for it; then it is offered to the others, so that they have it when it counts. */
export const secondFactorPart: Part = ({ flow }) => {
  const settings = factorSettings(flow);
  if (!settings) return [];
  const { multifactorAuthenticationState: state } = flow.multifactorAuthenticationConfiguration;
  if (state === 'on') return [{ kind: 'secondFactor', settings }];
  const offered: SecondFactorSettings = { ...settings, isOptional: true };
  return [
    { kind: 'secondFactor', when: [{ fact: 'secondFactor', is: 'required' }], settings },
    { kind: 'secondFactor', when: [{ fact: 'secondFactor', is: null }], settings: offered },
  ];
};

/** What was set up on the way, once the account is there. */
export const keepingPart: Part = ({ flow }) =>
  factorSettings(flow) || flow.settings.passkeys.isEnrolmentOffered
    ? [{ kind: 'keepAuthenticators', when: [{ fact: 'enrolled', isNot: null }], settings: {} }]
    : [];
