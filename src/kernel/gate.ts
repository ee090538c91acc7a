/** A bounded number of places, shared so that nobody can have them all. */
export interface Gate {
  /** Takes a place; the function gives it back, once. Undefined: there is none for this key now. */
  enter(key: string): (() => void) | undefined;
}

/**
 * A key gets another place while it has fewer than are free: one alone gets half of them, each of two a third, each of nine a tenth. So
 * however many there are that take what they can get, a place is left for the next one who has none yet (dynamic thresholds, Choudhury
 * and Hahne 1998). What is kept is bounded by the places.
 */
export function createGate(places: number): Gate {
  const held = new Map<string, number>();
  let free = places;

  function leave(key: string): void {
    free += 1;
    const left = (held.get(key) ?? 0) - 1;
    if (left > 0) held.set(key, left);
    else held.delete(key);
  }

  return {
    enter(key) {
      const has = held.get(key) ?? 0;
      if (has >= free) return undefined;
      free -= 1;
      held.set(key, has + 1);
      let isIn = true;
      return () => {
        if (isIn) leave(key);
        isIn = false;
      };
    },
  };
}
