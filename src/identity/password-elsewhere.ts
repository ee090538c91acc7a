import type { Directory, Versioned } from '../directory/index.ts';
import { type Clock, isoDateTime, system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import type { Hasher, Hashing } from './hasher.ts';
import { attributeOf } from './profile-change.ts';
import { undisturbed } from './undisturbed.ts';
import type { User } from './user.ts';

/** Who is asked about passwords that accounts have not brought along yet. */
export interface PasswordElsewhere {
  /** The property of a user that says so; it is cleared once the password is here. */
  readonly property: string;
  /** `weak`: right, and to be replaced by a new one. `undecided`: nobody could say. */
  ask(account: User): Promise<'right' | 'weak' | 'wrong' | 'undecided'>;
}

/** The password of this account is known elsewhere alone. Nobody is asked about one that is switched off. */
const isElsewhere = (account: User, { property }: PasswordElsewhere): boolean =>
  account.accountEnabled === true && attributeOf(account, property) === true;

interface Services {
  readonly directory: Directory;
  readonly hasher: Hashing & Pick<Hasher, 'dummy'>;
  readonly clock: Clock;
}

type Found = Versioned<typeof entities.user>;

/**
 * Keeps a password that was found right elsewhere with its account, which is asked about nowhere else from then on. Undefined: somebody else
 * was faster, or the account is gone. Throws `identity.busy`.
 */
async function bringHome(
  { directory, hasher, clock }: Services,
  { userId, password, isWeak }: { readonly userId: string; readonly password: string; readonly isWeak: boolean },
  elsewhere: PasswordElsewhere,
): Promise<Found | undefined> {
  const ref = { type: entities.user, id: userId };
  const passwordHash = await hasher.hash(password);
  return undisturbed(async () => {
    const found = await directory.get(ref);
    if (!found || !isElsewhere(found.entity, elsewhere)) return undefined;
    const patch = {
      passwordHash,
      [elsewhere.property]: false,
      lastPasswordChangeDateTime: isoDateTime(clock.now()),
      ...(isWeak ? { forceChangePassword: true } : {}),
    };
    return directory.update(system('password migration'), ref, patch, found.etag);
  });
}

/** The account as it is once its password is here; undefined: it was wrong. */
async function provedElsewhere(
  services: Services,
  { account, password }: { readonly account: User; readonly password: string },
  elsewhere: PasswordElsewhere,
): Promise<Found | 'undecided' | undefined> {
  const verdict = await elsewhere.ask(account);
  if (verdict === 'undecided') return verdict;
  if (verdict === 'wrong') return undefined;
  const { directory, hasher } = services;
  const brought = await bringHome(services, { userId: account.id, password, isWeak: verdict === 'weak' }, elsewhere);
  if (brought) return brought;
  const other = await directory.get({ type: entities.user, id: account.id });
  return other && (await hasher.verify(other.entity.passwordHash ?? hasher.dummy, password)) ? other : undefined;
}

/**
 * The account if the password is its own, by its hash or by whoever knows it elsewhere; undefined: it is wrong, or there is no such account.
 * One hash is computed in every case.
 */
export async function checkedPassword(
  services: Services,
  { found, password }: { readonly found: Found | undefined; readonly password: string },
  elsewhere: PasswordElsewhere | undefined,
): Promise<Found | 'undecided' | undefined> {
  const { hasher } = services;
  const account = found?.entity;
  if (account && elsewhere && isElsewhere(account, elsewhere)) {
    await hasher.verify(hasher.dummy, password);
    return provedElsewhere(services, { account, password }, elsewhere);
  }
  return (await hasher.verify(account?.passwordHash ?? hasher.dummy, password)) ? found : undefined;
}
