import { Worker } from 'node:worker_threads';
import { faults } from './faults.ts';

/** What a worker answers for each message it was sent, one at a time and in order. */
export type WorkerReply = { readonly value: unknown } | { readonly error: string };

export interface PoolOptions {
  readonly file: URL;
  /** Threads at most; started one by one as work arrives. */
  readonly workers: number;
  /** Jobs waiting beside those that run; one more is refused. */
  readonly queueLimit: number;
}

interface Job {
  readonly message: unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (fault: Error) => void;
}

/**
 * Threads that each do one job at a time, with a bounded queue in front. A thread keeps the process alive only while it
 * works, so an idle pool never has to be closed.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  /** The job each thread works on; `undefined` when it is idle. */
  readonly #threads = new Map<Worker, Job | undefined>();
  readonly #queue: Job[] = [];
  readonly #idleCallbacks: (() => void)[] = [];
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** True when the next job would be refused. */
  get full(): boolean {
    return this.#closed || (this.#queue.length >= this.#options.queueLimit && this.#freeThread() === undefined);
  }

  /** Resolves to the worker's answer. Throws `identity.busy` (queue full, or closed), `identity.hashFailed` (the thread died or refused). */
  run(message: unknown): Promise<unknown> {
    if (this.full) return Promise.reject(faults.busy());
    return new Promise((resolve, reject) => {
      this.#queue.push({ message, resolve, reject });
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
    return this.#queue.length === 0 && [...this.#threads.values()].every((job) => job === undefined);
  }

  /** An idle thread, `null` for one that may still be started, `undefined` for none. */
  #freeThread(): Worker | null | undefined {
    for (const [worker, job] of this.#threads) if (!job) return worker;
    return this.#threads.size < this.#options.workers ? null : undefined;
  }

  #dispatch(): void {
    const free = this.#queue.length > 0 ? this.#freeThread() : undefined;
    if (free === undefined) return;
    const job = this.#queue.shift();
    if (!job) return;
    const worker = free ?? this.#start();
    this.#threads.set(worker, job);
    worker.ref();
    worker.postMessage(job.message);
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
    if ('error' in reply) job?.reject(faults.hashFailed({}, reply.error));
    else job?.resolve(reply.value);
    this.#next();
  }

  /** The thread is gone: its job fails, and the next job in line starts another thread. */
  #bury(worker: Worker, cause: unknown): void {
    const job = this.#threads.get(worker);
    this.#threads.delete(worker);
    job?.reject(faults.hashFailed({}, cause));
    this.#next();
  }

  #next(): void {
    this.#dispatch();
    if (this.#idle()) for (const resolve of this.#idleCallbacks.splice(0)) resolve();
  }
}
