import type { Caller } from '../../kernel/index.ts';
import type { Ref } from '../../model/index.ts';
import type { Family } from '../catalogue.ts';
import { branchOf } from '../scope.ts';
import { quoted, sql } from './connection.ts';
import { containable, type EntityColumns, tableOf, tupleTableOf } from './layout.ts';
import { type Named, record, type TransactionParts } from './record.ts';

interface Doomed extends Named {
  readonly row: number;
  readonly family: Family;
}

interface CutLink {
  readonly source: number;
  readonly navigation: string;
  readonly target: number;
  readonly source_family: string;
  readonly sequence: number;
}

/** Removes an entity, all below it, and the links at either end; every entity that lost something gets its change. */
export function remove(parts: TransactionParts, row: EntityColumns, ref: Ref, by: Caller): void {
  const gone: readonly Doomed[] = [{ ...row, family: parts.catalogue.family(ref.type) }, ...below(parts, ref)];
  for (const one of gone) {
    deleteRow(parts, one);
    record(parts, one, 'deleted', [], by);
  }
  for (const { source, navigation, source_family: name } of cutLinks(parts, gone)) {
    const family = parts.catalogue.families.find((known) => known.name === name);
    const from = family && rowOf(parts, family, source);
    if (from) record(parts, from, 'updated', [navigation], by);
  }
}

/** What the entity contains, at any depth, in the order of creation. */
function below({ connection, catalogue, tenantId }: TransactionParts, ref: Ref): readonly Doomed[] {
  const branch = branchOf(ref);
  // `0` follows `/`, so the range holds exactly the scopes that begin with the branch and a `/`.
  const range = [tenantId, `${branch}/`, `${branch}0`];
  const found = containable(catalogue).flatMap((family) =>
    connection
      .all<Omit<Doomed, 'family'>>(
        sql(
          `SELECT row, id, type, place FROM ${quoted(tableOf(family))} WHERE tenant = ? AND scope >= ? AND scope < ?`,
          ...range,
        ),
      )
      .map((row) => ({ ...row, family })),
  );
  return found.sort((a, b) => a.row - b.row);
}

function deleteRow({ connection, tenantId }: TransactionParts, { row, family }: Doomed): void {
  connection.run(sql(`DELETE FROM ${quoted(tableOf(family))} WHERE row = ?`, row));
  for (const tuple of family.tuples) {
    connection.run(
      sql(`DELETE FROM ${quoted(tupleTableOf(family, tuple))} WHERE tenant = ? AND row = ?`, tenantId, row),
    );
  }
}

/** Removes the links of the rows and returns those that came from elsewhere, in the order they were made. */
function cutLinks({ connection, tenantId }: TransactionParts, gone: readonly Doomed[]): readonly CutLink[] {
  const rows = JSON.stringify(gone.map(({ row }) => row));
  const cut = connection.all<CutLink>(
    sql(
      `SELECT source, navigation, target, source_family, sequence FROM link
       WHERE tenant = ? AND target IN (SELECT value FROM json_each(?)) ORDER BY sequence`,
      tenantId,
      rows,
    ),
  );
  for (const end of ['source', 'target'] as const) {
    connection.run(
      sql(`DELETE FROM link WHERE tenant = ? AND ${end} IN (SELECT value FROM json_each(?))`, tenantId, rows),
    );
  }
  return cut;
}

const rowOf = ({ connection }: TransactionParts, family: Family, row: number): Named | undefined =>
  connection.get<Named>(sql(`SELECT id, type, place FROM ${quoted(tableOf(family))} WHERE row = ?`, row));
