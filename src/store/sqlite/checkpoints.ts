import { Worker } from 'node:worker_threads';
import type { Observe } from '../../kernel/index.ts';
import { sql } from '../sql/fragment.ts';
import type { Connection } from './connection.ts';

/** Pages in the log from which on it is moved into the file: 16 MB. */
const longestLog = 4000;
/** Commits between two looks at how long it is. */
const commitsPerLook = 32;

/** What a pass came to, in pages (https://sqlite.org/pragma.html#pragma_wal_checkpoint). */
interface Pass {
  readonly log: number;
  readonly checkpointed: number;
}

const nothing: Pass = { log: 0, checkpointed: 0 };

/** Keeps the write-ahead log short, without those who read and write waiting for it. */
export interface Checkpoints {
  /** To be awaited between two commits. Never rejects: a log that stays long is no reason to refuse a write. */
  keepShort(): Promise<void>;
  close(): Promise<void>;
}

export interface CheckpointParts {
  readonly file: string;
  readonly writing: Connection;
  readonly observe: Observe;
  readonly most?: number;
}

/**
 * A pass in a thread of its own takes most of the log while writes go on; the next one, while they wait for a few milliseconds, takes what
 * came meanwhile, so that the log can begin anew. A connection that reads for long keeps it from that: then it is tried again when as much
 * has been added. The thread is started with the first pass: a server where little is written has none.
 */
export function createCheckpoints({ file, writing, observe, most = longestLog }: CheckpointParts): Checkpoints {
  let worker: Worker | undefined;
  let beside: Promise<unknown> | undefined;
  let isDue = false;
  let commits = 0;
  let limit = most;

  function onThread(thread: Worker): Promise<Pass> {
    return new Promise<Pass>((resolve, reject) => {
      const ended = () => reject(new Error('The thread has ended.'));
      thread.once('error', reject).once('exit', ended);
      thread.once('message', (reply: Pass | { readonly error: string }) => {
        thread.off('error', reject).off('exit', ended);
        if ('error' in reply) reject(new Error(reply.error));
        else resolve(reply);
      });
      thread.postMessage('pass');
    });
  }

  const look = (mode: 'PASSIVE' | 'NOOP'): Pass => {
    try {
      return writing.get<Pass>(sql(`PRAGMA wal_checkpoint(${mode})`)) ?? nothing;
    } catch {
      // The log stays as it is, e.g. while the disk is full. What is in it is not lost, and the next look tries again.
      return nothing;
    }
  };

  /** Where there can be no thread, everybody waits. */
  function onOurOwn(error: unknown): Pass {
    observe({ kind: 'warning', message: 'The log of the database was not moved by its thread.', error });
    void worker?.terminate();
    worker = undefined;
    return look('PASSIVE');
  }

  /** Never rejects. */
  async function pass(): Promise<Pass> {
    try {
      worker ??= new Worker(new URL('./checkpoint-worker.js', import.meta.url), { workerData: { file } });
      worker.ref();
      return await onThread(worker);
    } catch (error) {
      return onOurOwn(error);
    } finally {
      worker?.unref();
    }
  }

  return {
    async keepShort() {
      if (beside) return;
      if (isDue) {
        isDue = false;
        const { log, checkpointed } = await pass();
        limit = most + (log === checkpointed ? 0 : log);
        return;
      }
      commits += 1;
      if (commits % commitsPerLook !== 0 || look('NOOP').log < limit) return;
      beside = pass().finally(() => {
        beside = undefined;
        isDue = true;
      });
    },
    async close() {
      await beside;
      await worker?.terminate();
    },
  };
}
