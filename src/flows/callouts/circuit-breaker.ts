import { type Clock, createLru, type EpochSeconds } from '../../kernel/index.ts';

/** Keeps people from waiting for a server that does not answer anybody. One for each process. */
export interface CircuitBreaker {
  /** False: it failed so often that nobody is sent there now. After a rest one is sent to try it. */
  admits(key: string): boolean;
  /** What the one who was sent there says. */
  told(key: string, isAlive: boolean): void;
}

/** Failures one after another before a server is given a rest, and how long it lasts. */
export const restRules = { failures: 5, seconds: 30 } as const;

/** Servers that fail at the same time; more are asked again and again. */
const mostServers = 1_000;

interface Record {
  readonly failures: number;
  readonly restsUntil: EpochSeconds;
}

export function createCircuitBreaker(clock: Pick<Clock, 'now'>): CircuitBreaker {
  const failing = createLru<Record>(mostServers);
  return {
    admits(key) {
      const known = failing.get(key);
      if (!known || known.failures < restRules.failures) return true;
      if (clock.now() < known.restsUntil) return false;
      // Whoever asks while the trial is under way waits for the next one.
      failing.set(key, { ...known, restsUntil: clock.now() + restRules.seconds });
      return true;
    },
    told(key, isAlive) {
      if (isAlive) return failing.delete(key);
      const failures = (failing.get(key)?.failures ?? 0) + 1;
      failing.set(key, { failures, restsUntil: clock.now() + restRules.seconds });
    },
  };
}
