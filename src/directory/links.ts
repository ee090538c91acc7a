import type { Caller } from '../kernel/index.ts';
import { complete, type EntityType, fold, type Ref, typeMember } from '../model/index.ts';
import type { Row, StoreReader, StoreTransaction } from '../store/index.ts';
import { faults } from './faults.ts';
import { type NamedNavigation, navigationOf, targetOf } from './navigation.ts';
import { concreteType } from './present.ts';
import type { Room } from './room.ts';
import { storeBuiltIn } from './storing.ts';

/** The targets one navigation is to have. */
export interface PlannedLink {
  readonly navigation: NamedNavigation;
  readonly ids: readonly string[];
}

/** Throws `directory.wrongNavigation`, `directory.oneTarget`. */
export function planLinks(
  type: EntityType,
  links: Readonly<Record<string, readonly string[]>>,
): readonly PlannedLink[] {
  // Two names of one navigation, and two spellings of one id, count once.
  const byName = new Map<string, { navigation: NamedNavigation; ids: Map<string, string> }>();
  for (const [name, ids] of Object.entries(links)) {
    const navigation = navigationOf(type, name, 'references');
    const known = byName.get(navigation.name) ?? { navigation, ids: new Map<string, string>() };
    for (const id of ids) known.ids.set(fold(id), id);
    if (!navigation.many && known.ids.size > 1) throw faults.oneTarget({ navigation: name });
    byName.set(navigation.name, known);
  }
  return [...byName.values()].map(({ navigation, ids }) => ({ navigation, ids: [...ids.values()] }));
}

/** As behaviours and their drafts name links. */
export const idsByNavigation = (links: readonly PlannedLink[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(links.map(({ navigation, ids }) => [navigation.name, ids]));

/** Gives each navigation the targets named, and no others. The source is stored. */
export async function setLinks(
  room: Room,
  caller: Caller,
  transaction: StoreTransaction,
  from: Ref,
  links: readonly PlannedLink[],
): Promise<void> {
  const reader = room.merged(transaction);
  for (const { navigation, ids } of links) {
    const targets: Ref[] = [];
    for (const id of ids) targets.push(await targetOf(reader, navigation, id));
    await freeReferences(transaction, caller, from, navigation, new Set(targets.map(({ id }) => fold(id))));
    for (const target of targets) await linkStored(room, caller, transaction, from, navigation, target);
  }
}

async function linkStored(
  room: Room,
  caller: Caller,
  transaction: StoreTransaction,
  from: Ref,
  navigation: NamedNavigation,
  target: Ref,
): Promise<boolean> {
  await storeBuiltIn(room, caller, transaction, target);
  return transaction.link(from, navigation.name, target, caller);
}

/** False when the link was there. A reference to one entity is moved to the new target. */
export function linkEntities(
  room: Room,
  caller: Caller,
  source: Ref,
  name: string,
  targetId: string,
): Promise<boolean> {
  return room.write(caller, async (transaction, note) => {
    const reader = room.merged(transaction);
    const { row, from, navigation } = await sourceOf(reader, source, name);
    const target = await targetOf(reader, navigation, targetId);
    await storeBuiltIn(room, caller, transaction, from);
    if (!navigation.many) await freeReferences(transaction, caller, from, navigation, new Set([fold(target.id)]));
    await holdReference(transaction, caller, from, row, navigation);
    const linked = await linkStored(room, caller, transaction, from, navigation, target);
    if (linked) await note({ deed: 'updated', type: from.type, row, properties: [navigation.name], linked: target });
    return linked;
  });
}

/** A reference that leads out of a complex value brings the value about where there is none (Graph contract c.8). */
async function holdReference(
  transaction: StoreTransaction,
  caller: Caller,
  from: Ref,
  { values }: Row,
  { name, holder }: NamedNavigation,
): Promise<void> {
  const [property = '', ...rest] = name.split('/');
  const declared = rest.length === 1 ? from.type.properties[property]?.type : undefined;
  if (declared?.kind !== 'complex' || (values[property] !== null && values[property] !== undefined)) return;
  const value = declared.variants ? { [typeMember]: (holder?.() ?? declared.type).name } : {};
  const next = complete(from.type, { ...values, [property]: value }, new Set([property]));
  await transaction.update({ ref: from, values: next }, caller, [property]);
}

/** False when there was no such link. */
export function unlinkEntities(
  room: Room,
  caller: Caller,
  source: Ref,
  name: string,
  targetId: string,
): Promise<boolean> {
  return room.write(caller, async (transaction, note) => {
    const { row, from, navigation } = await sourceOf(room.merged(transaction), source, name);
    const target: Ref = { type: navigation.target(), id: targetId };
    if (!(await transaction.get(target))) return false;
    const cut = await transaction.unlink(from, navigation.name, target, caller);
    if (cut) await note({ deed: 'updated', type: from.type, row, properties: [navigation.name], linked: target });
    return cut;
  });
}

async function sourceOf(reader: StoreReader, source: Ref, name: string) {
  const row = await reader.get(source);
  if (!row) throw faults.notFound({ id: source.id });
  const type = concreteType(source.type, row.type);
  const from: Ref = { type, id: row.id, ...(row.within ? { within: row.within } : {}) };
  return { row, from, navigation: navigationOf(type, name, 'references') };
}

/** Cuts every link but those to the ids to keep, which are folded. */
async function freeReferences(
  transaction: StoreTransaction,
  caller: Caller,
  from: Ref,
  navigation: NamedNavigation,
  keep: ReadonlySet<string>,
): Promise<void> {
  const linked = await transaction.linked([from], navigation.name);
  for (const { id } of linked.flat()) {
    const other: Ref = { type: navigation.target(), id };
    if (!keep.has(fold(id))) await transaction.unlink(from, navigation.name, other, caller);
  }
}
