import type { Page, Query, Ref } from '../../model/index.ts';
import { type FoundColumns, findStatements } from '../sql/find.ts';
import type { EntityColumns } from '../sql/layout.ts';
import { getStatement, isNamed, type LinkedColumns, linkedGroups, pageOf, toRow, type View } from '../sql/rows.ts';
import type { Row, StoreReader } from '../store.ts';
import type { Connection } from './connection.ts';

export const sqliteReader = (view: View, connection: Connection): StoreReader => ({
  get: async (ref) => get(view, connection, ref),
  find: async (query) => find(view, connection, query),
  linked: async (sources, navigation) =>
    new Map(
      linkedGroups(view, sources, navigation).flatMap(({ statement, targetsOf }) =>
        targetsOf(connection.all<LinkedColumns>(statement)),
      ),
    ),
});

function get({ catalogue, tenantId }: View, connection: Connection, ref: Ref): Row | undefined {
  const family = catalogue.family(ref.type);
  const found = connection.get<EntityColumns>(getStatement(family, tenantId, ref));
  return found && isNamed(family, found.type, ref.type) ? toRow(found, catalogue) : undefined;
}

function find({ catalogue, tenantId, dialect }: View, connection: Connection, query: Query): Page<Row> {
  const statements = findStatements(catalogue, tenantId, query, dialect);
  const found = connection.all<FoundColumns>(statements.page);
  const count = query.count ? (connection.get<{ count: number }>(statements.count)?.count ?? 0) : undefined;
  return pageOf(found, query, statements, catalogue, count);
}
