import type { Filter, Ref } from '../../model/index.ts';
import type { Subject } from '../evaluate.ts';
import { scopeOf } from '../scope.ts';
import type { Row } from '../store.ts';

type Linked = Extract<Filter, { op: 'linked' }>;

/** How to get from rows to those linked to them. */
export interface Links {
  readonly refOf: (row: Row) => Ref;
  readonly follow: (sources: readonly Ref[], navigation: string) => Promise<ReadonlyMap<string, readonly Row[]>>;
}

/** The rows as the reference evaluator sees them, with the entities linked to them that the filter asks about. */
export async function subjectsOf(rows: readonly Row[], filter: Filter, links: Links): Promise<readonly Subject[]> {
  const found = new Map<string, ReadonlyMap<Row, readonly Subject[]>>();
  for (const { navigation, where } of linkedIn(filter)) {
    found.set(navigation, await targetsOf(rows, navigation, where, links));
  }
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    values: row.values,
    linked: (navigation) => found.get(navigation)?.get(row) ?? [],
  }));
}

async function targetsOf(
  rows: readonly Row[],
  navigation: string,
  where: Filter | undefined,
  links: Links,
): Promise<ReadonlyMap<Row, readonly Subject[]>> {
  const targets = new Map<Row, readonly Subject[]>();
  // An id names one entity in its place only.
  for (const neighbours of Map.groupBy(rows, ({ within }) => scopeOf(within)).values()) {
    const linked = await links.follow(neighbours.map(links.refOf), navigation);
    for (const row of neighbours) {
      const found = linked.get(row.id) ?? [];
      targets.set(row, where ? await subjectsOf(found, where, links) : found);
    }
  }
  return targets;
}

/** Every way from the entity itself that the filter goes. */
function linkedIn(filter: Filter): readonly Linked[] {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.terms.flatMap(linkedIn);
    case 'not':
      return linkedIn(filter.term);
    case 'linked':
      return [filter];
    default:
      return [];
  }
}
