import type { EpochSeconds } from '../kernel/index.ts';
import { fold } from '../model/index.ts';
import type { User } from './user.ts';

/** Passwords of accounts that must not expire by themselves, as B2C requires of local ones. */
export const neverExpires = 'DisablePasswordExpiration';
const allowsWeak = 'DisableStrongPassword';

type Policies = string | null | undefined;

const known = [neverExpires, allowsWeak, 'None'].map(fold);

const policiesIn = (policies: Policies): readonly string[] =>
  (policies ?? '')
    .split(',')
    .map((policy) => policy.trim())
    .filter((policy) => policy !== '');

const named = (policies: Policies, policy: string): boolean =>
  policiesIn(policies).some((one) => fold(one) === fold(policy));

/** What `user.passwordPolicies` names that is no policy (Graph contract a.10). */
export const unknownPolicies = (policies: Policies): readonly string[] =>
  policiesIn(policies).filter((policy) => !known.includes(fold(policy)));

/** The account may have a password weaker than the rules of the tenant. */
export const mayBeWeak = (policies: Policies): boolean => named(policies, allowsWeak);

/** 90 days (b2c contract j). */
const lifetimeSeconds = 90 * 24 * 3600;

/**
 * A password ages only where an administrator has put other policies in place of `DisablePasswordExpiration`; with none at all it is as
 * the directory has it by default, and stays.
 */
export function isPasswordTooOld(
  { passwordPolicies, lastPasswordChangeDateTime }: Pick<User, 'passwordPolicies' | 'lastPasswordChangeDateTime'>,
  now: EpochSeconds,
): boolean {
  if (policiesIn(passwordPolicies).length === 0 || named(passwordPolicies, neverExpires)) return false;
  return lastPasswordChangeDateTime !== null && Date.parse(lastPasswordChangeDateTime) / 1000 <= now - lifetimeSeconds;
}
