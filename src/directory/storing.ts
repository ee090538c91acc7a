import { type Caller, systemFor } from '../kernel/index.ts';
import type { Place, Ref } from '../model/index.ts';
import type { Row, StoreTransaction } from '../store/index.ts';
import { concreteType } from './present.ts';
import type { Room } from './room.ts';

/**
 * Stores the built-in entity a reference names, and those around it, where they are not yet: links and contained entities need a
 * stored one to hang on. What is stored or does not exist is left alone; no query for types without built-in entities.
 */
export async function storeBuiltIn(room: Room, caller: Caller, transaction: StoreTransaction, ref: Ref): Promise<void> {
  if (!room.builtIns.concern(ref.type) || (await transaction.get(ref))) return;
  const row = await room.builtIns.get(ref, transaction);
  if (row) await insertBuiltIn(room, systemFor(caller, 'built-in entity'), transaction, ref, row, row.values);
}

/** Inserts a built-in entity with these values. */
export async function insertBuiltIn(
  room: Room,
  caller: Caller,
  transaction: StoreTransaction,
  { type, within }: Ref,
  row: Row,
  values: Row['values'],
): Promise<Row> {
  await storeAround(room, caller, transaction, within);
  const ref: Ref = { type: concreteType(type, row.type), id: row.id, ...(within ? { within } : {}) };
  return transaction.insert({ ref, values }, caller);
}

/** Stores the built-in entities that a place is in. */
export async function storeAround(
  room: Room,
  caller: Caller,
  transaction: StoreTransaction,
  within: Place | undefined,
): Promise<void> {
  if (within) await storeBuiltIn(room, caller, transaction, within.parent);
}
