import type { Directory } from '../directory/index.ts';
import { type Caller, type Clock, digest, isoDateTime } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import type { Lockout } from './lockout.ts';
import { recoveryAddressesOf } from './recovery-email.ts';
import { undisturbed } from './undisturbed.ts';
import type { User } from './user.ts';

/** A new password for an account, and what it rests on. */
export interface PasswordChange {
  readonly userId: string;
  /** Argon2id, PHC format. */
  readonly passwordHash: string;
  /** `passwordMark` of the account when its owner was proved: nobody replaces a password that was set afterwards. */
  readonly mark: string;
  /** Where the person was proved by a code sent to an address: the account must still have one of these. Lower case. */
  readonly addresses?: readonly string[];
}

/**
 * `gone`: there is no such account any more, or not with the address that was proved. `overtaken`: another password was set meanwhile.
 */
export type PasswordChanged = 'changed' | 'gone' | 'disabled' | 'overtaken';

/** Which password an account has, without saying anything about it. */
export const passwordMark = ({ passwordHash }: Pick<User, 'passwordHash'>): string => digest(passwordHash ?? '');

export interface PasswordChangeServices {
  readonly directory: Directory;
  readonly lockout: Lockout;
  readonly clock: Clock;
}

/**
 * Sets the password, ends every session and refresh token of the account, and lets it be tried again at once: whoever could be locked
 * out has proved otherwise (b2c contract c.5, j). Throws `identity.busy`.
 */
export async function changePassword(
  { directory, lockout, clock }: PasswordChangeServices,
  caller: Caller,
  { userId, passwordHash, mark, addresses }: PasswordChange,
): Promise<PasswordChanged> {
  const ref = { type: entities.user, id: userId };
  return undisturbed(async () => {
    const found = await directory.get(ref);
    if (!found) return 'gone';
    const { entity, etag } = found;
    if (addresses && !recoveryAddressesOf(entity).some((one) => addresses.includes(one))) return 'gone';
    if (!entity.accountEnabled) return 'disabled';
    if (passwordMark(entity) !== mark) return 'overtaken';
    const now = isoDateTime(clock.now());
    const patch = {
      passwordHash,
      forceChangePassword: false,
      lastPasswordChangeDateTime: now,
      signInSessionsValidFromDateTime: now,
    };
    await directory.update(caller, ref, patch, etag);
    await lockout.forget(userId);
    return 'changed';
  });
}
