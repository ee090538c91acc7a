/** The thread in which passwords are hashed: answers each message with one reply, in order. */
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import type { WorkerReply } from './worker-pool.ts';

/** Argon2 parameters (RFC 9106 §3.1): memory in KiB, passes, lanes. */
export interface HashParameters {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** Passwords arrive in their normal form; see `hasher.ts`. */
export type HashJob =
  | { readonly kind: 'hash'; readonly password: string; readonly parameters: HashParameters }
  | { readonly kind: 'verify'; readonly phc: string; readonly password: string };

// The library's defaults are argon2id, version 0x13, 16 bytes of salt and 32 of hash; its enums cannot be named here,
// since they exist only as types.
function run(job: HashJob): string | boolean {
  if (job.kind === 'verify') return verifySync(job.phc, job.password);
  const { memoryKib, passes, lanes } = job.parameters;
  return hashSync(job.password, { memoryCost: memoryKib, timeCost: passes, parallelism: lanes });
}

parentPort?.on('message', (job: HashJob) => {
  let reply: WorkerReply;
  try {
    reply = { value: run(job) };
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : 'unknown' };
  }
  parentPort?.postMessage(reply);
});
