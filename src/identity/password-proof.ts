import type { Directory, Versioned } from '../directory/index.ts';
import { type Clock, digest, networkOf, type Observe, system } from '../kernel/index.ts';
import { entities, fold } from '../model/index.ts';
import { type Hasher, type Hashing, ownLane } from './hasher.ts';
import type { Lockout } from './lockout.ts';
import { passwordMark } from './password-change.ts';
import { checkedPassword, type PasswordElsewhere } from './password-elsewhere.ts';
import { isPasswordTooOld } from './password-policies.ts';
import type { SoughtName } from './sign-in-names.ts';
import type { User } from './user.ts';

/**
 * What a proof of password came to. `locked`: too many wrong ones lately, for the account or from the address. Told only after a right
 * password: `disabled`, and `expired`, the password must be changed before it proves anybody again: `forced` by an administrator
 * (`forceChangePasswordNextSignIn`), else it is too old.
 */
export type PasswordProof =
  | { readonly kind: 'proved'; readonly user: User }
  | { readonly kind: 'expired'; readonly account: User; readonly forced: boolean }
  | {
      readonly kind: 'wrong' | 'locked' | 'disabled';
      /** Whose account it is, if there is one: for the log alone, since whoever tries must not learn it. */
      readonly account: User | undefined;
    };

/** Where a password was typed. */
export interface Visitor {
  /** IP address. */
  readonly address: string;
  /** A secret of the browser's own; absent: it has none. */
  readonly device?: string | undefined;
  /** Whether the person has signed in with this device before. Asked for names without an account, too. */
  knows?(userId: string): Promise<boolean>;
}

export interface Proving {
  /** As what the name may be read; absent: as any. */
  readonly kinds?: readonly SoughtName[] | undefined;
  /**
   * Asked in place of the hash of an account that has not brought its password along yet; once it says that the password is right, the
   * account has it.
   */
  readonly elsewhere?: PasswordElsewhere | undefined;
  /** Absent: no stranger asks, and no address is counted. */
  readonly visitor?: Visitor | undefined;
}

/** Counts wrong passwords by address, so that one that tries a few at each of many accounts is slowed down too. */
export interface Guesses {
  /** Counted before the password is looked at; the function says that it was right. Undefined: there were too many wrong ones. */
  begin(address: string): (() => void) | undefined;
}

type Found = Versioned<typeof entities.user>;

export interface ProverServices {
  readonly directory: Directory;
  readonly hasher: Hasher;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly lockout: Lockout;
  readonly guesses?: Guesses;
  readonly onLocked?: (userId: string) => void;
  locate(name: string, kinds?: readonly SoughtName[]): Promise<Found | undefined>;
}

/** Who waits for a hash gets a turn beside all others: each network has a lane of its own. Throws `identity.busy`. */
export async function hashingFor<T>(
  hasher: Hasher,
  address: string | undefined,
  work: (hashing: Hashing) => Promise<T>,
): Promise<T> {
  const place = hasher.enter(address === undefined ? ownLane : networkOf(address));
  try {
    return await work(place);
  } finally {
    place.leave();
  }
}

/** Whose tries are counted together, and whether the browser is one of the person's own. */
interface Counted {
  readonly account: string;
  readonly isFamiliar: boolean;
}

/**
 * Where somebody has signed in before, their tries are counted apart, until the password changes: so nobody who fails elsewhere can lock
 * them out, and whoever has got hold of the browser has no more tries than anybody.
 */
async function countedFor(name: string, account: User | undefined, visitor: Visitor | undefined): Promise<Counted> {
  const id = account?.id ?? digest(fold(name));
  const knows = (await visitor?.knows?.(id)) ?? false;
  if (!account || !knows || visitor?.device === undefined) return { account: id, isFamiliar: false };
  return { account: digest(`familiar ${id} ${visitor.device} ${passwordMark(account)}`), isFamiliar: true };
}

const uncounted = (): void => undefined;

/** See `Identity.provePassword`. */
export function createProver(services: ProverServices) {
  const { hasher, lockout, guesses, locate } = services;

  async function prove(place: Hashing, name: string, password: string, how: Proving): Promise<PasswordProof> {
    const { kinds, elsewhere, visitor } = how;
    const found = await locate(name, kinds);
    const account = found?.entity;
    const counted = await countedFor(name, account, visitor);
    const wasRight = counted.isFamiliar || !visitor || !guesses ? uncounted : guesses.begin(visitor.address);
    // That the address has failed too often is no secret of any account, so it is told at once.
    if (!wasRight) return { kind: 'locked', account };
    const attempt = await lockout.begin(counted.account, password);
    if (!attempt) {
      // While locked the answer takes as long as any other, and says nothing about the password.
      await place.verify(hasher.dummy, password);
      return { kind: 'locked', account };
    }
    const hashing = { ...services, hasher: { ...place, dummy: hasher.dummy } };
    const proved = await checkedPassword(hashing, { found, password }, elsewhere);
    if (proved === 'undecided') return { kind: 'wrong', account };
    if (!proved) {
      if ((await attempt.wrong()) && account) services.onLocked?.(account.id);
      return { kind: 'wrong', account };
    }
    wasRight();
    await attempt.right();
    return admitted(services, place, proved, password);
  }

  return (name: string, password: string, how: Proving = {}): Promise<PasswordProof> =>
    hashingFor(hasher, how.visitor?.address, (place) => prove(place, name, password, how));
}

/** What a right password comes to. */
async function admitted(
  services: ProverServices,
  place: Hashing,
  found: Found,
  password: string,
): Promise<PasswordProof> {
  const account = found.entity;
  if (!account.accountEnabled) return { kind: 'disabled', account };
  if (account.forceChangePassword) return { kind: 'expired', account, forced: true };
  if (isPasswordTooOld(account, services.clock.now())) return { kind: 'expired', account, forced: false };
  if (services.hasher.outdated(account.passwordHash ?? '')) await rehash(services, place, found, password);
  return { kind: 'proved', user: account };
}

/** Brings a hash up to the current parameters. A sign-in does not fail because this did; the next one tries again. */
async function rehash(
  { directory, observe }: ProverServices,
  place: Hashing,
  { entity, etag }: Found,
  password: string,
): Promise<void> {
  try {
    const passwordHash = await place.hash(password);
    // Only if nothing changed: a password set meanwhile must not be replaced by the old one.
    await directory.update(system('password rehash'), { type: entities.user, id: entity.id }, { passwordHash }, etag);
  } catch (error) {
    observe({ kind: 'warning', message: 'A password hash could not be brought up to date.', error });
  }
}
