import { faults } from '../faults.ts';
import { sql } from '../sql/fragment.ts';
import type { Answered } from '../store.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Connection } from './connection.ts';
import type { Durability } from './durability.ts';
import { isOfTheDisk } from './translate.ts';

/** Bounds how long one commit keeps the others waiting. */
const mostInOneCommit = 128;
/** Prepared once, as all statements are. */
const [begin, commit] = [sql('BEGIN IMMEDIATE'), sql('COMMIT')];
const [savepoint, release] = [sql('SAVEPOINT job'), sql('RELEASE job')];

/** Sequence numbers reserved at once, so that the reservation is rarely written. */
const reservation = 1000;

interface Job {
  /** Does the work and returns how to tell the caller, once it is durable. */
  readonly run: () => Promise<() => void>;
  readonly fail: (error: unknown) => void;
  readonly answered: Answered;
}

export interface WriterParts {
  readonly connection: Connection;
  readonly durability: Durability;
  readonly checkpoints: Checkpoints;
}

/**
 * Group commit: all writes that come while the one before is on its way to the disk share one transaction and one flush, each in a savepoint
 * of its own. A write is answered, and seen by readers, only when it is on the disk, unless it asks to be answered when it is seen: those that
 * share a transaction with no others are appended to the log, where the next flush finds them. Writes run one after another, so the order is serial.
 */
export class Writer {
  readonly #connection: Connection;
  readonly #durability: Durability;
  readonly #checkpoints: Checkpoints;
  readonly #queue: Job[] = [];
  #running: Promise<void> | undefined;
  #closed = false;
  /** Why nothing can be written any more. */
  #broken: Error | undefined;
  #isFailing = false;
  #sequence: number;
  #reserved: number;
  #commits = 0;
  #isCommitting = false;
  /** From before a commit until the disk has it, or will not. */
  #unflushed: PromiseWithResolvers<void> | undefined;

  constructor({ connection, durability, checkpoints }: WriterParts) {
    this.#connection = connection;
    this.#durability = durability;
    this.#checkpoints = checkpoints;
    const stored = connection.get<{ value: number }>(sql("SELECT value FROM counter WHERE name = 'sequence'"));
    this.#sequence = stored?.value ?? 0;
    this.#reserved = this.#sequence;
  }

  /** A commit failed because of the disk, and nobody has found since that there is room for a usual one. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** There is room again. That a commit succeeds says little: a small one may fit where the log has gained a page that it could not use. */
  recovered(): void {
    this.#isFailing = false;
  }

  /** Whatever its connection shows now is on the disk, or wants to be seen before. */
  get isQuiet(): boolean {
    return !this.#isCommitting && this.#broken === undefined;
  }

  /** Commits so far. */
  get commits(): number {
    return this.#commits;
  }

  /** The next number of the database's one sequence. Numbers of undone writes are lost, never used again. */
  readonly next = (): number => {
    this.#sequence += 1;
    return this.#sequence;
  };

  /** Resolves when what is committed is on the disk; to false when it will not be any more, as far as is known. */
  async settled(): Promise<boolean> {
    await this.#unflushed?.promise;
    return this.#broken === undefined;
  }

  write<T>(work: () => Promise<T>, answered: Answered = 'kept'): Promise<T> {
    if (this.#closed) return Promise.reject(faults.closed());
    if (this.#broken) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      this.#queue.push({
        run: async () => {
          const value = await work();
          return () => resolve(value);
        },
        fail: reject,
        answered,
      });
      this.#running ??= this.#drain();
    });
  }

  /** Refuses new writes and waits for those in line. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      // Everybody who writes in this turn of the event loop gets in before the transaction begins.
      await new Promise(setImmediate);
      await this.#checkpoints.keepShort();
      const batch = this.#queue.splice(0, mostInOneCommit);
      if (this.#broken) for (const job of batch) job.fail(this.#broken);
      else await this.#commit(batch);
    }
    this.#running = undefined;
  }

  async #commit(batch: readonly Job[]): Promise<void> {
    this.#isCommitting = true;
    const isKept = batch.some(({ answered }) => answered === 'kept');
    try {
      const answers = await this.#transaction(batch, isKept);
      if (isKept) await this.#flush();
      this.#durability.release();
      for (const answer of answers) answer();
    } catch (error) {
      this.#isFailing ||= isOfTheDisk(error);
      // Rejecting a write that has failed already changes nothing.
      for (const job of batch) job.fail(error);
    } finally {
      this.#isCommitting = false;
      this.#unflushed?.resolve();
      this.#unflushed = undefined;
    }
  }

  async #transaction(batch: readonly Job[], isKept: boolean): Promise<readonly (() => void)[]> {
    try {
      this.#connection.run(begin);
      const answers: (() => void)[] = [];
      // One alone is undone with the whole transaction.
      const run = batch.length === 1 ? (job: Job) => job.run() : (job: Job) => this.#savepoint(job);
      for (const job of batch) answers.push(await run(job));
      const reserved = this.#reserve();
      if (isKept) {
        this.#durability.hold();
        this.#unflushed = Promise.withResolvers();
      }
      this.#connection.run(commit);
      this.#reserved = reserved;
      this.#commits += 1;
      return answers;
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
      this.#durability.release();
      throw error;
    }
  }

  /**
   * What the disk has of a commit is unknown once it has failed to take it, and trying again would not tell (a system may have forgotten what
   * it could not write). Readers stay with what is on it, and nothing is written until the database has been opened anew.
   */
  async #flush(): Promise<void> {
    try {
      await this.#durability.flush();
    } catch (error) {
      this.#broken = error instanceof Error ? error : new Error('The disk failed.');
      throw this.#broken;
    }
  }

  /** Throws only when the whole transaction is lost. */
  async #savepoint(job: Job): Promise<() => void> {
    this.#connection.run(savepoint);
    try {
      const answer = await job.run();
      this.#connection.run(release);
      return answer;
    } catch (error) {
      if (!this.#connection.inTransaction) throw error;
      this.#connection.exec('ROLLBACK TO job; RELEASE job');
      return () => job.fail(error);
    }
  }

  /** Makes sure that no number given out in this commit is given out again after a restart. */
  #reserve(): number {
    if (this.#sequence <= this.#reserved) return this.#reserved;
    const reserved = this.#sequence + reservation;
    this.#connection.run(
      sql(
        `INSERT INTO counter (name, value) VALUES ('sequence', ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
        reserved,
      ),
    );
    return reserved;
  }
}
