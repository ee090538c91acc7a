import type { Directory } from '../directory/index.ts';
import { type Caller, type Clock, digest, isoDateTime } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import type { Authenticators } from './authenticators.ts';
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
  readonly authenticators: Pick<Authenticators, 'of' | 'remove'>;
}

/** Passkeys that nothing but the password let somebody make: whoever knew it could come back by one. */
async function dropUnvouched(
  { authenticators }: PasswordChangeServices,
  caller: Caller,
  userId: string,
): Promise<void> {
  for (const one of await authenticators.of(userId)) {
    if (one.kind === 'passkey' && !one.content.isVouchedFor) await authenticators.remove(caller, one.id);
  }
}

/**
 * Sets the password, ends every session and refresh token of the account and every passkey that is worth no more than the password
 * before, and lets it be tried again at once: whoever could be locked out has proved otherwise (b2c contract c.5, j). Throws
 * `identity.busy`.
 */
export async function changePassword(
  services: PasswordChangeServices,
  caller: Caller,
  { userId, passwordHash, mark, addresses }: PasswordChange,
): Promise<PasswordChanged> {
  const { directory, lockout, clock } = services;
  const ref = { type: entities.user, id: userId };
  const came = await undisturbed<PasswordChanged>(async () => {
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
    return 'changed';
  });
  if (came === 'changed') {
    await dropUnvouched(services, caller, userId);
    await lockout.forget(userId);
  }
  return came;
}
