import type { EpochSeconds } from '../kernel/index.ts';

const [minute, hour] = [60, 3600];

/** Seconds from one failed try to the next at most: eleven tries within 24 hours, most of them in the first. */
const delays: readonly number[] = [
  5,
  30,
  2 * minute,
  5 * minute,
  15 * minute,
  30 * minute,
  hour,
  3 * hour,
  7 * hour,
  12 * hour,
];

export const mostAttempts = delays.length + 1;

/**
 * When a delivery is tried again after so many tries; undefined: never. Up to a fifth earlier than the table says, so that receivers that
 * come back are not called by everything at once. `random`: 0 to 1.
 */
export function nextTry(attempts: number, now: EpochSeconds, random: number = Math.random()): EpochSeconds | undefined {
  const delay = delays[attempts - 1];
  return delay === undefined ? undefined : now + Math.max(1, Math.round(delay * (1 - 0.2 * random)));
}

/** Seconds that a receiver is left alone after so many failed calls in a row. */
export const restAfter = (failures: number): number => Math.min(minute, 2 ** (failures - 1));

/** Calls to one receiver at once: one that has not answered well yet, or not last time, gets one call at a time. */
export const mostAtOnce = 8;

/** A receiver that has taken nothing for so long is called no more, in seconds. */
export const patienceSeconds = 3 * 24 * hour;
