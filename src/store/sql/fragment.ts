/** What a statement may be given; everything else is turned into one of these first. */
export type Value = string | number | null;

/** SQL text with `?` for every value; values never become text. */
export interface Fragment {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** `sql('… = ? …', value)`. */
export const sql = (text: string, ...values: readonly Value[]): Fragment => ({ sql: text, values });

const quotedBefore = new Map<string, string>();

/** Identifiers come from the model, never from a request, so there is an end to them; quoted all the same. */
export function quoted(identifier: string): string {
  const known = quotedBefore.get(identifier) ?? `"${identifier.replaceAll('"', '""')}"`;
  quotedBefore.set(identifier, known);
  return known;
}

/** The parts in a row; `with` between two of them. */
export const list = (parts: readonly Fragment[], between = ', '): Fragment =>
  sql(parts.map((part) => part.sql).join(between), ...parts.flatMap(({ values }) => values));

/** The parts as one condition in parentheses. */
export function joined(parts: readonly Fragment[], between: ' AND ' | ' OR '): Fragment {
  const { sql: text, values } = list(parts, between);
  return sql(`(${text})`, ...values);
}

/**
 * A `LIMIT` of which the number is a value. SQLite plans a statement anew whenever a value alone stands there and another statement's worth of values
 * is bound (`sqlite3ExprIsInteger` in its `expr.c`), which takes longer than a short statement runs; a sum it takes as it comes.
 */
export const limited = 'LIMIT ? + 0';

export const always: Fragment = sql('TRUE');
export const never: Fragment = sql('FALSE');
