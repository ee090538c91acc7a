import type { Comparable } from '../comparable.ts';
import { faults } from '../faults.ts';
import type { SortExpression } from './dialect.ts';
import { type Fragment, joined, list, never, sql, type Value } from './fragment.ts';

/** What a result is ordered by; null comes first, and last when descending. */
export interface SortColumn extends SortExpression {
  readonly nullable: boolean;
  readonly descending: boolean;
}

/** The order as a clause; `name` is what the clause calls a column. */
export function ordering(
  columns: readonly SortColumn[],
  name: (column: SortColumn, index: number) => Fragment,
): Fragment {
  return list(
    columns.map((column, index) => {
      const nulls = column.nullable ? (column.descending ? ' NULLS LAST' : ' NULLS FIRST') : '';
      const { sql: text, values } = name(column, index);
      return sql(`${text}${column.descending ? ' DESC' : ''}${nulls}`, ...values);
    }),
  );
}

/**
 * The rows behind a position, as conditions of stretches that follow each other: each of them is one stretch of an index, which is
 * entered where the page begins. Throws `store.badCursor` for a position that the columns cannot hold.
 */
export function stretchesBehind(columns: readonly SortColumn[], position: readonly Comparable[]): readonly Fragment[] {
  const [first] = columns;
  const [start = null] = position;
  if (!first || !columns.every(({ kind }, index) => fits(kind, position[index] ?? null))) throw faults.badCursor();
  const { sql: c, values } = first.named;
  const [isNull, isNot] = [sql(`${c} IS NULL`, ...values), sql(`${c} IS NOT NULL`, ...values)];
  if (start === null) {
    const here = joined([isNull, behind(columns, position, 1)], ' AND ');
    return first.descending ? [here] : [here, isNot];
  }
  const nulls = first.nullable && first.descending ? [isNull] : [];
  if (columns.length === 2 && columns[1]?.alone) {
    return [joined([sameAs(first, start), behind(columns, position, 1)], ' AND '), past(first, start), ...nulls];
  }
  const beyond = rowBehind(columns, position) ?? joined([seek(first, start), behind(columns, position, 0)], ' AND ');
  return [beyond, ...nulls];
}

function fits(kind: SortExpression['kind'], value: Comparable): boolean {
  if (kind === 'any' || value === null) return true;
  return kind === 'text' ? typeof value === 'string' : typeof value === 'number';
}

/** All columns compared as one; undefined where they run in different directions, or one behind the first may be null. */
function rowBehind(columns: readonly SortColumn[], position: readonly Comparable[]): Fragment | undefined {
  const alike = columns.every(
    ({ descending, nullable }, index) => descending === columns[0]?.descending && (index === 0 || !nullable),
  );
  if (!alike || position.includes(null)) return undefined;
  const named = list(columns.map((column) => column.named));
  const places = list(position.map((value) => sql('?', value)));
  const sign = columns[0]?.descending ? '<' : '>';
  return sql(`(${named.sql}) ${sign} (${places.sql})`, ...named.values, ...places.values);
}

/** A plain bound, which lets the engine begin there. */
const seek = ({ named: { sql: c, values }, descending }: SortColumn, start: string | number): Fragment =>
  sql(`${c} ${descending ? '<=' : '>='} ?`, ...values, start);

function behind(columns: readonly SortColumn[], position: readonly Value[], index: number): Fragment {
  const column = columns[index];
  const value = position[index] ?? null;
  if (!column) return never;
  const beyond = beyondValue(column, value);
  if (index + 1 === columns.length) return beyond;
  const rest = behind(columns, position, index + 1);
  return joined([beyond, joined([sameAs(column, value), rest], ' AND ')], ' OR ');
}

const sameAs = ({ named: { sql: c, values } }: SortColumn, value: Value): Fragment =>
  value === null ? sql(`${c} IS NULL`, ...values) : sql(`${c} = ?`, ...values, value);

function beyondValue(column: SortColumn, value: Value): Fragment {
  const { sql: c, values } = column.named;
  if (value === null) return column.descending ? never : sql(`${c} IS NOT NULL`, ...values);
  const other = past(column, value);
  return column.nullable && column.descending ? joined([other, sql(`${c} IS NULL`, ...values)], ' OR ') : other;
}

const past = ({ named: { sql: c, values }, descending }: SortColumn, value: string | number): Fragment =>
  sql(`${c} ${descending ? '<' : '>'} ?`, ...values, value);
