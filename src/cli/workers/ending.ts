import type { Worker } from 'node:cluster';
import { setTimeout as wait } from 'node:timers/promises';

const ended = (worker: Worker): Promise<unknown> =>
  worker.isDead() ? Promise.resolve() : new Promise((resolve) => worker.once('exit', resolve));

/** Lets workers end; after `patience` milliseconds they are ended, and then it resolves to false. */
export async function endAll(workers: readonly Worker[], signal: NodeJS.Signals, patience: number): Promise<boolean> {
  const gone = Promise.all(workers.map(ended));
  for (const worker of workers) worker.process.kill(signal);
  const inTime = new AbortController();
  const late = wait(patience, false, { signal: inTime.signal }).catch(() => true);
  const all = await Promise.race([gone.then(() => true), late]);
  inTime.abort();
  if (!all) for (const worker of workers) worker.process.kill('SIGKILL');
  await gone;
  return all;
}
