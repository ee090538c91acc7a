import type { Directory } from '../directory/index.ts';
import { type Caller, type Clock, digest, isFault, isoDateTime } from '../kernel/index.ts';
import { entities, fold } from '../model/index.ts';
import { faults } from './faults.ts';
import type { Lockout } from './lockout.ts';
import { isEmailName } from './sign-in-names.ts';
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

/** Whoever reads mail at one of these may set a new password: e-mail addresses to sign in with, and the one kept for this. Lower case. */
export function recoveryAddressesOf({
  identities,
  recoveryEmail,
}: Pick<User, 'identities' | 'recoveryEmail'>): readonly string[] {
  const names = identities.filter((one) => isEmailName(one)).map(({ issuerAssignedId }) => issuerAssignedId);
  return [...names, recoveryEmail].flatMap((address) => (address ? [fold(address)] : []));
}

/** Others may write to the account at the same moment; each try reads it anew. */
const tries = 10;

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
  for (let count = 0; count < tries; count += 1) {
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
    if (await isWritten(() => directory.update(caller, ref, patch, etag))) {
      await lockout.forget(userId);
      return 'changed';
    }
  }
  throw faults.busy();
}

/** False: somebody else was faster. */
export async function isWritten(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (isFault(error, 'store.stale')) return false;
    throw error;
  }
}
