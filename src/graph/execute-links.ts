import type { Versioned } from '../directory/index.ts';
import { demandId, type EntityType } from '../model/index.ts';
import type { Address, Collection } from './address.ts';
import { faults } from './faults.ts';
import type { Json } from './json.ts';
import { findIn, linkedIn, locate, refOf } from './locate.ts';
import { idOfReference } from './reference.ts';
import type { Result, Work } from './work.ts';

const navigationOf = ({ source }: Collection): string => (source.kind === 'referenced' ? source.navigation : '');

/** Adds a reference. Throws `graph.badReference`, and `directory.notFound` where the body names nothing that is there. */
export async function link(collection: Collection, work: Work): Promise<Result> {
  const { '@odata.id': reference } = await work.body();
  const target = idOfReference(reference, collection.type);
  const { parent } = await locate(work.directory, collection);
  // Adding what is there already changes nothing and succeeds (Graph contract d.4).
  if (parent) await work.directory.link(work.caller, refOf(parent), navigationOf(collection), target);
  return { kind: 'nothing' };
}

/** Takes one of many references away. Throws `graph.notFound` when there is none. */
export async function unlink({ collection, key }: Address, { directory, caller }: Work): Promise<Result> {
  const { parent } = await locate(directory, collection);
  const id = key.kind === 'id' ? key.id : '';
  const removed = parent && (await directory.unlink(caller, refOf(parent), navigationOf(collection), id));
  if (!removed) throw faults.notFound({ id });
  return { kind: 'nothing' };
}

/** The address of the target of a reference to one entity. Throws `graph.notFound` when there is none. */
export async function getLink(address: Address, { directory }: Work): Promise<Result> {
  const located = await locate(directory, address.collection);
  return { kind: 'link', located, target: await findIn(directory, located, address) };
}

/** Makes a reference to one entity point at what the body names. An empty body takes a value's reference away (e row 27). */
export async function setLink({ collection }: Address, work: Work): Promise<Result> {
  const { directory, caller } = work;
  const body = await work.body();
  const navigation = navigationOf(collection);
  const { parent } = await locate(directory, collection);
  if (!parent) return { kind: 'nothing' };
  if (Object.keys(body).length === 0 && navigation.includes('/')) await release(collection, parent, work);
  else await directory.link(caller, refOf(parent), navigation, targetOf(body, collection.type));
  return { kind: 'nothing' };
}

/** `@odata.id`, or the `id` of an entity that exists (Graph contract e row 6). */
function targetOf({ '@odata.id': reference, id }: Json, type: EntityType): string {
  if (reference !== undefined) return idOfReference(reference, type);
  if (id === undefined) throw faults.badReference({ reason: "'@odata.id' is missing" });
  return demandId(type, id);
}

/** Throws `graph.notFound` when the reference points nowhere. */
export async function clearLink({ collection }: Address, work: Work): Promise<Result> {
  const navigation = navigationOf(collection);
  const { parent } = await locate(work.directory, collection);
  const removed = parent ? await release(collection, parent, work) : 0;
  if (removed === 0) throw faults.notFound({ id: navigation });
  return { kind: 'nothing' };
}

async function release(
  collection: Collection,
  parent: Versioned<EntityType>,
  { directory, caller }: Work,
): Promise<number> {
  const navigation = navigationOf(collection);
  const targets = await linkedIn(directory, collection, parent);
  for (const { entity } of targets) await directory.unlink(caller, refOf(parent), navigation, entity.id);
  return targets.length;
}
