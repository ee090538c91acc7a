import type { Dialect } from '../sql/dialect.ts';
import { sql } from '../sql/fragment.ts';

/** A list as PostgreSQL writes an array, so that it travels as one value. */
export const arrayText = (values: readonly (string | number)[]): string =>
  `{${values.map((value) => `"${String(value).replace(/["\\]/g, '\\$&')}"`).join(',')}}`;

/** The common SQL of PostgreSQL and what speaks like it; it never looks into the JSON of an entity. */
export const postgresDialect: Dialect = {
  among: (operand, values) => sql(`${operand.sql} = ANY (?)`, ...operand.values, arrayText(values)),
  pairs: ([table, one, other], pairs) =>
    sql(
      `unnest(?::text[], ?::text[]) AS ${table} (${one}, ${other})`,
      ...[arrayText(pairs.map(([first]) => first)), arrayText(pairs.map(([, second]) => second))],
    ),
  contains: (text, part) => sql(`strpos(${text.sql}, ?) > 0`, ...text.values, part),
  endsWith: (text, part) => sql(`right(${text.sql}, length(?::text)) = ?`, ...text.values, part, part),
  rarely: (condition) => condition,
  byRow: '',
  reorders: true,
};
