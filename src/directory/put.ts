import { type Caller, Fault } from '../kernel/index.ts';
import type { Ref } from '../model/index.ts';
import { type Row, storeFaults } from '../store/index.ts';
import { createPlanned, planCreation } from './creation.ts';
import { readWhole } from './patch.ts';
import type { Room } from './room.ts';
import { type Edit, editSeen, maxAttempts } from './update.ts';

/**
 * Creates the entity at its address, or replaces the one that is there. With `ifMatch` there must be one. Throws as creating and
 * updating do.
 */
export async function putEntity(
  room: Room,
  caller: Caller,
  ref: Ref,
  edit: Edit,
): Promise<{ readonly created: boolean; readonly row: Row }> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const seen = await room.reader.get(ref);
    const row = seen
      ? await editSeen(room, caller, ref, seen, { ...edit, whole: true })
      : await createAt(room, caller, ref, edit);
    if (row) return { created: seen === undefined, row };
  }
  throw storeFaults.stale({ id: ref.id });
}

/** Undefined when another request has created it meanwhile. */
async function createAt(room: Room, caller: Caller, ref: Ref, edit: Edit): Promise<Row | undefined> {
  const { type, id, within } = ref;
  if (edit.ifMatch !== undefined) throw storeFaults.stale({ id });
  const draft = readWhole(type, id, edit.values, caller);
  const links = edit.links ? { links: edit.links } : {};
  const planned = await planCreation(room, caller, type, draft, { ...links, ...(within ? { within } : {}) }, id);
  try {
    return await createPlanned(room, caller, planned);
  } catch (error) {
    const taken = error instanceof Fault && error.code === 'store.exists' && error.data['property'] === 'id';
    if (taken && (await room.reader.get(ref))) return undefined;
    throw error;
  }
}
