/** Runs one job after the other, and refuses those for which there is no room. */
export interface Turns {
  /** Throws what `refusal` makes when too many wait already, else as the job does. */
  take<T>(job: () => Promise<T>): Promise<T>;
}

/** `waiting`: jobs beside the one that runs. */
export function createTurns(waiting: number, refusal: () => Error): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let accepted = 0;
  return {
    async take(job) {
      if (accepted > waiting) throw refusal();
      accepted += 1;
      const turn = last.then(job);
      // The next one does not care how this one ends.
      last = turn.catch(() => undefined);
      try {
        return await turn;
      } finally {
        accepted -= 1;
      }
    },
  };
}
