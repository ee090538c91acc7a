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

interface Entry<V> {
  readonly key: string;
  value: V;
  /** Beside it in the order of their last use. */
  older: Entry<V> | undefined;
  newer: Entry<V> | undefined;
}

/** What is used stays where it is and is linked anew: to take a long key out of a map and put it back reads all of it twice more. */
function createOrder<V>() {
  let oldest: Entry<V> | undefined;
  let newest: Entry<V> | undefined;

  function append(entry: Entry<V>): void {
    entry.older = newest;
    entry.newer = undefined;
    if (newest) newest.newer = entry;
    else oldest = entry;
    newest = entry;
  }

  function remove({ older, newer }: Entry<V>): void {
    if (older) older.newer = newer;
    else oldest = newer;
    if (newer) newer.older = older;
    else newest = older;
  }

  return {
    append,
    remove,
    use(entry: Entry<V>): void {
      if (entry === newest) return;
      remove(entry);
      append(entry);
    },
    oldest: () => oldest,
    clear() {
      oldest = undefined;
      newest = undefined;
    },
  };
}

/** Keeps at most `capacity` values, at least one. */
export function createLru<V>(capacity: number): Lru<V> {
  const kept = new Map<string, Entry<V>>();
  const order = createOrder<V>();

  function forget(entry: Entry<V>): void {
    kept.delete(entry.key);
    order.remove(entry);
  }

  function add(key: string, value: V): void {
    const entry: Entry<V> = { key, value, older: undefined, newer: undefined };
    kept.set(key, entry);
    order.append(entry);
  }

  return {
    get size() {
      return kept.size;
    },
    get(key) {
      const entry = kept.get(key);
      if (entry) order.use(entry);
      return entry?.value;
    },
    set(key, value) {
      const known = kept.get(key);
      if (known) {
        known.value = value;
        order.use(known);
        return undefined;
      }
      add(key, value);
      const oldest = order.oldest();
      if (kept.size <= Math.max(1, capacity) || !oldest) return undefined;
      forget(oldest);
      return oldest.value;
    },
    delete(key) {
      const entry = kept.get(key);
      if (entry) forget(entry);
    },
    prune(gone) {
      for (const entry of kept.values()) if (gone(entry.value, entry.key)) forget(entry);
    },
    clear() {
      kept.clear();
      order.clear();
    },
  };
}
