/** What goes on in the background of one process. */
export interface Tasks {
  /** Runs it when there is room: so many at once, first come, first served. */
  run<T>(work: () => T | Promise<T>): Promise<T>;
  /** `idle` waits for it. It must not reject. */
  watch(task: Promise<void>): void;
  /** Resolves when nothing that is watched goes on any more. */
  idle(): Promise<void>;
}

export function createTasks(most: number): Tasks {
  let taken = 0;
  const waiting: (() => void)[] = [];
  const watched = new Set<Promise<void>>();

  return {
    async run(work) {
      if (taken < most) taken += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        // Whoever is next has the place of this one.
        const next = waiting.shift();
        if (next) next();
        else taken -= 1;
      }
    },
    watch(task) {
      watched.add(task);
      void task.finally(() => watched.delete(task));
    },
    async idle() {
      while (watched.size > 0) await Promise.all(watched);
    },
  };
}
