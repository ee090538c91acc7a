import type { SignInEntry, SignInTarget } from './sign-in-entry.ts';

/**
 * Entries waiting at most: successes of all tenants and of one, and failures of all. No flood fills the memory or is others' loss,
 * and no failure takes the place of a success.
 */
const capacity = { succeeded: 10_000, succeededEach: 5000, failed: 10_000 } as const;

/** What was taken to be written. */
export interface Taken {
  readonly entries: ReadonlyMap<SignInTarget, readonly SignInEntry[]>;
  /** Successes that there was no room for. */
  readonly dropped: number;
}

/** Entries waiting to be written, in their order. */
export interface SignInQueue {
  /** Counted when there is no room. */
  addSuccess(target: SignInTarget, entry: () => SignInEntry): void;
  /** False: there is no room. */
  addFailure(target: SignInTarget, entry: SignInEntry): boolean;
  isEmpty(): boolean;
  /** Empties it. */
  take(): Taken;
}

interface Waiting {
  readonly entries: SignInEntry[];
  succeeded: number;
}

export function createSignInQueue(): SignInQueue {
  let waiting = new Map<SignInTarget, Waiting>();
  let count = { succeeded: 0, failed: 0, dropped: 0 };

  function waitingOf(target: SignInTarget): Waiting {
    const own = waiting.get(target) ?? { entries: [], succeeded: 0 };
    waiting.set(target, own);
    return own;
  }

  return {
    addSuccess(target, entry) {
      const own = waitingOf(target);
      if (count.succeeded >= capacity.succeeded || own.succeeded >= capacity.succeededEach) {
        count.dropped += 1;
        return;
      }
      own.entries.push(entry());
      own.succeeded += 1;
      count.succeeded += 1;
    },
    addFailure(target, entry) {
      if (count.failed >= capacity.failed) return false;
      waitingOf(target).entries.push(entry);
      count.failed += 1;
      return true;
    },
    isEmpty: () => waiting.size === 0,
    take() {
      const { dropped } = count;
      const entries = new Map([...waiting].map(([target, own]) => [target, own.entries] as const));
      waiting = new Map();
      count = { succeeded: 0, failed: 0, dropped: 0 };
      return { entries, dropped };
    },
  };
}
