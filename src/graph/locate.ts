import type { Directory, Versioned } from '../directory/index.ts';
import { madeOnce } from '../kernel/index.ts';
import { type EntityType, fold, isA, type Place, type Ref } from '../model/index.ts';
import { type Address, type Collection, typeAt } from './address.ts';
import { faults } from './faults.ts';
import { contextKey, keyText } from './key.ts';
import { linkedFrom } from './linked.ts';
import { fullName, homeOf } from './surface.ts';

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

type Found = Versioned<EntityType>;

/** Where the directory finds the entity again. */
export const refOf = madeOnce(
  ({ type, entity, within }: Found): Ref => Object.freeze({ type, id: entity.id, ...(within ? { within } : {}) }),
);

/** True when an entity has the address of its collection, without a key. */
export const isKeyless = ({ single, source, type }: Collection): boolean =>
  single && !(source.kind === 'referenced' && homeOf(type) !== undefined);

/** The path of one entity of the collection, below the version. */
export const pathOf = ({ collection, path }: Located, id: string): string =>
  isKeyless(collection) ? path : `${path}${keyText(id)}`;

/** The part of a context that names one entity of the collection, for what is inside of it. */
export const contextOfEntity = (located: Located, id: string): string =>
  located.collection.single ? singleContext(located) : `${singleContext(located)}${contextKey(id)}`;

/** An entity reached by reference is an entity of its own set. */
export const singleContext = ({ collection, context }: Located): string =>
  collection.source.kind === 'referenced' ? (homeOf(collection.type)?.path ?? context) : context;

/** Finds the parents of a collection. Throws `graph.notFound` when one of them is missing. */
export async function locate(directory: Directory, collection: Collection): Promise<Located> {
  const { source, root, type } = collection;
  const cast = collection.cast ? `/${fullName(type.name)}` : '';
  if (source.kind === 'set') {
    const { path, context = path } = root.set;
    return { collection, context: `${context}${cast}`, path };
  }
  const above = await locate(directory, source.parent.collection);
  const parent = await findIn(directory, above, source.parent);
  const { id } = parent.entity;
  demandNavigation(parent, source.kind === 'referenced' ? source.name : source.navigation);
  const home = pathOf(above, id);
  if (source.kind === 'referenced') {
    const path = homeOf(type)?.path ?? `${home}/${source.name}`;
    return { collection, parent, context: `Collection(${fullName(type.name)})`, path };
  }
  const said = source.parent.cast ? `/${fullName(source.parent.cast.name)}` : '';
  return {
    collection,
    parent,
    place: { parent: refOf(parent), navigation: source.navigation },
    context: `${contextOfEntity(above, id)}${said}/${source.navigation}${cast}`,
    path: `${home}/${source.navigation}`,
  };
}

/** A path may name what only some of the types have that stand in a set. */
function demandNavigation({ type }: Found, name: string): void {
  if (!Object.hasOwn(type.navigations, name)) throw faults.unknownSegment({ segment: name });
}

/** The entity an address names in a located collection; `only`: see `Query.only`. Throws `graph.notFound`, `graph.notSole`. */
export async function findIn(
  directory: Directory,
  located: Located,
  address: Address,
  only?: readonly string[],
): Promise<Found> {
  const found = await lookUp(directory, located, address, only);
  if (found && isA(found.type, typeAt(address))) return found;
  const { key } = address;
  throw faults.notFound({ id: key.kind === 'id' ? key.id : key.kind === 'alternate' ? key.value : located.context });
}

/** As `findIn`, but undefined when there is none. */
export async function lookUp(
  directory: Directory,
  located: Located,
  address: Address,
  only?: readonly string[],
): Promise<Found | undefined> {
  const { collection, parent, place } = located;
  const { key } = address;
  const { type, source } = collection;
  if (source.kind === 'referenced' && parent) {
    const targets = await linkedIn(directory, collection, parent, key.kind === 'only' ? { limit: 1 } : {});
    return key.kind === 'only'
      ? targets[0]
      : targets.find(({ entity }) => key.kind === 'id' && fold(entity.id) === fold(key.id));
  }
  const within = place ? { within: place } : {};
  const many = { type, ...(place ? { within: [place] } : {}) };
  switch (key.kind) {
    case 'id':
      return directory.get({ type, id: key.id, ...within }, only);
    case 'alternate': {
      const filter = { op: 'eq', path: [key.property], value: key.value } as const;
      return (await directory.find({ ...many, filter, limit: 1, ...(only ? { only } : {}) })).items[0];
    }
    case 'only': {
      const { singleton } = collection.root.set;
      if (source.kind === 'set' && singleton !== undefined) return directory.get({ type, id: singleton });
      return (await directory.find({ ...many, limit: 1 })).items[0];
    }
    case 'sole':
      return soleOf(directory, address);
    default:
      return key satisfies never;
  }
}

/** The only entity of a set, where its address names none (Graph contract e row 5). */
async function soleOf(directory: Directory, address: Address): Promise<Found | undefined> {
  const type = typeAt(address);
  const { items, count = items.length } = await directory.find({ type, limit: 2, count: true });
  if (items.length === 1) return items[0];
  const canonical = `/${address.collection.root.set.path}/{id}/${fullName(type.name)}/…`;
  throw faults.notSole({ type: type.name, count, parameter: type.sole?.parameter, canonical });
}

/** The members of a collection of what one entity refers to, in the order they were linked unless told. */
export async function linkedIn(
  directory: Directory,
  { type, source }: Collection,
  parent: Found,
  narrowing: Parameters<typeof linkedFrom>[4] = {},
): Promise<readonly Found[]> {
  if (source.kind !== 'referenced') return [];
  const [targets] = await linkedFrom(directory, [refOf(parent)], source.navigation, type, narrowing);
  return targets ?? [];
}
