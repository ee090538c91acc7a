import type { Dialect } from '../sql/dialect.ts';
import { sql } from '../sql/fragment.ts';

/** Without this hint SQLite prefers to walk the index that gives the order, and tests every row. */
const rarely = 0.0001;

/** What has no column is asked of the functions that `Connection` registers. */
export const sqliteDialect: Dialect = {
  among: (operand, values) =>
    sql(`${operand.sql} IN (SELECT value FROM json_each(?))`, ...operand.values, JSON.stringify(values)),
  pairs: ([table, one, other], pairs) =>
    sql(`(SELECT value ->> 0 AS ${one}, value ->> 1 AS ${other} FROM json_each(?)) AS ${table}`, JSON.stringify(pairs)),
  contains: (text, part) => sql(`instr(${text.sql}, ?) > 0`, ...text.values, part),
  endsWith: (text, part) => sql(`substr(${text.sql}, -length(?)) = ?`, ...text.values, part, part),
  rarely: (condition) => sql(`likelihood(${condition.sql}, ${rarely})`, ...condition.values),
  // Left alone, SQLite walks the index that gives the order. Told to use none it still finds rows by their number.
  byRow: ' NOT INDEXED',
  seeksRowAlone: true,
  evaluated: (filter) => sql('usher_matches(r.body, r.id, ?)', JSON.stringify(filter)),
  sortBy: (path, alias) => ({
    kind: 'any',
    selected: sql('usher_key(r.body, ?)', JSON.stringify(path)),
    named: sql(alias),
  }),
};
