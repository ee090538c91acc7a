import type { Part } from '../recipes/recipe.ts';
import type { AgeGateSettings } from '../steps/age-gate.ts';

/** Whether the person is old enough, before an account is made (b2c contract d.3, step 5). */
export const ageGatingPart: Part = ({ flow }) => {
  const { isEnabled, rule, whenBlocked } = flow.settings.ageGating;
  if (!isEnabled) return [];
  const settings: AgeGateSettings = { rule, whenBlocked };
  return [{ kind: 'ageGate', settings }];
};

/** Keeps what a new person said, once there is an account. */
export const ageKeepingPart: Part = ({ flow }) =>
  flow.settings.ageGating.isEnabled ? [{ kind: 'keepAge', when: [{ fact: 'age', isNot: null }], settings: {} }] : [];
