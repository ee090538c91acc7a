import { createLru } from '../kernel/index.ts';
import { type EntityType, fold } from '../model/index.ts';
import type { Directory } from './directory.ts';

/** What was worked out from entities, kept until one of them changes. */
export interface ChangeCache<V> {
  /** By a key compared without regard to case. Callers at the same moment share one load; what it throws is thrown to all. */
  get(key: string): Promise<V | undefined>;
  /** Stops listening and forgets everything; for a cache that ends before its directory does. */
  close(): void;
}

export interface ChangeCacheOptions<V> {
  /** A change of an entity of one of these types (or derived from one), or contained in one, empties the cache. */
  readonly types: readonly EntityType[];
  /** Reads the value. `undefined` and failures are not kept, so that asking for what does not exist fills nothing. */
  readonly load: (key: string) => Promise<V | undefined>;
  /** Values kept at most; one more forgets the one used longest ago. */
  readonly capacity: number;
}

/**
 * A value whose load was under way when a notice of change arrived may be old already: it serves those who asked before the
 * notice and is not kept; whoever asks after the notice causes a new load.
 */
export function createChangeCache<V>(
  directory: Pick<Directory, 'onChange'>,
  { types, load, capacity }: ChangeCacheOptions<V>,
): ChangeCache<V> {
  const kept = createLru<V>(capacity);
  /** Loads begun since the last change. Replaced, not emptied, by a change: so a load knows whether it is of these. */
  let current = new Map<string, Promise<V | undefined>>();

  function forget(): void {
    kept.clear();
    current = new Map();
  }

  async function fill(name: string, key: string, loads: ReadonlyMap<string, unknown>): Promise<V | undefined> {
    const value = await load(name);
    if (value !== undefined && loads === current) kept.set(key, value);
    return value;
  }

  const stops = types.map((type) => directory.onChange(type, forget));
  return {
    async get(name) {
      const key = fold(name);
      const known = kept.get(key);
      if (known !== undefined) return known;
      const loads = current;
      const begun = loads.get(key) ?? fill(name, key, loads).finally(() => loads.delete(key));
      loads.set(key, begun);
      return begun;
    },
    close() {
      for (const stop of stops) stop();
      forget();
    },
  };
}
