import type { Ref } from '../../model/index.ts';
import type { EntityColumns } from '../sql/layout.ts';
import { findPage } from '../sql/page.ts';
import { getStatement, isNamed, type LinkedColumns, linkedGroups, toRow, type View } from '../sql/rows.ts';
import type { Row, StoreReader } from '../store.ts';
import type { Connection } from './connection.ts';
import { playInTurns } from './play.ts';

export const sqliteReader = (view: View, connection: Connection): StoreReader => ({
  get: async (ref) => get(view, connection, ref),
  find: (query) => playInTurns(findPage(view, query), connection),
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
