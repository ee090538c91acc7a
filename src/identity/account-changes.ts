import type { Caller } from '../kernel/index.ts';
import {
  changePassword,
  type PasswordChange,
  type PasswordChanged,
  type PasswordChangeServices,
} from './password-change.ts';
import { changeProfile, type ProfileChanged, type ProfileEdit } from './profile-change.ts';
import { keepRecoveryEmail } from './recovery-email.ts';

/** What people change about their own accounts. `caller` is the server (`system(…)`). */
export interface AccountChanges {
  /** Throws `identity.busy` when the account does not hold still. */
  changePassword(caller: Caller, change: PasswordChange): Promise<PasswordChanged>;
  /** Throws `identity.busy`, `identity.unknownAttribute`, and what the rules of users throw. */
  changeProfile(caller: Caller, userId: string, edits: readonly ProfileEdit[]): Promise<ProfileChanged>;
  /**
   * Keeps the address a code goes to when the person cannot sign in any more, with an account that has none; else what is on record stays.
   * Throws `identity.busy`.
   */
  keepRecoveryEmail(caller: Caller, userId: string, address: string): Promise<void>;
}

export const createAccountChanges = (services: PasswordChangeServices): AccountChanges => ({
  changePassword: (caller, change) => changePassword(services, caller, change),
  changeProfile: (caller, userId, edits) => changeProfile(services.directory, caller, userId, edits),
  keepRecoveryEmail: (caller, userId, address) => keepRecoveryEmail(services.directory, caller, userId, address),
});
