import { availableParallelism } from 'node:os';
import { type Observe, silent, type Trace, untraced } from '../kernel/index.ts';
import { faults } from './faults.ts';
import type { HashJob, HashParameters } from './hash-job.ts';
import { type Place as PoolPlace, WorkerPool } from './worker-pool.ts';

export interface HasherOptions extends Partial<HashParameters> {
  /** Threads at most; as many as the machine has cores when absent. */
  readonly workers?: number;
  /** Passwords that may wait, all lanes together; 64 a thread (about 0.6 s of work at the default parameters) when absent. */
  readonly queueLimit?: number;
  /** Told how long each hash took, and of every one refused. */
  readonly observe?: Observe;
  /** Nothing is traced when absent. */
  readonly trace?: Trace;
}

export interface Hashing {
  /** PHC string. Throws `identity.busy` (503), `identity.passwordTooLong` (400), `identity.hashFailed` (500). */
  hash(password: string): Promise<string>;
  /**
   * Computes one hash in every case; false for a password that is too long to have been accepted.
   * Throws `identity.busy` (503), `identity.hashFailed` (500, also for a text that is no PHC string).
   */
  verify(phc: string, password: string): Promise<boolean>;
}

/** A place before the threads, taken before anything is read or counted for whoever it is; everything is hashed in it. */
export interface HashingPlace extends Hashing {
  leave(): void;
}

/** Hashes passwords with argon2id off the main thread. One for the whole process: all tenants share its threads and places. */
export interface Hasher extends Hashing {
  /**
   * `lane`: for whom, e.g. an address; each has a share of the places and a turn at the threads. What is hashed without a place is in a
   * lane of its own. Throws `identity.busy` (503).
   */
  enter(lane: string): HashingPlace;
  /** A hash of the current parameters that no password matches: verifying against it costs what a real account costs. */
  readonly dummy: string;
  /** How many wait for a thread. */
  waiting(): number;
  /** True for a hash made with other parameters than the current ones. */
  outdated(phc: string): boolean;
  /** Finishes what was accepted, ends the threads; later calls are refused. */
  close(): Promise<void>;
}

/** Characters; longer input is refused before it costs a hash (b2c contract j: custom rules end at 256). */
export const maximumPasswordLength = 256;

/** Of what is hashed for no stranger: the people whom administrators create, commands. */
export const ownLane = '';

/** The form that is hashed: Unicode NFC (NIST SP 800-63B-4 §3.1.1.2), so that one password typed on two keyboards is one. */
function normalForm(password: string): string | undefined {
  // NFC turns one code unit into at most three (UAX 15), so a longer text cannot shrink below the limit: decomposed
  // forms are at most four code units a character in any script people type.
  if (password.length > maximumPasswordLength * 4) return undefined;
  const normal = password.normalize('NFC');
  return [...normal].length > maximumPasswordLength ? undefined : normal;
}

const base64 = (byte: number, length: number): string =>
  Buffer.alloc(length, byte).toString('base64').replace(/=+$/, '');

/** OWASP's minimum for argon2id when absent: 19 MiB, 2 passes, 1 lane (Password Storage Cheat Sheet). */
export function createHasher(options: HasherOptions = {}): Hasher {
  const { memoryKib = 19_456, passes = 2, lanes = 1, workers = availableParallelism() } = options;
  const { observe = silent, trace = untraced } = options;
  const parameters: HashParameters = { memoryKib, passes, lanes };
  const prefix = `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$`;
  const dummy = `${prefix}${base64(7, 16)}$${base64(0, 32)}`;
  const file = new URL('./hash-worker.js', import.meta.url);
  const pool = new WorkerPool({ file, workers, queueLimit: options.queueLimit ?? workers * 64 });

  const hashingIn = (place: Pick<PoolPlace, 'run'>): Hashing => {
    const run = (job: HashJob): Promise<unknown> =>
      trace.span({ name: `hash ${job.kind}` }, (span) =>
        place.run(job, ({ waited, worked }) => {
          observe({ kind: 'hash.computed', waited, worked });
          span.tell({ 'usher.queue.milliseconds': waited });
        }),
      );
    return {
      async hash(password) {
        const normal = normalForm(password);
        if (normal === undefined) throw faults.passwordTooLong({ maximum: maximumPasswordLength });
        return String(await run({ kind: 'hash', password: normal, parameters }));
      },
      async verify(phc, password) {
        const normal = normalForm(password);
        if (normal === undefined) {
          await run({ kind: 'verify', phc: dummy, password: '' });
          return false;
        }
        return (await run({ kind: 'verify', phc, password: normal })) === true;
      },
    };
  };
  const enterTold = (lane: string): PoolPlace => {
    try {
      return pool.enter(lane);
    } catch (error) {
      observe({ kind: 'hash.refused' });
      throw error;
    }
  };
  const enter = (lane: string): HashingPlace => {
    const place = enterTold(lane);
    return { ...hashingIn(place), leave: place.leave };
  };
  const alone = async <T>(work: (hashing: Hashing) => Promise<T>): Promise<T> => {
    const place = enter(ownLane);
    try {
      return await work(place);
    } finally {
      place.leave();
    }
  };

  return {
    enter,
    hash: (password) => alone((place) => place.hash(password)),
    verify: (phc, password) => alone((place) => place.verify(phc, password)),
    dummy,
    waiting: () => pool.waiting,
    outdated: (phc) => !phc.startsWith(prefix),
    close: () => pool.close(),
  };
}
