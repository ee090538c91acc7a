import type { Caller } from '../kernel/index.ts';
import { fold, type Ref } from '../model/index.ts';
import type { StoreReader, StoreTransaction } from '../store/index.ts';
import { faults } from './faults.ts';
import { type NamedNavigation, navigationOf, targetOf } from './navigation.ts';
import { concreteType } from './present.ts';
import type { Room } from './room.ts';
import { storeBuiltIn } from './storing.ts';

/** False when the link was there. A reference to one entity is moved to the new target. */
export function linkEntities(
  room: Room,
  caller: Caller,
  source: Ref,
  name: string,
  targetId: string,
): Promise<boolean> {
  return room.write(async (transaction) => {
    const reader = room.merged(transaction);
    const { from, navigation } = await sourceOf(reader, source, name);
    const target = await targetOf(reader, navigation, targetId);
    for (const end of [from, target]) await storeBuiltIn(room, caller, transaction, end);
    if (!navigation.many) await freeReference(transaction, caller, from, navigation, target.id);
    return transaction.link(from, navigation.name, target, caller);
  });
}

/** False when there was no such link. */
export function unlinkEntities(
  room: Room,
  caller: Caller,
  source: Ref,
  name: string,
  targetId: string,
): Promise<boolean> {
  return room.write(async (transaction) => {
    const { from, navigation } = await sourceOf(room.merged(transaction), source, name);
    const target: Ref = { type: navigation.target(), id: targetId };
    return (await transaction.get(target)) ? transaction.unlink(from, navigation.name, target, caller) : false;
  });
}

async function sourceOf(reader: StoreReader, source: Ref, name: string) {
  const row = await reader.get(source);
  if (!row) throw faults.notFound({ id: source.id });
  const type = concreteType(source.type, row.type);
  const from: Ref = { type, id: row.id, ...(row.within ? { within: row.within } : {}) };
  return { from, navigation: navigationOf(type, name, 'references') };
}

async function freeReference(
  transaction: StoreTransaction,
  caller: Caller,
  from: Ref,
  navigation: NamedNavigation,
  keep: string,
): Promise<void> {
  const linked = await transaction.linked([from], navigation.name);
  for (const { id } of [...linked.values()].flat()) {
    const other: Ref = { type: navigation.target(), id };
    if (fold(id) !== fold(keep)) await transaction.unlink(from, navigation.name, other, caller);
  }
}
