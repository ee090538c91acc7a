import type { Caller } from '../../kernel/index.ts';
import type { Ref } from '../../model/index.ts';
import type { Family } from '../catalogue.ts';
import { branchOf } from '../scope.ts';
import { deleteRow, demand } from './entity.ts';
import { quoted, sql } from './fragment.ts';
import { containable, tableOf } from './layout.ts';
import { type Named, record, type TransactionParts } from './record.ts';
import { all, first, run, type Script } from './script.ts';

interface Doomed extends Named {
  readonly row: number;
  readonly family: Family;
}

interface CutLink {
  readonly source: number;
  readonly navigation: string;
  readonly source_family: string;
}

/**
 * Removes an entity, all below it, and the links at either end; every entity that lost something gets its change. Throws
 * `store.absent`, `store.stale`.
 */
export function* remove(parts: TransactionParts, ref: Ref, by: Caller, ifMatch: string | undefined): Script<void> {
  const row = yield* demand(parts, ref, ifMatch);
  const gone: readonly Doomed[] = [{ ...row, family: parts.catalogue.family(ref.type) }, ...(yield* below(parts, ref))];
  for (const one of gone) {
    yield* deleteRow(parts, one.family, one.row);
    yield* record(parts, one, 'deleted', [], by);
  }
  for (const { source, navigation, source_family: name } of yield* cutLinks(parts, gone)) {
    const family = parts.catalogue.families.find((known) => known.name === name);
    const from = family && (yield* rowOf(parts, family, source));
    if (from) yield* record(parts, from, 'updated', [navigation], by);
  }
}

/** What the entity contains, at any depth, in the order of creation. */
function* below({ catalogue, tenantId }: TransactionParts, ref: Ref): Script<readonly Doomed[]> {
  const branch = branchOf(ref);
  const found: Doomed[] = [];
  for (const family of containable(catalogue)) {
    const rows = yield* all<Omit<Doomed, 'family'>>(
      sql(
        `SELECT row, id, type, place FROM ${quoted(tableOf(family))} WHERE tenant = ? AND scope >= ? AND scope < ?`,
        // `0` follows `/`, so the range holds exactly the scopes that begin with the branch and a `/`.
        ...[tenantId, `${branch}/`, `${branch}0`],
      ),
    );
    found.push(...rows.map((row) => ({ ...row, family })));
  }
  return found.sort((a, b) => a.row - b.row);
}

/** Removes the links of the rows and returns those that came from elsewhere, in the order they were made. */
function* cutLinks({ tenantId, dialect }: TransactionParts, gone: readonly Doomed[]): Script<readonly CutLink[]> {
  const rows = gone.map(({ row }) => row);
  const ending = (end: 'source' | 'target') => dialect.among({ ...sql(end), kind: 'number' }, rows);
  const target = ending('target');
  const cut = yield* all<CutLink>(
    sql(
      `SELECT source, navigation, source_family FROM link WHERE tenant = ? AND ${target.sql} ORDER BY sequence`,
      ...[tenantId, ...target.values],
    ),
  );
  for (const end of [ending('source'), target]) {
    yield* run(sql(`DELETE FROM link WHERE tenant = ? AND ${end.sql}`, tenantId, ...end.values));
  }
  return cut;
}

function* rowOf({ tenantId }: TransactionParts, family: Family, row: number): Script<Named | undefined> {
  return yield* first<Named>(
    sql(`SELECT id, type, place FROM ${quoted(tableOf(family))} WHERE tenant = ? AND row = ?`, tenantId, row),
  );
}
