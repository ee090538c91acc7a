import type { Directory, Versioned } from '../directory/index.ts';
import { type EntityType, fold, type Page, type Place } from '../model/index.ts';
import type { Loaded, Related } from './entity-json.ts';
import { refOf } from './locate.ts';
import { type Expansion, mostExpanded } from './plan.ts';

/** Rows of the one read that usually has everything. */
const sharedRead = 999;

type Found = Versioned<EntityType>;
type ById = ReadonlyMap<string, Related>;

/**
 * The entities with what was asked for beside them: at most 100 related ones each, then the place where the rest begins.
 * Follows each expansion for all entities at once; entity by entity only when that would be too much for one read.
 */
export async function load(
  directory: Directory,
  items: readonly Found[],
  expand: readonly Expansion[],
): Promise<readonly Loaded[]> {
  const related = await Promise.all(expand.map((expansion) => follow(directory, items, expansion)));
  return items.map((found) => ({
    found,
    expanded: Object.fromEntries(
      expand.map(({ name }, at) => [name, related[at]?.get(fold(found.entity.id)) ?? { items: [] }]),
    ),
  }));
}

export async function loadOne(directory: Directory, found: Found, expand: readonly Expansion[]): Promise<Loaded> {
  const [loaded] = await load(directory, [found], expand);
  return loaded ?? { found, expanded: {} };
}

async function follow(directory: Directory, items: readonly Found[], expansion: Expansion): Promise<ById> {
  if (items.length === 0) return new Map();
  const { name, navigation } = expansion;
  if (navigation.kind === 'contains') return containedIn(directory, items, expansion);
  const targets = await directory.linked(items.map(refOf), navigation.aliasOf ?? name);
  return new Map([...targets].map(([id, found]) => [fold(id), firstOf(found)]));
}

/** A page of links is counted from its beginning, so the place of the next one is a number. */
function firstOf(found: readonly Found[]): Related {
  const items = found.slice(0, mostExpanded).map(alone);
  return found.length > mostExpanded ? { items, next: String(mostExpanded) } : { items };
}

const alone = (found: Found): Loaded => ({ found, expanded: {} });

async function containedIn(
  directory: Directory,
  items: readonly Found[],
  { name, navigation }: Expansion,
): Promise<ById> {
  const read = (within: readonly Place[], limit: number): Promise<Page<Found>> =>
    directory.find({ type: navigation.target(), within, limit });
  const places = items.map((item): Place => ({ parent: refOf(item), navigation: name }));
  const shared = await read(places, sharedRead);
  const byParent = Map.groupBy(shared.items, ({ within }) => fold(within?.parent.id ?? ''));
  const crowded = [...byParent.values()].some(({ length }) => length > mostExpanded);
  if (shared.next === undefined && !crowded) {
    return new Map([...byParent].map(([id, found]) => [id, { items: found.map(alone) }]));
  }
  const related = new Map<string, Related>();
  for (const place of places) {
    const { items: found, next } = await read([place], mostExpanded);
    related.set(fold(place.parent.id), { items: found.map(alone), ...(next === undefined ? {} : { next }) });
  }
  return related;
}
