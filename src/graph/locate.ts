import type { Directory, Versioned } from '../directory/index.ts';
import { type EntityType, fold, type Place, type Ref } from '../model/index.ts';
import { faults } from './faults.ts';
import { contextKey, keyText } from './key.ts';
import type { Address, Collection } from './route.ts';

/** A collection whose parents were found: everything in it is named as stored. */
export interface Located {
  readonly collection: Collection;
  readonly parent?: Versioned<EntityType>;
  /** What a contained entity is created in and looked for in. */
  readonly place?: Place;
  /** The part of `@odata.context` that names the collection, with real keys (Graph contract d.1, e row 41). */
  readonly context: string;
  /** Path below the version at which members of the collection are found. */
  readonly path: string;
}

export const refOf = ({ type, entity, within }: Versioned<EntityType>): Ref => ({
  type,
  id: entity.id,
  ...(within ? { within } : {}),
});

/** Finds the parents of a collection. Throws `graph.notFound` when one of them is missing. */
export async function locate(directory: Directory, collection: Collection): Promise<Located> {
  const { source, root, type } = collection;
  if (source.kind === 'set') return { collection, context: root.set.path, path: root.set.path };
  const above = await locate(directory, source.parent.collection);
  const parent = await findIn(directory, above, source.parent);
  const { id } = parent.entity;
  if (source.kind === 'referenced') {
    const home = type.set?.path ?? `${above.path}${keyText(id)}/${source.name}`;
    return { collection, parent, context: `Collection(microsoft.graph.${type.name})`, path: home };
  }
  return {
    collection,
    parent,
    place: { parent: refOf(parent), navigation: source.navigation },
    context: `${above.context}${contextKey(id)}/${source.navigation}`,
    path: `${above.path}${keyText(id)}/${source.navigation}`,
  };
}

/** The entity an address names in a located collection. Throws `graph.notFound`. */
export async function findIn(directory: Directory, located: Located, { key }: Address): Promise<Versioned<EntityType>> {
  const found = await lookUp(directory, located, key);
  if (found) return found;
  throw faults.notFound({ id: key.kind === 'id' ? key.id : key.kind === 'alternate' ? key.value : located.context });
}

async function lookUp(
  directory: Directory,
  { collection, parent, place }: Located,
  key: Address['key'],
): Promise<Versioned<EntityType> | undefined> {
  const { type, source } = collection;
  if (source.kind === 'referenced' && parent) {
    const targets = await linkedTo(directory, parent, source.navigation);
    return key.kind === 'only'
      ? targets[0]
      : targets.find(({ entity }) => key.kind === 'id' && fold(entity.id) === fold(key.id));
  }
  if (key.kind === 'id') return directory.get({ type, id: key.id, ...(place ? { within: place } : {}) });
  if (key.kind !== 'alternate') return undefined;
  const { items } = await directory.find({
    type,
    ...(place ? { within: [place] } : {}),
    filter: { op: 'eq', path: [key.property], value: key.value },
    limit: 1,
  });
  return items[0];
}

/** The targets of one entity's reference navigation, in the order they were linked. */
export async function linkedTo(
  directory: Directory,
  source: Versioned<EntityType>,
  navigation: string,
): Promise<readonly Versioned<EntityType>[]> {
  const targets = await directory.linked([refOf(source)], navigation);
  return targets.get(source.entity.id) ?? [];
}
