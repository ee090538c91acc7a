import type { EntityType } from '../model/index.ts';
import type { Loaded } from './entity-json.ts';
import type { Expansion } from './options/projection.ts';

/** What stands beside an entity, from the top down: how many there are under each name, and each of them. */
type Beside = readonly (object | number)[];

interface Written {
  readonly manner: string;
  readonly beside: Beside;
  readonly text: string;
}

/** The text that an entity had together with what stood beside it, where nobody can change any of them. */
const written = new WeakMap<object, Written>();

/** Whether the text of an entity of the type depends on where it is. */
type TellsPlace = (type: EntityType) => boolean;

/** Adds what stands beside an entity; false where the text of it depends on more than the entities. */
function collect(
  { found, expanded }: Loaded,
  expand: readonly Expansion[],
  beside: (object | number)[],
  tellsPlace: TellsPlace,
): boolean {
  if (!Object.isFrozen(found.entity) || tellsPlace(found.type)) return false;
  for (const { name, projection } of expand) {
    const related = expanded[name];
    if (related?.next !== undefined || related?.count !== undefined) return false;
    const items = related?.items ?? [];
    beside.push(items.length);
    for (const item of items) {
      beside.push(item.found.entity);
      if (!collect(item, projection.expand, beside, tellsPlace)) return false;
    }
  }
  return true;
}

const areSame = (one: Beside, other: Beside): boolean =>
  one.length === other.length && one.every((part, at) => part === other[at]);

/**
 * What `write` makes of an entity with what stands beside it: made once, where that depends on nothing but entities that nobody can change and
 * the manner of writing. Of each entity the last text is kept, as long as the entity.
 */
export function writtenOnce(
  loaded: Loaded,
  { expand, manner, tellsPlace }: { readonly expand: readonly Expansion[]; manner(): string; tellsPlace: TellsPlace },
  write: () => string,
): string {
  const { entity } = loaded.found;
  const beside: (object | number)[] = [];
  if (!collect(loaded, expand, beside, tellsPlace)) return write();
  const how = manner();
  const known = written.get(entity);
  if (known?.manner === how && areSame(known.beside, beside)) return known.text;
  const text = write();
  written.set(entity, { manner: how, beside, text });
  return text;
}
