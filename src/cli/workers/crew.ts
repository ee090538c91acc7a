import cluster, { type Worker } from 'node:cluster';
import { setTimeout as wait } from 'node:timers/promises';
import type { Observe } from '../../kernel/index.ts';
import { endAll } from './ending.ts';
import { createQuestions } from './questions.ts';
import { type FromWorker, isFromWorker } from './wire.ts';

export type Ready = Pick<Extract<FromWorker, { said: 'ready' }>, 'url' | 'port'>;

export interface CrewOptions {
  readonly count: number;
  readonly observe: Observe;
  /** How long workers may take to end, in milliseconds; then they are ended. */
  readonly patience: number;
}

interface Member {
  readonly worker: Worker;
  /** Resolves when it answers requests, or to its exit code when it has ended before. */
  readonly settled: Promise<Ready | number>;
  readySince?: number;
}

/** A worker that ends sooner than this has not run; milliseconds. */
const stable = 10_000;
const mostFailures = 3;

/** Milliseconds before a worker is started in the place of one that was lost. The first is replaced at once: most are lost by accident. */
const delayAfter = (failures: number): number => (failures <= 1 ? 0 : Math.min(30_000, 100 * 2 ** failures));

/** Worker processes that share one port. */
export class Crew {
  readonly #options: CrewOptions;
  readonly #members = new Set<Member>();
  readonly #questions = createQuestions();
  readonly #stopping = new AbortController();
  readonly #surrender = Promise.withResolvers<number>();
  #failures = 0;
  /** From now on their number is kept. */
  #manned = false;

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  /** Resolves to an exit code when the last worker is gone and no other can be kept running. */
  get gaveUp(): Promise<number> {
    return this.#surrender.promise;
  }

  /** Resolves when all answer, or to the exit code of one that ended before. One alone comes first, so that what is wrong is told once. */
  async start(): Promise<Ready | number> {
    const first = await this.#hire().settled;
    if (typeof first === 'number' || this.#stopping.signal.aborted) return first;
    const others = Array.from({ length: this.#options.count - 1 }, () => this.#hire().settled);
    const failed = (await Promise.all(others)).find((settled) => typeof settled === 'number');
    this.#manned = true;
    return failed ?? first;
  }

  /** What every worker tells for a path, of those that answer in time. */
  async ask(path: string): Promise<readonly unknown[]> {
    const ready = [...this.#members].filter(({ readySince }) => readySince !== undefined);
    const told = await Promise.all(ready.map(({ worker }) => this.#questions.ask(worker, path)));
    return told.filter((value) => value !== undefined);
  }

  /** Passes a signal on that is no end, e.g. SIGHUP. */
  pass(signal: NodeJS.Signals): void {
    for (const { worker } of this.#members) worker.process.kill(signal);
  }

  /** Lets all end; resolves to 0, or to 1 when one of them had to be ended. */
  async stop(signal: NodeJS.Signals): Promise<number> {
    this.#stopping.abort();
    const workers = [...this.#members].map(({ worker }) => worker);
    return (await endAll(workers, signal, this.#options.patience)) ? 0 : 1;
  }

  #hire(): Member {
    const worker = cluster.fork();
    const { promise: settled, resolve } = Promise.withResolvers<Ready | number>();
    const member: Member = { worker, settled };
    this.#members.add(member);
    worker.on('message', (message) => {
      if (!isFromWorker(message)) return;
      if (message.said === 'told') return this.#questions.answered(message);
      member.readySince = performance.now();
      resolve(message);
    });
    worker.on('error', (error) =>
      this.#options.observe({ kind: 'warning', message: 'A worker could not be reached.', error }),
    );
    worker.once('exit', (code: number | null, signal: string | null) => {
      this.#members.delete(member);
      resolve(code || 1);
      if (this.#manned && !this.#stopping.signal.aborted) void this.#replace(member, code, signal || null);
    });
    return member;
  }

  async #replace({ readySince }: Member, code: number | null, signal: string | null): Promise<void> {
    this.#options.observe({ kind: 'server.workerLost', code, signal });
    const ran = readySince !== undefined && performance.now() - readySince > stable;
    this.#failures = ran ? 1 : this.#failures + 1;
    const isAnyReady = [...this.#members].some((other) => other.readySince !== undefined);
    if (this.#failures > mostFailures && !isAnyReady) return this.#surrender.resolve(code || 1);
    const { signal: stopped } = this.#stopping;
    await wait(delayAfter(this.#failures), undefined, { signal: stopped }).catch(() => undefined);
    if (!stopped.aborted) this.#hire();
  }
}
