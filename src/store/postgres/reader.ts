import type { Page, Query, Ref } from '../../model/index.ts';
import { type FoundColumns, findStatements } from '../sql/find.ts';
import type { EntityColumns } from '../sql/layout.ts';
import { getStatement, isNamed, pageOf, toRow } from '../sql/rows.ts';
import type { Row, StoreReader } from '../store.ts';
import { chosenPage, sortedHere } from './choose.ts';
import { planOf } from './plan.ts';
import { linked, type Reading } from './reading.ts';

export const postgresReader = (reading: Reading): StoreReader => ({
  get: (ref) => get(reading, ref),
  find: (query) => find(reading, query),
  linked: (sources, navigation) => linked(reading, sources, navigation),
});

async function get({ catalogue, tenantId, ask }: Reading, ref: Ref): Promise<Row | undefined> {
  const family = catalogue.family(ref.type);
  const [found] = await ask<EntityColumns>(getStatement(family, tenantId, ref));
  return found && isNamed(family, found.type, ref.type) ? toRow(found, catalogue) : undefined;
}

async function find(reading: Reading, query: Query): Promise<Page<Row>> {
  const { filter, exact, ordered } = planOf(reading, query);
  if (!ordered) return sortedHere(reading, query, filter);
  if (!exact) return chosenPage(reading, query, filter);
  const statements = findStatements(reading, query);
  const found = await reading.ask<FoundColumns>(statements.page);
  const [counted] = query.count ? await reading.ask<{ count: number }>(statements.count) : [];
  return pageOf(found, query, statements, reading.catalogue, query.count ? (counted?.count ?? 0) : undefined);
}
