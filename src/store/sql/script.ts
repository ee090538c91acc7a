import type { Fragment } from './fragment.ts';

/**
 * What a script wants: the rows of a statement, how many rows it changed, the definition of a table, column or index, or the
 * next number of the database's one sequence.
 */
export type Ask =
  | {
      readonly wanted: 'rows' | 'count';
      readonly statement: Fragment;
      /** Many rows may have to be looked at, where an engine that answers at once had better not. */
      readonly wide?: boolean;
    }
  | { readonly wanted: 'definition'; readonly text: string }
  | { readonly wanted: 'number' };

/**
 * Work that puts statements to a database one after another, each of which may depend on what the ones before gave. It is
 * written once: an engine that answers at once plays it at once, another one awaits each answer.
 */
export type Script<T> = Generator<Ask, T, unknown>;

/** The row type is the caller's claim about its own SQL; `wide`: see `Ask`. */
export function* all<R>(statement: Fragment, wide = false): Script<readonly R[]> {
  return (yield { statement, wanted: 'rows', wide }) as readonly R[];
}

export function* first<R>(statement: Fragment, wide = false): Script<R | undefined> {
  const [row] = yield* all<R>(statement, wide);
  return row;
}

/** Gives the number of rows changed. */
export function* run(statement: Fragment): Script<number> {
  return (yield { statement, wanted: 'count' }) as number;
}

/** A number greater than all before: for changes, etags, and the order of creation and of linking. */
export function* nextNumber(): Script<number> {
  return (yield { wanted: 'number' }) as number;
}

/** Text without values that changes the schema; not kept as a prepared statement. */
export function* define(text: string): Script<void> {
  yield { wanted: 'definition', text };
}
