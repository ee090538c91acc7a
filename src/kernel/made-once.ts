/**
 * What is made of an object, made once where nobody can change that object any more (`settled`), else each time: the caller
 * need not know where objects come from. What was made lives as long as the object.
 */
export function madeOnce<K extends object, V>(make: (from: K) => V): (from: K) => V {
  const made = new WeakMap<K, V>();
  return (from) => {
    if (!Object.isFrozen(from)) return make(from);
    const known = made.get(from);
    if (known !== undefined) return known;
    const value = make(from);
    made.set(from, value);
    return value;
  };
}

/** The same object, which nobody can change any more, nor anything in it: for what is kept and handed to many. */
export function settled<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) settled(inner);
  return Object.freeze(value);
}
