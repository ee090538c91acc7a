import type { Part } from '../recipes/recipe.ts';
import { factorSettings } from './second-factor.ts';

/** Codes for the day the second factor is lost. */
export const recoveryCodesPart: Part = ({ flow }) =>
  flow.settings.areRecoveryCodesOffered && factorSettings(flow)
    ? [{ kind: 'recoveryCodes', when: [{ fact: 'secondFactor', is: 'proved' }], settings: {} }]
    : [];
