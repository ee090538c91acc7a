import type { Step } from '../step.ts';
import { ageGate } from './age-gate.ts';
import { createUser } from './create-user.ts';
import { keepAgeStep } from './keep-age.ts';
import { localSignUp } from './local-sign-up.ts';
import { newPassword } from './new-password.ts';
import { profile } from './profile.ts';
import { signInStep } from './sign-in.ts';
import { verifyAccount } from './verify-account.ts';

/** Every kind of step, one line each: what a journey can do. */
const all = [ageGate, keepAgeStep, signInStep, localSignUp, createUser, verifyAccount, newPassword, profile, profile];

// A plan's settings were made by `compile` for exactly this kind, so the registry need not know their types.
export const steps: ReadonlyMap<string, Step> = new Map(all.map((step) => [step.kind, step as unknown as Step]));
