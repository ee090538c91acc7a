import type { Caller } from '../kernel/index.ts';
import type { Ref } from '../model/index.ts';
import { isBuiltIn } from './built-ins.ts';
import { faults } from './faults.ts';
import { concreteType, entityOf } from './present.ts';
import type { Room } from './room.ts';

/** Throws `directory.notFound`, also for a built-in entity of which nothing is stored; `store.stale`; what the rules throw. */
export function removeEntity(room: Room, caller: Caller, ref: Ref, ifMatch: string | undefined): Promise<void> {
  return room.write(caller, async (transaction, note) => {
    const reader = room.merged(transaction);
    const row = await reader.get(ref);
    if (!row) throw faults.notFound({ id: ref.id });
    const type = concreteType(ref.type, row.type);
    const within = row.within ? { within: row.within } : {};
    const context = { caller, tenant: room.tenant, reader, ...within };
    await room.rules.checkRemove(type, entityOf(type, row.id, row.values), context);
    if (isBuiltIn(row)) throw faults.notFound({ id: ref.id });
    await transaction.remove({ type, id: row.id, ...within }, caller, ifMatch);
    await note({ deed: 'deleted', type, row, properties: [] });
  });
}
