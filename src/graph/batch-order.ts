import { fold } from '../model/index.ts';

interface Ordered {
  readonly id: string;
  /** Folded ids; they name others of the list and make no circle. */
  readonly dependsOn: readonly string[];
}

/**
 * Runs each item when everything it depends on is done, at most `atOnce` at a time, and gives the results in the order of the items.
 * `run` is told the id of the first dependency whose result `failed`; it must not throw.
 */
export function runInOrder<I extends Ordered, R>(
  items: readonly I[],
  atOnce: number,
  failed: (result: R) => boolean,
  run: (item: I, failedDependency: string | undefined) => Promise<R>,
): Promise<readonly R[]> {
  const byId = new Map(items.map((item) => [fold(item.id), item]));
  const started = new Map<string, Promise<R>>();
  const gate = createGate(atOnce);

  function resultOf(item: I): Promise<R> {
    const id = fold(item.id);
    const begun = started.get(id) ?? begin(item);
    started.set(id, begun);
    return begun;
  }

  async function begin(item: I): Promise<R> {
    const needed = item.dependsOn.flatMap((id) => byId.get(id) ?? []);
    const results = await Promise.all(needed.map(resultOf));
    const missing = needed.find((_, at) => {
      const result = results[at];
      return result !== undefined && failed(result);
    });
    // Waiting for others takes no place, so that there is always one that can go on.
    return gate(() => run(item, missing?.id));
  }

  return Promise.all(items.map(resultOf));
}

/** Lets `places` calls run at once; the others wait in line. */
function createGate(places: number): <T>(run: () => Promise<T>) => Promise<T> {
  const line: (() => void)[] = [];
  let free = places;
  return async (run) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((enter) => line.push(enter));
    try {
      return await run();
    } finally {
      const next = line.shift();
      if (next) next();
      else free += 1;
    }
  };
}
