import type { Family } from '../catalogue.ts';
import { faults } from '../faults.ts';
import { quoted, sql } from './connection.ts';
import { columnOf, hotValue, tableOf, tuplesOf, tupleTableOf } from './layout.ts';
import type { View } from './reader.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * Asks before writing, since one connection writes and nobody can come between: the fault names the property, and nothing is
 * half written when the caller goes on after it. Throws `store.exists`.
 */
export function refuseTaken(view: View, family: Family, values: Values, own: number | undefined): void {
  const { connection, tenantId } = view;
  const held = (table: string, columns: readonly string[], found: readonly (string | number)[]): boolean => {
    const where = columns.map((column) => ` AND ${quoted(column)} = ?`).join('');
    const holder = connection.get<{ row: number }>(
      sql(`SELECT row FROM ${quoted(table)} WHERE tenant = ?${where}`, tenantId, ...found),
    );
    return holder !== undefined && holder.row !== own;
  };
  for (const property of family.hot.filter(({ unique }) => unique)) {
    const value = hotValue(values, property);
    if (value === null) continue;
    if (held(tableOf(family), [columnOf(property)], [value])) throw faults.exists({ property: property.name });
  }
  for (const tuple of family.tuples) {
    const table = tupleTableOf(family, tuple);
    for (const found of tuplesOf(values, tuple)) {
      const present = found.filter((value) => value !== null);
      if (present.length < found.length) continue;
      if (held(table, tuple.members.map(columnOf), present)) throw faults.exists({ property: tuple.name });
    }
  }
}

/** Replaces what the side tables hold about a row. */
export function writeTuples({ connection, tenantId }: View, family: Family, values: Values, row: number): void {
  for (const tuple of family.tuples) {
    const table = quoted(tupleTableOf(family, tuple));
    const columns = tuple.members.map((member) => `, ${quoted(columnOf(member))}`).join('');
    connection.run(sql(`DELETE FROM ${table} WHERE tenant = ? AND row = ?`, tenantId, row));
    for (const found of tuplesOf(values, tuple)) {
      connection.run(
        sql(
          `INSERT INTO ${table} (tenant, row${columns}) VALUES (?, ?${', ?'.repeat(found.length)})`,
          tenantId,
          row,
          ...found,
        ),
      );
    }
  }
}
