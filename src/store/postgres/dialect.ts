import type { Filter } from '../../model/index.ts';
import type { Dialect } from '../sql/dialect.ts';
import { always, type Fragment, sql } from '../sql/fragment.ts';

/** A list as PostgreSQL writes an array, so that it travels as one value. */
export const arrayText = (values: readonly (string | number)[]): string =>
  `{${values.map((value) => `"${String(value).replace(/["\\]/g, '\\$&')}"`).join(',')}}`;

const shared = {
  among: (operand, values) => sql(`${operand.sql} = ANY (?)`, ...operand.values, arrayText(values)),
  contains: (text, part) => sql(`strpos(${text.sql}, ?) > 0`, ...text.values, part),
  endsWith: (text, part) => sql(`right(${text.sql}, length(?::text)) = ?`, ...text.values, part, part),
  rarely: (condition) => condition,
  byRow: '',
} as const satisfies Partial<Dialect>;

/**
 * The common SQL of PostgreSQL and what speaks like it; it never looks into the JSON of an entity. `missed` is told of every
 * filter that has no column, which then counts as true: the reader asks the reference evaluator afterwards.
 */
export const postgresDialect = (missed: (filter: Filter) => void): Dialect => ({
  ...shared,
  evaluated(filter): Fragment {
    missed(filter);
    return always;
  },
  // The reader orders by itself what SQL cannot.
  sortBy: () => [],
});
