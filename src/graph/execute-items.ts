import type { Versioned } from '../directory/index.ts';
import { Fault } from '../kernel/index.ts';
import { type EntityType, fold } from '../model/index.ts';
import { guardWrite } from './conditions.ts';
import { faults } from './faults.ts';
import type { Json } from './json.ts';
import { findIn, type Located, locate, refOf } from './locate.ts';
import { type Inner, patchAt, valueAt } from './property-value.ts';
import type { ValueAddress } from './route.ts';
import { entryNamed } from './surface.ts';
import type { Result, Work } from './work.ts';

/** How often a change starts over because others wrote the same entity meanwhile. */
const mostAttempts = 5;

/** A collection of values whose items have a key, as it stands. */
interface Items {
  readonly located: Located;
  readonly owner: Versioned<EntityType>;
  readonly inner: Inner;
  readonly items: readonly Json[];
}

/** Throws `graph.notFound`, and `graph.unknownSegment` when the entity found has no such property. */
export async function listItems({ address, path }: ValueAddress, work: Work): Promise<Result> {
  return answer(path, await read({ address, path }, work), 'all');
}

/** Throws `graph.notFound` also when there is no item of the key. */
export async function getItem({ address, path }: ValueAddress, key: string, work: Work): Promise<Result> {
  const found = await read({ address, path }, work);
  return answer(path, { ...found, items: [itemOf(found, key)] }, 'one');
}

/** Throws `graph.itemExists` (409) when there is one of the same key. */
export async function addItem(place: ValueAddress, work: Work): Promise<Result> {
  const body = await work.body();
  const key = (found: Items) => String(entryNamed(body, keyName(found))?.[1]);
  const changed = await change(place, work, (found) => {
    if (found.items.some(keyed(found, key(found)))) throw faults.itemExists({ property: keyName(found) });
    return [...found.items, body];
  });
  return answer(place.path, { ...changed, items: [itemOf(changed, key(changed))] }, 'added');
}

/** Throws `graph.notFound` when there is none of the key. */
export async function removeItem(place: ValueAddress, key: string, work: Work): Promise<Result> {
  await change(place, work, (found) => {
    const removed = itemOf(found, key);
    return found.items.filter((item) => item !== removed);
  });
  return { kind: 'nothing' };
}

async function read({ address, path }: ValueAddress, { directory }: Work): Promise<Items> {
  const located = await locate(directory, address.collection);
  return itemsIn(located, await findIn(directory, located, address), path);
}

function itemsIn(located: Located, owner: Versioned<EntityType>, path: readonly string[]): Items {
  const inner = valueAt(owner.type, owner.entity, path);
  if (!inner) throw faults.unknownSegment({ segment: path.at(-1) });
  return { located, owner, inner, items: Array.isArray(inner.value) ? inner.value : [] };
}

/** Reads, changes and writes the whole collection, and starts over when another write came between. */
async function change(place: ValueAddress, work: Work, next: (found: Items) => readonly Json[]): Promise<Items> {
  const { directory, caller, conditions } = work;
  for (let attempt = 1; ; attempt += 1) {
    const found = await read(place, work);
    guardWrite(conditions, found.owner.etag);
    const patch = patchAt(place.path, next(found));
    try {
      const owner = await directory.update(caller, refOf(found.owner), patch, found.owner.etag);
      return itemsIn(found.located, owner, place.path);
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'store.stale' || attempt === mostAttempts) throw error;
    }
  }
}

const keyName = ({ inner }: Items): string => inner.property.rules.keyedBy ?? '';

const keyed =
  (found: Items, key: string) =>
  (item: Json): boolean =>
    fold(String(item[keyName(found)])) === fold(key);

function itemOf(found: Items, key: string): Json {
  const item = found.items.find(keyed(found, key));
  if (item) return item;
  throw faults.notFound({ id: key });
}

const answer = (path: readonly string[], found: Items, as: 'all' | 'one' | 'added'): Result => ({
  kind: 'items',
  located: found.located,
  owner: found.owner,
  path,
  property: found.inner.property,
  items: found.items,
  as,
});
