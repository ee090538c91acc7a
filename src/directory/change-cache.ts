import { createLru } from '../kernel/index.ts';
import { type EntityType, fold, isA, typeByName } from '../model/index.ts';
import type { Change } from '../store/index.ts';
import type { Directory } from './directory.ts';

/** What was worked out from entities, kept until one of them changes. */
export interface ChangeCache<V> {
  /** By a key compared without regard to case. Callers at the same moment share one load; what it throws is thrown to all. */
  get(key: string): Promise<V | undefined>;
  /** Stops listening and forgets everything; for a cache that ends before its directory does. */
  close(): void;
}

export interface ChangeCacheOptions<V> {
  /** A change of an entity of one of these types (or derived from one), or contained in one, makes the cache forget. */
  readonly types: readonly EntityType[];
  /**
   * Whether a change concerns a value: one that it does not concern stays. Asked for every value kept, so it only compares. Must
   * also know the changes by which another value would be found for the key. Absent: every change concerns every value.
   */
  readonly concerns?: (change: Change, value: V, key: string) => boolean;
  /** Reads the value. `undefined` and failures are not kept, so that asking for what does not exist fills nothing. */
  readonly load: (key: string) => Promise<V | undefined>;
  /** Values kept at most; one more forgets the one used longest ago. */
  readonly capacity: number;
}

/** More notices during one load are taken to concern what it loads. */
const mostMissed = 1000;

/**
 * The id, folded, of the entity of a type or derived from it that a change is of: the entity that changed, or else the topmost
 * one around it. Undefined: none of that type.
 */
export function changedId({ type, key, root }: Change, of: EntityType): string | undefined {
  const found = [{ type, key }, ...(root ? [root] : [])].find((one) => {
    const known = typeByName(one.type);
    return known && isA(known, of);
  });
  return found && fold(found.key);
}

/**
 * A value whose load was under way when a notice of change arrived may be old already: it serves those who asked before the
 * notice and is kept only if no such notice concerns it; whoever asks after the notice causes a new load.
 */
export function createChangeCache<V>(
  directory: Pick<Directory, 'onChange'>,
  { types, concerns = () => true, load, capacity }: ChangeCacheOptions<V>,
): ChangeCache<V> {
  const kept = createLru<V>(capacity);
  /** Every load under way, with what it misses. */
  const underWay = new Set<Change[]>();
  /** Loads that have missed nothing: who asks now may share them. */
  let current = new Map<string, Promise<V | undefined>>();

  function hear(change: Change): void {
    kept.prune((value, key) => concerns(change, value, key));
    for (const missed of underWay) if (missed.length <= mostMissed) missed.push(change);
    current = new Map();
  }

  async function fill(name: string, key: string): Promise<V | undefined> {
    const missed: Change[] = [];
    underWay.add(missed);
    try {
      const value = await load(name);
      const stands =
        missed.length <= mostMissed && !missed.some((change) => value === undefined || concerns(change, value, key));
      if (value !== undefined && stands) kept.set(key, value);
      return value;
    } finally {
      underWay.delete(missed);
    }
  }

  const stops = types.map((type) => directory.onChange(type, hear));
  return {
    async get(name) {
      const key = fold(name);
      const known = kept.get(key);
      if (known !== undefined) return known;
      const loads = current;
      const begun = loads.get(key) ?? fill(name, key).finally(() => loads.delete(key));
      loads.set(key, begun);
      return begun;
    },
    close() {
      for (const stop of stops) stop();
      kept.clear();
      for (const missed of underWay) missed.length = mostMissed + 1;
      current = new Map();
    },
  };
}
