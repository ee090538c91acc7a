import type { PasskeySettings } from '../passkey.ts';
import type { B2cFlow, Part } from '../recipes/recipe.ts';

export const passkeySettings = ({ settings: { passkeys } }: B2cFlow): PasskeySettings => ({
  userVerification: passkeys.userVerification,
  countsAsSecondFactor: passkeys.countsAsSecondFactor,
});

/** Once everything else is settled, so that nobody gets a passkey by less than what lets them in. */
export const passkeyOfferPart: Part = ({ flow }) =>
  flow.settings.passkeys.isEnrolmentOffered
    ? [{ kind: 'passkeyOffer', when: [{ fact: 'mustChangePassword', is: null }], settings: passkeySettings(flow) }]
    : [];
