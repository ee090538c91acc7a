// The thread in which passwords are hashed: answers each message, a `HashJob`, with one `WorkerReply`, in order. JavaScript,
// because in a checkout Node would load its TypeScript stripper into every thread: 10 MB each, and 0.1 s at the first sign-in.
import { constants, getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';

// The library's defaults are argon2id, version 0x13, 16 bytes of salt and 32 of hash; its enums cannot be named here,
// since they exist only as types.
function run(job) {
  if (job.kind === 'verify') return verifySync(job.phc, job.password);
  const { memoryKib, passes, lanes } = job.parameters;
  return hashSync(job.password, { memoryCost: memoryKib, timeCost: passes, parallelism: lanes });
}

// A hash takes milliseconds, the answers of the event loop and of the disk a part of one: they go first where all cores are busy. On Linux a
// priority is a thread's own (sched(7)), elsewhere the whole process's. Where a sandbox forbids it, hashes are as good, and others wait longer.
if (process.platform === 'linux') {
  try {
    setPriority(Math.min(constants.priority.PRIORITY_LOW, getPriority() + constants.priority.PRIORITY_BELOW_NORMAL));
  } catch {}
}

parentPort?.on('message', (job) => {
  let reply;
  try {
    reply = { value: run(job) };
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : 'unknown' };
  }
  parentPort?.postMessage(reply);
});
