import { setTimeout as wait } from 'node:timers/promises';
import { Fault } from '../../kernel/index.ts';
import { faults } from '../faults.ts';
import { withinLimit, writeLimitSeconds } from '../time-limit.ts';
import type { Numbers } from './numbers.ts';
import type { Pools } from './pools.ts';
import type { Drawn, Session } from './session.ts';
import { isConflict, isLost } from './translate.ts';

/** A transaction that conflicts this often has too many rivals. */
const mostAttempts = 20;
const longestPauseMilliseconds = 100;

/** What one attempt works with. */
export interface Attempt {
  readonly session: Session;
  readonly drawn: Drawn;
}

/**
 * Serializable transactions, done again when others came between. The first attempt runs at once; further ones of this process
 * run one after another, so that rivals here do not defeat each other over and over.
 */
export class Writer {
  readonly #pools: Pools;
  readonly #numbers: Numbers;
  #again: Promise<unknown> = Promise.resolve();
  #attempts = 0;

  constructor(pools: Pools, numbers: Numbers) {
    this.#pools = pools;
    this.#numbers = numbers;
  }

  /** Transactions begun so far, repeated ones too. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Resolves when what `work` did is durable. Rejects with what it threw, or a fault of the database. */
  async write<T>(work: (attempt: Attempt) => Promise<T>): Promise<T> {
    const first = await this.#attempt(work, writeLimitSeconds);
    if (!('conflict' in first)) return first.value;
    // Waiting for a turn counts, else the last of many rivals would wait ten seconds for each before it.
    const deadline = performance.now() + writeLimitSeconds * 1000;
    return this.#inTurn(() => this.#repeat(work, deadline));
  }

  async #repeat<T>(work: (attempt: Attempt) => Promise<T>, deadline: number): Promise<T> {
    for (let attempt = 2; attempt <= mostAttempts; attempt += 1) {
      // Jitter: rivals in other processes would otherwise meet again at the same moment.
      await wait(Math.random() * Math.min(longestPauseMilliseconds, 2 ** attempt));
      const secondsLeft = (deadline - performance.now()) / 1000;
      if (secondsLeft <= 0) break;
      const outcome = await this.#attempt(work, secondsLeft);
      if (!('conflict' in outcome)) return outcome.value;
    }
    throw faults.contended();
  }

  #attempt<T>(work: (attempt: Attempt) => Promise<T>, seconds: number): Promise<{ value: T } | { conflict: true }> {
    this.#attempts += 1;
    return this.#pools.with('writer', async (session) => {
      try {
        const drawn = { ready: await this.#numbers.begin(session), more: this.#numbers.more };
        const value = await withinLimit(work({ session, drawn }), seconds);
        // Whoever caught an error of the database and went on has a transaction that can only be undone.
        if (session.failure !== undefined) throw session.failure;
        await session.exec('COMMIT');
        return { value };
      } catch (error) {
        const cause = session.failure ?? error;
        // What took too long may still be waiting for an answer; the connection goes, and the transaction with it.
        if (error instanceof Fault && error.code === 'store.tooLong') session.abandon();
        else if (!isLost(cause)) await session.exec('ROLLBACK').catch(() => undefined);
        if (isConflict(cause)) return { conflict: true };
        throw error;
      }
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#again.then(work);
    this.#again = done.catch(() => undefined);
    return done;
  }
}
