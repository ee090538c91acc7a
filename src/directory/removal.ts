import { type Caller, systemFor } from '../kernel/index.ts';
import type { Ref } from '../model/index.ts';
import type { StoreTransaction } from '../store/index.ts';
import type { Note } from './audit.ts';
import { isBuiltIn } from './built-ins.ts';
import { faults } from './faults.ts';
import { concreteType, entityOf } from './present.ts';
import type { Room } from './room.ts';

/** Throws `directory.notFound`, also for a built-in entity of which nothing is stored; `store.stale`; what the rules throw. */
export function removeEntity(room: Room, caller: Caller, ref: Ref, ifMatch: string | undefined): Promise<void> {
  return room.write(caller, (transaction, note) => removeIn(room, caller, transaction, note, ref, ifMatch));
}

async function removeIn(
  room: Room,
  caller: Caller,
  transaction: StoreTransaction,
  note: Note,
  ref: Ref,
  ifMatch?: string,
): Promise<void> {
  const reader = room.merged(transaction);
  const row = await reader.get(ref);
  if (!row) throw faults.notFound({ id: ref.id });
  const type = concreteType(ref.type, row.type);
  const within = row.within ? { within: row.within } : {};
  const context = { caller, tenant: room.tenant, reader, ...within };
  const entity = entityOf(type, row.id, row.values);
  await room.rules.checkRemove(type, entity, context);
  if (isBuiltIn(row)) throw faults.notFound({ id: ref.id });
  const along = await room.rules.removedWith(type, entity, context);
  await transaction.remove({ type, id: row.id, ...within }, caller, ifMatch);
  await note({ deed: 'deleted', type, row, properties: [] });
  for (const other of along) await removeIn(room, systemFor(caller, 'removed with another'), transaction, note, other);
}
