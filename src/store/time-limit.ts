import { faults } from './faults.ts';

/** How long one `write` may hold up all others. It awaits nothing but the store, so in practice it takes milliseconds. */
export const writeLimitSeconds = 10;

/** Rejects with `store.tooLong` when the work has not settled in time; the work itself cannot be stopped, only ignored. */
export async function withinLimit<T>(work: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(faults.tooLong({ seconds })), seconds * 1000);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
