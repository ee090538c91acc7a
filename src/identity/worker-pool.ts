import { Worker } from 'node:worker_threads';
import { createGate, type Gate } from '../kernel/index.ts';
import { faults } from './faults.ts';

/** What a worker answers for each message it was sent, one at a time and in order. */
export type WorkerReply = { readonly value: unknown } | { readonly error: string };

export interface PoolOptions {
  readonly file: URL;
  /** Threads at most; started one by one as work arrives. */
  readonly workers: number;
  /** Jobs that may wait beside those that run. */
  readonly queueLimit: number;
}

/** Right to have jobs done, one after the other, for as long as it is kept. */
export interface Place {
  /** Resolves to the worker's answer. Throws `identity.busy` (the pool has closed), `identity.hashFailed` (the thread died or refused). */
  run(message: unknown, told?: (took: Took) => void): Promise<unknown>;
  leave(): void;
}

/** How long a job waited for a thread and was worked on, in milliseconds. */
export interface Took {
  readonly waited: number;
  readonly worked: number;
}

interface Job {
  readonly message: unknown;
  readonly told: ((took: Took) => void) | undefined;
  readonly came: number;
  began: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (fault: Error) => void;
}

/**
 * Threads that each do one job at a time. In front of them stand lanes, one for each whom work is done for: whose turn it is goes round
 * the lanes, so that who has one job waits for one of every other, however many those have; and no lane can have all the places.
 * A thread keeps the process alive only while it works, so an idle pool never has to be closed.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  /** The job each thread works on; `undefined` when it is idle. */
  readonly #threads = new Map<Worker, Job | undefined>();
  /** None of them empty, the one whose turn it is first. */
  readonly #lanes = new Map<string, Job[]>();
  readonly #gate: Gate;
  readonly #idleCallbacks: (() => void)[] = [];
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#gate = createGate(options.queueLimit + options.workers);
  }

  /** Throws `identity.busy` (the lane has its share of the places, or the pool has closed). */
  enter(lane: string): Place {
    const leave = this.#closed ? undefined : this.#gate.enter(lane);
    if (!leave) throw faults.busy();
    return { leave, run: (message, told) => this.#run(lane, message, told) };
  }

  /** Jobs that no thread works on yet. */
  get waiting(): number {
    let count = 0;
    for (const jobs of this.#lanes.values()) count += jobs.length;
    return count;
  }

  #run(lane: string, message: unknown, told: Job['told']): Promise<unknown> {
    if (this.#closed) return Promise.reject(faults.busy());
    return new Promise((resolve, reject) => {
      const job = { message, told, came: performance.now(), began: 0, resolve, reject };
      const waiting = this.#lanes.get(lane);
      if (waiting) waiting.push(job);
      else this.#lanes.set(lane, [job]);
      this.#dispatch();
    });
  }

  /** Finishes what was accepted, then ends the threads. */
  async close(): Promise<void> {
    this.#closed = true;
    if (!this.#idle()) await new Promise<void>((resolve) => this.#idleCallbacks.push(resolve));
    await Promise.all([...this.#threads.keys()].map((worker) => worker.terminate()));
  }

  #idle(): boolean {
    return this.#lanes.size === 0 && [...this.#threads.values()].every((job) => job === undefined);
  }

  /** An idle thread, `null` for one that may still be started, `undefined` for none. */
  #freeThread(): Worker | null | undefined {
    for (const [worker, job] of this.#threads) if (!job) return worker;
    return this.#threads.size < this.#options.workers ? null : undefined;
  }

  #dispatch(): void {
    const free = this.#lanes.size > 0 ? this.#freeThread() : undefined;
    const job = free === undefined ? undefined : this.#next();
    if (!job) return;
    const worker = free ?? this.#start();
    this.#threads.set(worker, job);
    job.began = performance.now();
    worker.ref();
    worker.postMessage(job.message);
  }

  /** Of the lane whose turn it is, which then goes to the end of the round. */
  #next(): Job | undefined {
    const [turn] = this.#lanes;
    if (!turn) return undefined;
    const [lane, waiting] = turn;
    const job = waiting.shift();
    this.#lanes.delete(lane);
    if (waiting.length > 0) this.#lanes.set(lane, waiting);
    return job;
  }

  #start(): Worker {
    // No inherited flags or environment: a thread that sees passwords needs neither, and test flags would run it as a test.
    const worker = new Worker(this.#options.file, { execArgv: [], env: {} });
    worker.on('message', (reply: WorkerReply) => this.#finish(worker, reply));
    let cause: unknown;
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => this.#bury(worker, cause));
    this.#threads.set(worker, undefined);
    return worker;
  }

  #finish(worker: Worker, reply: WorkerReply): void {
    const job = this.#threads.get(worker);
    this.#threads.set(worker, undefined);
    worker.unref();
    job?.told?.({ waited: job.began - job.came, worked: performance.now() - job.began });
    if ('error' in reply) job?.reject(faults.hashFailed({}, reply.error));
    else job?.resolve(reply.value);
    this.#goOn();
  }

  /** The thread is gone: its job fails, and the next job in line starts another thread. */
  #bury(worker: Worker, cause: unknown): void {
    const job = this.#threads.get(worker);
    this.#threads.delete(worker);
    job?.reject(faults.hashFailed({}, cause));
    this.#goOn();
  }

  #goOn(): void {
    this.#dispatch();
    if (this.#idle()) for (const resolve of this.#idleCallbacks.splice(0)) resolve();
  }
}
