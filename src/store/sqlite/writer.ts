import { faults } from '../faults.ts';
import { sql } from '../sql/fragment.ts';
import type { Connection } from './connection.ts';

/** Bounds how long one commit keeps the others waiting. */
const mostInOneCommit = 128;
/** Sequence numbers reserved at once, so that the reservation is rarely written. */
const reservation = 1000;

interface Job {
  /** Does the work and returns how to tell the caller, once it is durable. */
  readonly run: () => Promise<() => void>;
  readonly fail: (error: unknown) => void;
}

/**
 * Group commit: all writes of one turn of the event loop share one transaction and one flush to disk, each in a savepoint of
 * its own. A write is answered only after the commit. Writes run one after another, so the order is serial.
 */
export class Writer {
  readonly #connection: Connection;
  #queue: Job[] = [];
  #running: Promise<void> | undefined;
  #closed = false;
  #sequence: number;
  #reserved: number;
  #commits = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
    const stored = connection.get<{ value: number }>(sql("SELECT value FROM counter WHERE name = 'sequence'"));
    this.#sequence = stored?.value ?? 0;
    this.#reserved = this.#sequence;
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

  write<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(faults.closed());
    return new Promise((resolve, reject) => {
      this.#queue.push({
        run: async () => {
          const value = await work();
          return () => resolve(value);
        },
        fail: reject,
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
      const batch = this.#queue.slice(0, mostInOneCommit);
      this.#queue = this.#queue.slice(mostInOneCommit);
      await this.#commit(batch);
    }
    this.#running = undefined;
  }

  async #commit(batch: readonly Job[]): Promise<void> {
    try {
      this.#connection.exec('BEGIN IMMEDIATE');
      const answers: (() => void)[] = [];
      for (const job of batch) answers.push(await this.#savepoint(job));
      const reserved = this.#reserve();
      this.#connection.exec('COMMIT');
      this.#reserved = reserved;
      this.#commits += 1;
      for (const answer of answers) answer();
    } catch (error) {
      // Rejecting a write that has failed already changes nothing.
      for (const job of batch) job.fail(error);
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
    }
  }

  /** Throws only when the whole transaction is lost. */
  async #savepoint(job: Job): Promise<() => void> {
    this.#connection.exec('SAVEPOINT job');
    try {
      const answer = await job.run();
      this.#connection.exec('RELEASE job');
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
