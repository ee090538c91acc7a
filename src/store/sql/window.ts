import type { Filter, Query } from '../../model/index.ts';
import { filterSql } from './filter.ts';
import { allOf, type FindStatements, queryParts } from './find.ts';
import { always, type Fragment, limited, quoted, sql } from './fragment.ts';
import { entityColumns, tableOf } from './layout.ts';
import type { View } from './view.ts';

export interface WindowStatements extends FindStatements {
  /** Where the window ends; no row when it is the last one. */
  readonly end: Fragment;
}

/** Conditions that one stretch of an index fulfils, and those of which each of its rows is asked. */
export interface Conditions {
  readonly along: readonly Filter[];
  readonly tests: readonly Filter[];
}

/**
 * The next `size` rows in the order of a query, and those of them that match. The inner query takes the rows from an index; what
 * is asked of its result cannot lead the planner to another one. Throws `store.badCursor`, `store.undeclared`.
 */
export function windowStatements(
  view: View,
  query: Query,
  { along, tests }: Conditions,
  size: number,
): WindowStatements {
  const { family, place, positions, again, inOrder, cursorAt } = queryParts(view, query);
  const scope = { ...view, family };
  const where = allOf([...place, ...along.map((term) => filterSql(term, scope))]);
  const from = `${quoted(tableOf(family))} AS r`;
  const window = inOrder('r.*', from, where, size);
  const asked = tests.map((term) => filterSql(term, { ...scope, oneByOne: true }));
  const test = asked.length > 0 ? allOf(asked) : always;
  const found = sql(`FROM (${window.sql}) AS r WHERE ${test.sql}`, ...window.values, ...test.values);
  const ends = inOrder('r.row', from, where, size);
  return {
    // Where rows keep the order of the window, sorting them again would only mean to read them all.
    page: sql(
      `SELECT ${entityColumns}, ${positions.map((name) => `r.${name}`).join(', ')} ${found.sql}${again.sql} ${limited}`,
      ...[...found.values, ...again.values, query.limit + 1],
    ),
    count: sql(`SELECT count(*) AS count ${found.sql}`, ...found.values),
    end: sql(
      `SELECT ${positions.join(', ')} FROM (${ends.sql}) AS r${again.sql} LIMIT 1 OFFSET ?`,
      ...[...ends.values, ...again.values, size - 1],
    ),
    cursorAt,
  };
}
