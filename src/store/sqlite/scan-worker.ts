// The thread that reads what takes long: answers each statement, in order, with one `ScanReply`, and `undefined` by ending.
import { constants, getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { Fragment } from '../sql/fragment.ts';
import { Connection } from './connection.ts';

/** Errors keep no code on their way between threads. */
export type ScanReply =
  | { readonly rows: readonly unknown[] }
  | { readonly error: { readonly message: string; readonly code: unknown } };

// Who asked for much waits anyway; who asked for little is not to wait for it. As in `identity/hash-worker.js`.
if (process.platform === 'linux') {
  try {
    setPriority(Math.min(constants.priority.PRIORITY_LOW, getPriority() + constants.priority.PRIORITY_BELOW_NORMAL));
  } catch {}
}

const connection = new Connection(String(workerData.file), 'scanner');

function replyTo(statement: Fragment): ScanReply {
  try {
    return { rows: connection.all(statement) };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown';
    return { error: { message, code: error instanceof Error && 'code' in error ? error.code : undefined } };
  }
}

parentPort?.on('message', (statement: Fragment | undefined) => {
  if (statement) return parentPort?.postMessage(replyTo(statement));
  connection.close();
  parentPort?.close();
});
