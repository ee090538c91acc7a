/** A map that forgets what was used longest ago. */
export interface Lru<V> {
  readonly size: number;
  /** Counts as a use. */
  get(key: string): V | undefined;
  /** The value that had to make room, if one had to; a value replaced under its own key is not told. */
  set(key: string, value: V): V | undefined;
  delete(key: string): void;
  /** Deletes what the test says yes to. */
  prune(gone: (value: V, key: string) => boolean): void;
  clear(): void;
}

/** Keeps at most `capacity` values, at least one. */
export function createLru<V>(capacity: number): Lru<V> {
  const kept = new Map<string, V>();
  return {
    get size() {
      return kept.size;
    },
    get(key) {
      const value = kept.get(key);
      if (value === undefined) return undefined;
      kept.delete(key);
      kept.set(key, value);
      return value;
    },
    set(key, value) {
      kept.delete(key);
      kept.set(key, value);
      const [oldest] = kept;
      if (kept.size <= capacity || !oldest) return undefined;
      kept.delete(oldest[0]);
      return oldest[1];
    },
    delete(key) {
      kept.delete(key);
    },
    prune(gone) {
      for (const [key, value] of kept) if (gone(value, key)) kept.delete(key);
    },
    clear() {
      kept.clear();
    },
  };
}
