import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { isFault } from '../kernel/index.ts';
import type { Answered, Ephemeral } from '../store/index.ts';
import { maximumPasswordLength } from './hasher.ts';

export interface LockoutRules {
  /** Wrong passwords before the first lock. */
  readonly threshold: number;
  /** Seconds of each of the first ten locks; every further ten last twice as long as the ten before. */
  readonly minimumSeconds: number;
  /** No lock is longer. */
  readonly maximumSeconds: number;
}

/** Ten tries, one minute, five hours (b2c contract j). */
export const b2cLockout: LockoutRules = { threshold: 10, minimumSeconds: 60, maximumSeconds: 5 * 3600 };

/** Permission for one try. One of the two is called once the password was looked at, none when it could not be. */
export interface Try {
  right(): Promise<void>;
  /** Resolves to whether this try has locked the account. */
  wrong(): Promise<boolean>;
}

/** Counts wrong passwords per account, so that many servers at once allow no more tries than one would. */
export interface Lockout {
  /** `undefined` while the account is locked: then not even the right password opens it. */
  begin(account: string, password: string): Promise<Try | undefined>;
  /** Forgets every wrong try, and opens the account if it is locked: for whoever has a new password. */
  forget(account: string): Promise<void>;
}

/** A burst of wrong passwords is forgotten after a day … */
const countSeconds = 24 * 3600;
/** … but how often an account was locked only after thirty, so that waiting a day does not bring short locks back. */
const levelSeconds = 30 * 24 * 3600;
const locksPerLevel = 10;

/**
 * The rules of smart lockout (b2c contract j). A try is counted before its password is looked at: of any number of
 * simultaneous tries only those within the threshold are looked at, and past it one for each time the lock runs out.
 * The records an attacker can cause are bounded by the tries the lock lets through.
 *
 * `rulesNow` are asked at every try. `key` makes the digests by which a repeated wrong password is recognised useless outside this process: many a wrong
 * password is a right one of somewhere else, so nothing that could be searched offline is stored. Processes with keys of
 * their own recognise only what they have seen themselves, which counts more, never less.
 */
export function createLockout(
  ephemeral: Ephemeral,
  rulesNow: () => Promise<LockoutRules> = async () => b2cLockout,
  key: Buffer = randomBytes(32),
): Lockout {
  // An object, since Node takes five times as long with the bytes of a key.
  const macKey = createSecretKey(key);
  const claimLock = async (rules: LockoutRules, lockId: string, levelId: string): Promise<boolean> => {
    const lock = (ttlSeconds: number) => ({ id: lockId, payload: {}, ttlSeconds });
    const revision = await claim(() => ephemeral.put('attempts', lock(rules.minimumSeconds), 0));
    if (revision === undefined) return false;
    const level = Math.floor(((await ephemeral.increment('attempts', levelId, levelSeconds)) - 1) / locksPerLevel);
    const seconds = Math.min(rules.maximumSeconds, rules.minimumSeconds * 2 ** level);
    if (level > 0) await claim(() => ephemeral.put('attempts', lock(seconds), revision));
    return true;
  };

  const forget = async (account: string, answered: Answered = 'kept'): Promise<void> => {
    const writes = recordsOf(account).map((id) => ({ act: 'remove', kind: 'attempts', id }) as const);
    await ephemeral.together(writes, answered);
  };

  return {
    forget: (account) => forget(account),
    async begin(account, password) {
      const [countId, lockId, levelId] = recordsOf(account);
      const mac = createHmac('sha256', macKey)
        .update(`${account}\n${bounded(password)}`)
        .digest('base64url');
      const wrongId = `wrong:${account}:${mac}`;
      const [rules, locked, repeated] = await Promise.all([
        rulesNow(),
        ephemeral.get('attempts', lockId),
        ephemeral.get('attempts', wrongId),
      ]);
      if (locked) return undefined;
      // A password already found wrong tells a guesser nothing new; it is looked at again since it may be right by now.
      let locks = false;
      if (!repeated) {
        const count = await ephemeral.increment('attempts', countId, countSeconds, 'seen');
        locks = count >= rules.threshold;
        if (locks && !(await claimLock(rules, lockId, levelId))) return undefined;
      }
      return {
        right: () => forget(account, 'seen'),
        async wrong() {
          if (!repeated) await ephemeral.put('attempts', { id: wrongId, payload: {}, ttlSeconds: countSeconds });
          return locks;
        },
      };
    },
  };
}

const recordsOf = (account: string) => [`count:${account}`, `lock:${account}`, `level:${account}`] as const;

// What differs only past the longest possible password is wrong in every case, so it may count as one.
const bounded = (password: string): string => password.slice(0, maximumPasswordLength * 4).normalize('NFC');

/** `undefined` when another try was faster. */
async function claim(put: () => Promise<number>): Promise<number | undefined> {
  try {
    return await put();
  } catch (error) {
    if (isFault(error, 'store.stale')) return undefined;
    throw error;
  }
}
