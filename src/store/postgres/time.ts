import type { Clock } from '../../kernel/index.ts';
import { sql } from '../sql/fragment.ts';
import type { Pools } from './pools.ts';

/** How often the database is asked; clocks of processors drift apart by less than a millisecond in that time. */
const askMilliseconds = 10_000;

const question = sql('SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now');

/** Asks the database what time it is, and tells the clock; half of the way there and back has gone by since the answer was given. */
async function askTime(pools: Pools, clock: Clock): Promise<void> {
  await pools.with('reader', async (session) => {
    const began = performance.now();
    const [found] = await session.all<{ now: number }>(question);
    if (found) clock.agree?.(found.now + (performance.now() - began) / 2);
  });
}

/**
 * Keeps a clock that takes others' word for it at the time of the database, so that all processes on it have the same, until `signal` aborts.
 * Resolves when it has been told for the first time. While the database is away the clock goes on by itself.
 */
export async function keepTime(pools: Pools, clock: Clock, signal: AbortSignal): Promise<void> {
  if (!clock.agree) return;
  await askTime(pools, clock);
  const timer = setInterval(() => void askTime(pools, clock).catch(() => undefined), askMilliseconds).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
