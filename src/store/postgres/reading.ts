import type { Ref } from '../../model/index.ts';
import type { Fragment } from '../sql/fragment.ts';
import { type LinkedColumns, linkedGroups, type View } from '../sql/rows.ts';
import type { Row } from '../store.ts';

/** One tenant's entities, and where its statements go: outside of a transaction to any connection, inside to its own. */
export interface Reading extends View {
  readonly ask: <R>(statement: Fragment) => Promise<readonly R[]>;
}

/** Targets of a reference navigation, per source id; one query for the sources of one type in one place. */
export async function linked(
  reading: Reading,
  sources: readonly Ref[],
  navigation: string,
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const found = new Map<string, readonly Row[]>();
  for (const { statement, targetsOf } of linkedGroups(reading, sources, navigation)) {
    for (const [id, rows] of targetsOf(await reading.ask<LinkedColumns>(statement))) found.set(id, rows);
  }
  return found;
}
