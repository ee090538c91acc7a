import type { Directory, Versioned } from '../directory/index.ts';
import { type EntityType, everyItem, type Filter, fold, type Query, type Ref } from '../model/index.ts';

type Found = Versioned<EntityType>;
type Narrowing = Partial<Pick<Query, 'filter' | 'order' | 'limit'>>;
/** Of each source in turn. */
type Linked = readonly (readonly Found[])[];

/**
 * Targets of a reference navigation, as entities of the type it is declared with, in the order they were linked unless told. Those that
 * a view has no names for are not among them. Views are of few entities, so a limit is no matter to them.
 */
export async function linkedFrom(
  directory: Directory,
  sources: readonly Ref[],
  navigation: string,
  type: EntityType,
  narrowing: Narrowing = {},
): Promise<Linked> {
  if (!type.view) return directory.linked(sources, navigation, narrowing);
  const targets = await directory.linked(sources, navigation);
  const ids = new Set(targets.flat().map(({ entity }) => entity.id));
  const seen = await inView(directory, type, [...ids], narrowing);
  return targets.map((found) => shownOf(found, seen, narrowing.order !== undefined));
}

async function inView(
  directory: Directory,
  type: EntityType,
  ids: readonly string[],
  { filter, order }: Narrowing,
): Promise<readonly Found[]> {
  if (ids.length === 0) return [];
  const linked: Filter = { op: 'in', path: ['id'], values: ids };
  const query = {
    type,
    filter: filter ? ({ op: 'and', terms: [linked, filter] } as const) : linked,
    ...(order ? { order } : {}),
  };
  return everyItem((page) => directory.find(page), query);
}

function shownOf(targets: readonly Found[], seen: readonly Found[], ordered: boolean): readonly Found[] {
  const places = new Map(targets.map(({ entity }, at) => [fold(entity.id), at]));
  const shown = seen.filter(({ entity }) => places.has(fold(entity.id)));
  const placeOf = ({ entity }: Found): number => places.get(fold(entity.id)) ?? 0;
  return ordered ? shown : shown.toSorted((one, other) => placeOf(one) - placeOf(other));
}
