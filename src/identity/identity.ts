import type { Directory, Versioned } from '../directory/index.ts';
import { type Caller, type Clock, isFault, newId, type Observe } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import type { Ephemeral } from '../store/index.ts';
import { type AccountChanges, createAccountChanges } from './account-changes.ts';
import { maximumMethods } from './authenticator-rules.ts';
import { type Authenticators, createAuthenticators } from './authenticators.ts';
import { faults } from './faults.ts';
import { createGuests, type Guests } from './guests.ts';
import type { Hasher } from './hasher.ts';
import { identified } from './identified.ts';
import { createLockout, type LockoutRules } from './lockout.ts';
import { createPasskeys, type Passkeys } from './passkeys.ts';
import { mayBeWeak } from './password-policies.ts';
import { createProver, type Guesses, hashingFor, type PasswordProof, type Proving } from './password-proof.ts';
import {
  checkPassword,
  type PasswordComplaint,
  type PasswordHelp,
  type PasswordRules,
  passwordHelp,
} from './password-rules.ts';
import { type Registration, registrationDraft } from './registration.ts';
import { isForeign, isNamed, type NameKind, nameKinds, type SoughtName } from './sign-in-names.ts';
import { createTenantSettings, type TenantSettings } from './tenant-settings.ts';
import type { User } from './user.ts';

/** Finds, proves and creates people of one tenant; knows nothing of HTTP or of journeys. */
export interface Identity extends AccountChanges {
  /** What proves people besides their passwords. */
  readonly authenticators: Authenticators;
  readonly passkeys: Passkeys;
  readonly guests: Guests;
  /** A local account by one of its names, without regard to case; `kinds`: as what the name may be read, absent: any. */
  findBySignInName(name: string, kinds?: readonly NameKind[]): Promise<User | undefined>;
  /**
   * The account of somebody whom a foreign provider has proved. Both in exactly these letters: subjects that differ in case alone are two
   * people (OpenID Connect Core §2 `sub`). Nothing else finds it, least of all an address (b2c contract g.2).
   */
  findByForeignIdentity(issuer: string, issuerAssignedId: string): Promise<User | undefined>;
  find(userId: string): Promise<User | undefined>;
  /**
   * One hash is computed whether or not the account exists, so that neither answer nor time tells (product.md choice 11).
   * Wrong tries are counted per account and smart lockout applies (b2c contract j); a name without an account is counted
   * and locked alike. Throws `identity.busy` (503), before anything is read or counted.
   */
  provePassword(signInName: string, password: string, how?: Proving): Promise<PasswordProof>;
  /** Argon2id in a worker, in PHC format. `address`: who waits for it. Throws `identity.busy` (503) when the hash queue is full. */
  hashPassword(password: string, address?: string): Promise<string>;
  /** What the rules in force say about a new password: message ids (`passwordMessages`), empty when it may be used. */
  checkPassword(password: string, chooser?: PasswordChooser): Promise<readonly PasswordComplaint[]>;
  /** The rules in force, for whoever is about to choose a password. */
  passwordHelp(chooser?: PasswordChooser): Promise<readonly PasswordHelp[]>;
  /** True for the password that the account has. Computes one hash. `address`: who waits for it. Throws `identity.busy`. */
  hasPassword(user: User, password: string, address?: string): Promise<boolean>;
  /** What the tenant has chosen for itself, as it is now. */
  settings(): Promise<TenantSettings>;
  /**
   * Creates an account. `caller` is the server (`system(…)`): nobody else may bring a hash or make an account without a
   * password. Throws `identity.taken` when a name is in use, `identity.badIdentity` when it is none, `identity.unknownAttribute`.
   */
  register(caller: Caller, registration: Registration): Promise<User>;
}

/** Who chooses a password where. */
export interface PasswordChooser {
  /** Of the user flow; absent: as the tenant says. */
  readonly rules?: PasswordRules | undefined;
  /** Whose password it will be; `DisableStrongPassword` frees the account from the rules of the tenant, not from those of a flow. */
  readonly account?: User;
}

export interface IdentityServices {
  readonly directory: Directory;
  readonly ephemeral: Ephemeral;
  readonly hasher: Hasher;
  readonly clock: Clock;
  readonly observe: Observe;
  /** What new passwords must satisfy where the tenant has not chosen for itself; `nist-63b-4` when absent. */
  readonly rules?: PasswordRules;
  /** In place of what the tenant has chosen. */
  readonly lockout?: LockoutRules;
  /** Told of an account that was locked just now; must not wait, since nobody may learn from the time whether there is one. */
  readonly onLocked?: (userId: string) => void;
  /** Wrong passwords that an address may send, whosever they are; absent: as many as it likes. */
  readonly guesses?: Guesses;
  /** Key of the digests that recognise a repeated wrong password; shared by all processes, or random for each. */
  readonly lockoutKey?: Buffer;
}

type Found = Versioned<typeof entities.user>;

async function withPrincipalName(directory: Directory, name: string): Promise<Found | undefined> {
  const filter = { op: 'eq', path: ['userPrincipalName'], value: name } as const;
  return (await directory.find({ type: entities.user, filter, limit: 1 })).items[0];
}

export function createIdentity(services: IdentityServices): Identity {
  const { directory, ephemeral, hasher, clock, rules = 'nist-63b-4' } = services;
  const { tenant } = directory;
  const settings = createTenantSettings(directory, rules);
  const lockoutRules = async (): Promise<LockoutRules> => services.lockout ?? (await settings()).lockout;
  const lockout = createLockout(ephemeral, lockoutRules, services.lockoutKey);

  async function rulesFor({ rules: ofFlow, account }: PasswordChooser = {}): Promise<PasswordRules> {
    if (ofFlow) return ofFlow;
    return mayBeWeak(account?.passwordPolicies) ? 'b2c-weak' : (await settings()).passwordRules;
  }

  const locate = async (name: string, kinds: readonly SoughtName[] = nameKinds): Promise<Found | undefined> => {
    // Both at once, so that the time does not tell as what a name is known.
    const [found, principal] = await Promise.all([
      identified(directory, tenant.domains[0] ?? '', name),
      kinds.includes('principalName') ? withPrincipalName(directory, name) : undefined,
    ]);
    return found?.entity.identities.some((one) => isNamed(one, name, kinds)) ? found : principal;
  };

  const find = async (userId: string) => (await directory.get({ type: entities.user, id: userId }))?.entity;
  const authenticators = createAuthenticators({ directory, ephemeral });

  return {
    async findBySignInName(name, kinds) {
      return (await locate(name, kinds))?.entity;
    },
    async findByForeignIdentity(issuer, issuerAssignedId) {
      const user = (await identified(directory, issuer, issuerAssignedId))?.entity;
      return user?.identities.some((one) => isForeign(one, issuer, issuerAssignedId)) ? user : undefined;
    },
    find,
    provePassword: createProver({ ...services, lockout, locate }),
    hashPassword: (password, address) => hashingFor(hasher, address, (place) => place.hash(password)),
    settings,
    authenticators,
    guests: createGuests({ directory, clock }),
    passkeys: createPasskeys({
      authenticators,
      tenantName: async () => (await settings()).displayName,
      maximum: maximumMethods,
      find,
    }),
    checkPassword: async (password, chooser) => checkPassword(await rulesFor(chooser), password, tenant),
    passwordHelp: async (chooser) => passwordHelp(await rulesFor(chooser)),
    hasPassword: (user, password, address) =>
      hashingFor(hasher, address, (place) => place.verify(user.passwordHash ?? hasher.dummy, password)),
    ...createAccountChanges({ directory, lockout, clock, authenticators }),
    async register(caller, registration) {
      try {
        const draft = registrationDraft(registration, tenant, newId());
        return (await directory.create(caller, entities.user, draft)).entity;
      } catch (error) {
        if (isFault(error, 'store.exists')) throw faults.taken({}, error);
        throw error;
      }
    },
  };
}
