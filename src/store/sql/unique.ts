import type { Family } from '../catalogue.ts';
import { quoted, sql, type Value } from './fragment.ts';
import { columnOf, hotValue, tableOf, tuplesOf, tupleTableOf } from './layout.ts';
import { first, run, type Script } from './script.ts';
import type { View } from './view.ts';

type Values = Readonly<Record<string, unknown>>;

/** The property of which another row holds a value that these values claim too; `own` is the row they are of. */
export function* takenClaim(
  { tenantId }: View,
  family: Family,
  values: Values,
  own: number | undefined,
): Script<string | undefined> {
  for (const { property, table, columns, found } of claimsOf(family, values)) {
    const where = columns.map((column) => ` AND ${quoted(column)} = ?`).join('');
    const holder = yield* first<{ row: number }>(
      sql(`SELECT row FROM ${quoted(table)} WHERE tenant = ?${where}`, tenantId, ...found),
    );
    if (holder !== undefined && holder.row !== own) return property;
  }
  return undefined;
}

interface Claim {
  readonly property: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly found: readonly Value[];
}

/** What no other row may hold. */
function claimsOf(family: Family, values: Values): readonly Claim[] {
  const single = family.hot
    .filter(({ unique }) => unique)
    .map((property) => ({
      property: property.name,
      table: tableOf(family),
      columns: [columnOf(property)],
      found: [hotValue(values, property)],
    }));
  const tuples = family.tuples.flatMap((tuple) =>
    tuplesOf(values, tuple).map((found) => ({
      property: tuple.name,
      table: tupleTableOf(family, tuple),
      columns: tuple.members.map(columnOf),
      found,
    })),
  );
  return [...single, ...tuples].filter(({ found }) => !found.includes(null));
}

/** Replaces what the side tables hold about a row; gives what `addTuples` does. */
export function* replaceTuples(view: View, family: Family, values: Values, row: number): Script<string | undefined> {
  for (const tuple of family.tuples) {
    const table = quoted(tupleTableOf(family, tuple));
    yield* run(sql(`DELETE FROM ${table} WHERE tenant = ? AND row = ?`, view.tenantId, row));
  }
  return yield* addTuples(view, family, values, row);
}

/** Tells the side tables of a row. Gives the property of which another row holds a tuple; then some may be written. */
export function* addTuples(
  { tenantId }: View,
  family: Family,
  values: Values,
  row: number,
): Script<string | undefined> {
  for (const tuple of family.tuples) {
    const found = tuplesOf(values, tuple);
    if (found.length === 0) continue;
    const columns = tuple.members.map((member) => `, ${quoted(columnOf(member))}`).join('');
    const places = `(?, ?${', ?'.repeat(tuple.members.length)})`;
    const written = yield* run(
      sql(
        `INSERT INTO ${quoted(tupleTableOf(family, tuple))} (tenant, row${columns})
         VALUES ${found.map(() => places).join(', ')} ON CONFLICT DO NOTHING`,
        ...found.flatMap((members) => [tenantId, row, ...members]),
      ),
    );
    if (written < found.length) return tuple.name;
  }
  return undefined;
}
