import type { Filter, Path } from '../../model/index.ts';
import type { HotProperty } from '../catalogue.ts';
import type { Fragment } from './fragment.ts';

export type ColumnKind = HotProperty['kind'];

/** An expression of one kind: folded text, a number, or 0 and 1 for a boolean; NULL where there is no such value. */
export interface Operand extends Fragment {
  readonly kind: ColumnKind;
}

export type Pair = readonly [one: string, other: string];

/** A place in an entity that a filter can ask about. */
export interface Field {
  /** The value there as one of this kind; undefined when the place never holds one. */
  as(kind: ColumnKind): Operand | undefined;
  /** True for null and for nothing; itself never NULL. */
  readonly missing: Fragment;
}

/** An expression that a result is ordered by: what the statement selects, and how its other clauses name that. */
export interface SortExpression {
  /** The kind of value it gives, anything else being NULL; `any` gives all in their order. */
  readonly kind: ColumnKind | 'any';
  readonly selected: Fragment;
  readonly named: Fragment;
  /** Not to be compared as one with another column: no index is entered so. */
  readonly alone?: true;
}

/**
 * Where SQL engines differ. Everything else is the one vocabulary of this folder: `?` for values, `TRUE` and `FALSE`,
 * `NULLS FIRST`, `ON CONFLICT`.
 */
export interface Dialect {
  /** Whether the operand, not NULL, is one of the values, which are handed over as one. */
  among(operand: Operand, values: readonly (string | number)[]): Fragment;
  /** Pairs of texts as a table, with names for it and its two columns; they are handed over as one or two values. */
  pairs(named: readonly [table: string, one: string, other: string], pairs: readonly Pair[]): Fragment;
  /** Whether folded text, not NULL, contains or ends with a part that is not empty. */
  contains(text: Fragment, part: string): Fragment;
  endsWith(text: Fragment, part: string): Fragment;
  /** Tells the planner that few rows fulfil the condition. */
  rarely(condition: Fragment): Fragment;
  /** Follows the family table when at most one row can match and is best found by its number. */
  readonly byRow: string;
  /** No index is entered by a row value of which the number of a row is a part, though each of its parts would do. */
  readonly seeksRowAlone?: true;
  /** The rows of an inner query may come in another order. */
  readonly reorders?: true;
  /**
   * The filter as the reference evaluator answers it for the entity in family table `r`. Absent: SQL lets through what it does not reach,
   * and who reads the rows asks the evaluator.
   */
  readonly evaluated?: (filter: Filter) => Fragment;
  /** What orders by a path without a column; `alias` is its name in the result. Absent: who reads the rows sorts them. */
  readonly sortBy?: (path: Path, alias: string) => SortExpression;
}
