/** A statement as the driver wants it. */
export interface Named {
  readonly name: string;
  readonly text: string;
}

/** A user can shape the text of a filter, so the cache has an end. */
const mostStatements = 400;

const known = new Map<string, Named>();
let count = 0;

/**
 * The statement with `$1`, `$2`, … for every `?`, under a name of its own, by which a server that has seen it need not parse
 * and plan it again. A name is never used for another text.
 */
export function named(sql: string): Named {
  const found = known.get(sql);
  if (found) return found;
  count += 1;
  let place = 0;
  // No text of ours holds a `?` that is not a value: names come from the model, and words of it hold letters only.
  const text = sql.replaceAll('?', () => `$${++place}`);
  const made = { name: `usher_${count}`, text };
  const [oldest] = known.keys();
  if (oldest !== undefined && known.size >= mostStatements) known.delete(oldest);
  known.set(sql, made);
  return made;
}
