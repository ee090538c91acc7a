import type { Vitals } from './page.ts';

export interface OwnVitals extends Vitals {
  /** From now on this process is told as one that stops. */
  drain(): void;
}

/** `ask` rejects when the database does not answer. However many look at once, it is asked one question at a time. */
export function createVitals(ask: () => Promise<unknown>): OwnVitals {
  let draining = false;
  let asked: Promise<unknown> | undefined;
  return {
    draining: () => draining,
    askDatabase() {
      asked ??= ask().finally(() => {
        asked = undefined;
      });
      return asked;
    },
    drain() {
      draining = true;
    },
  };
}
