import type { Directory } from '../directory/index.ts';
import type { Caller } from '../kernel/index.ts';
import { entities, fold } from '../model/index.ts';
import { isEmailName } from './sign-in-names.ts';
import { undisturbed } from './undisturbed.ts';
import type { User } from './user.ts';

/** Whoever reads mail at one of these may set a new password: e-mail addresses to sign in with, and the one kept for this. Lower case. */
export function recoveryAddressesOf({
  identities,
  recoveryEmail,
}: Pick<User, 'identities' | 'recoveryEmail'>): readonly string[] {
  const names = identities.filter((one) => isEmailName(one)).map(({ issuerAssignedId }) => issuerAssignedId);
  return [...names, recoveryEmail].flatMap((address) => (address ? [fold(address)] : []));
}

/** Throws `identity.busy`. */
export const keepRecoveryEmail = (
  directory: Directory,
  caller: Caller,
  userId: string,
  recoveryEmail: string,
): Promise<void> =>
  undisturbed(async () => {
    const ref = { type: entities.user, id: userId };
    const found = await directory.get(ref);
    if (!found || recoveryAddressesOf(found.entity).length > 0) return;
    await directory.update(caller, ref, { recoveryEmail }, found.etag);
  });
