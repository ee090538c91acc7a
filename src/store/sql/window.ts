import type { Filter, Query } from '../../model/index.ts';
import { filterSql } from './filter.ts';
import { allOf, type FindStatements, queryParts } from './find.ts';
import { type Fragment, quoted, sql } from './fragment.ts';
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
  const { family, place, behind, selected, positions, order, cursorAt } = queryParts(view, query);
  const scope = { ...view, family };
  const where = allOf([...place, ...along.map((term) => filterSql(term, scope)), ...behind]);
  const from = `FROM ${quoted(tableOf(family))} AS r WHERE ${where.sql} ORDER BY ${order.sql}`;
  const given = [...selected.values, ...where.values, ...order.values];
  const window = `(SELECT r.*, ${selected.sql} ${from} LIMIT ?) AS r`;
  const test = allOf(
    tests.length > 0 ? tests.map((term) => filterSql(term, { ...scope, oneByOne: true })) : [sql('TRUE')],
  );
  // Where rows keep the order of the window, sorting them again would only mean to read them all.
  const again = view.dialect.reorders ? sql(` ORDER BY ${order.sql}`, ...order.values) : sql('');
  return {
    page: sql(
      `SELECT ${entityColumns}, ${positions.map((name) => `r.${name}`).join(', ')} FROM ${window} WHERE ${test.sql}${again.sql} LIMIT ?`,
      ...[...given, size, ...test.values, ...again.values, query.limit + 1],
    ),
    count: sql(`SELECT count(*) AS count FROM ${window} WHERE ${test.sql}`, ...given, size, ...test.values),
    end: sql(`SELECT ${selected.sql} ${from} LIMIT 1 OFFSET ?`, ...given, size - 1),
    cursorAt,
  };
}
