import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Observe } from '../../kernel/index.ts';
import { faults } from '../faults.ts';
import type { Fragment } from '../sql/fragment.ts';
import type { ScanReply } from './scan-worker.ts';

/** Statements in line. Each search has one there at a time, so this is how many may search. */
const mostWaiting = 64;

/** Reads that may look at many rows, in a thread of their own, so that nobody waits for them but who asked. */
export interface Scans {
  /**
   * The rows of a statement as they are committed, which may not be on the disk yet; undefined where there can be no thread. Throws
   * `store.slow` when too many are in line, and the driver's errors.
   */
  all(statement: Fragment): Promise<readonly unknown[] | undefined>;
  /** Waits for what is in line. */
  close(): Promise<void>;
}

interface Waiting {
  readonly answer: (reply: ScanReply) => void;
  readonly fail: (error: unknown) => void;
}

export interface ScanParts {
  readonly file: string;
  readonly observe: Observe;
}

/** The thread is started with the first statement, and anew when it has ended by itself. */
export function createScans({ file, observe }: ScanParts): Scans {
  let worker: Worker | undefined;
  let waiting: Waiting[] = [];

  function start(): Worker {
    // What is published is JavaScript, and a checkout is not.
    const code = new URL(`./scan-worker${extname(import.meta.url)}`, import.meta.url);
    const thread = new Worker(code, { workerData: { file }, execArgv: [], env: {} });
    const end = (error: unknown): void => {
      if (worker !== thread) return;
      worker = undefined;
      const left = waiting;
      waiting = [];
      for (const { fail } of left) fail(error);
    };
    thread.on('message', (reply: ScanReply) => {
      waiting.shift()?.answer(reply);
      if (waiting.length === 0) thread.unref();
    });
    thread.once('error', end).once('exit', () => end(new Error('The thread has ended.')));
    return thread;
  }

  const ask = (statement: Fragment): Promise<ScanReply> =>
    new Promise((answer, fail) => {
      worker ??= start();
      waiting.push({ answer, fail });
      worker.ref();
      worker.postMessage(statement);
    });

  async function replyTo(statement: Fragment): Promise<ScanReply | undefined> {
    try {
      return await ask(statement);
    } catch (error) {
      observe({ kind: 'warning', message: 'The thread for long reads has failed.', error });
      return undefined;
    }
  }

  return {
    async all(statement) {
      if (waiting.length >= mostWaiting) throw faults.slow();
      const reply = await replyTo(statement);
      if (!reply) return undefined;
      if ('rows' in reply) return reply.rows;
      throw Object.assign(new Error(reply.error.message), { code: reply.error.code });
    },
    async close() {
      const thread = worker;
      if (!thread) return;
      const ended = new Promise<void>((resolve) => void thread.once('exit', () => resolve()));
      thread.ref();
      thread.postMessage(undefined);
      await ended;
    },
  };
}
