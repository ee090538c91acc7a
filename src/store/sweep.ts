import { setImmediate } from 'node:timers/promises';
import type { Database } from './store.ts';

/** Records one `Database.sweep` removes at most; a longer one would keep the writes behind it waiting. */
export const mostSweptAtOnce = 500;

/**
 * Removes everything that has expired, batch by batch, with room for other work between two of them; stops early when
 * `signal` aborts. Resolves to how many records are gone. Throws the faults of `Database.sweep`.
 */
export async function sweepAll(database: Pick<Database, 'sweep'>, signal: AbortSignal): Promise<number> {
  let swept = 0;
  while (!signal.aborted) {
    const batch = await database.sweep();
    swept += batch;
    if (batch < mostSweptAtOnce) break;
    await setImmediate();
  }
  return swept;
}
