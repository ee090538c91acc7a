import type { PlannedStep } from '../plan.ts';

/**
 * The new password of everybody who needs one: forgotten, set by an administrator, or too old. It comes after all that protects a flow, so
 * that nobody replaces a password who could not come in with it (b2c contract d.3).
 */
export const newPasswordPart = (): readonly PlannedStep[] => [
  { kind: 'newPassword', when: [{ fact: 'mustChangePassword', isNot: null }], settings: {} },
];
