import { isFault } from '../kernel/index.ts';
import { faults } from './faults.ts';

const tries = 10;

/**
 * What the first attempt comes to that nobody else has disturbed. Each reads anew what it rests on and writes only if that still holds:
 * `store.stale` means one more. Throws `identity.busy` when what is written to does not hold still.
 */
export async function undisturbed<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 0; count < tries; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isFault(error, 'store.stale')) throw error;
    }
  }
  throw faults.busy();
}
