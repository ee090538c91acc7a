import type { CreateOptions } from '../directory/index.ts';
import { type Address, type Collection, typeAt } from './address.ts';
import { guardWrite } from './conditions.ts';
import { type Draft, demandServed, readDraft, readPatch, readPut } from './draft.ts';
import { loadOne } from './expand.ts';
import { faults } from './faults.ts';
import { findIn, locate, lookUp, refOf } from './locate.ts';
import type { Plan } from './plan.ts';
import type { Result, Work } from './work.ts';

/** Throws `graph.notFound` when a parent is missing, what `readDraft` throws, and what the directory throws. */
export async function create({ projection }: Plan, collection: Collection, work: Work): Promise<Result> {
  const { directory, caller } = work;
  const draft = readDraft(collection.type, await work.body(), work.version);
  const located = await locate(directory, collection);
  const options: CreateOptions = {
    ...(located.place ? { within: located.place } : {}),
    ...relatedTo(draft),
  };
  const made = await directory.create(caller, draft.type, draft.values, options);
  const item = await loadOne(directory, made, projection.expand);
  return { kind: 'entity', located, item, change: 'created', echoed: Object.keys(draft.values) };
}

const relatedTo = ({ links, contained }: Draft): Pick<CreateOptions, 'links' | 'contained'> => ({
  ...(Object.keys(links).length > 0 ? { links } : {}),
  ...(Object.keys(contained).length > 0
    ? {
        contained: Object.fromEntries(
          Object.entries(contained).map(([name, drafts]) => [
            name,
            drafts.map((draft) => ({ draft: draft.values, type: draft.type, ...relatedTo(draft) })),
          ]),
        ),
      }
    : {}),
});

/** Throws `graph.notFound`, `graph.preconditionFailed`, what `readPatch` throws, and what the directory throws. */
export async function update({ projection }: Plan, address: Address, work: Work): Promise<Result> {
  const { directory, caller } = work;
  const located = await locate(directory, address.collection);
  const found = await findIn(directory, located, address);
  const ifMatch = guardWrite(work.conditions, found.etag);
  const { values, links } = readPatch(found.type, found.entity.id, await work.body(), work.version);
  const changed = await directory.update(caller, refOf(found), values, ifMatch, { links });
  if (!work.representation) return { kind: 'nothing' };
  const item = await loadOne(directory, changed, projection.expand);
  return { kind: 'entity', located, item, change: 'updated', echoed: [] };
}

/**
 * Creates the entity at its own address, or replaces it. Throws `graph.notFound` where only the server names new ones, and
 * `graph.badValue` when the body names another id.
 */
export async function put({ projection }: Plan, address: Address, work: Work): Promise<Result> {
  const { directory, caller } = work;
  const { collection, key } = address;
  const located = await locate(directory, collection);
  const found = await lookUp(directory, located, address);
  const id = found?.entity.id ?? (key.kind === 'id' ? key.id : '');
  if (!found && (id === '' || collection.type.key === 'server')) throw faults.notFound({ id });
  const ifMatch = guardWrite(work.conditions, found?.etag);
  const { type, values, links } = readPut(typeAt(address), found?.type, id, await work.body());
  demandServed(type, links, work.version);
  const within = located.place ? { within: located.place } : {};
  const made = await directory.put(caller, { type, id, ...within }, values, ifMatch, { links });
  if (!made.created && !work.representation) return { kind: 'nothing' };
  const item = await loadOne(directory, made, projection.expand);
  const change = made.created ? 'created' : 'updated';
  return { kind: 'entity', located, item, change, echoed: made.created ? Object.keys(values) : [] };
}

/** Throws `graph.notFound`, `graph.preconditionFailed`, and what the directory throws. */
export async function remove(address: Address, { directory, caller, conditions }: Work): Promise<Result> {
  const located = await locate(directory, address.collection);
  const found = await findIn(directory, located, address);
  await directory.remove(caller, refOf(found), guardWrite(conditions, found.etag));
  return { kind: 'nothing' };
}
