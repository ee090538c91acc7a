import { bareTypeName, type EntityType, fold, type Navigation, typeMember } from '../model/index.ts';
import { faults } from './faults.ts';
import { isObject, type Json } from './json.ts';
import { idOfReference } from './reference.ts';
import { entryNamed } from './surface.ts';

/** Ids by reference navigation, aliases resolved. */
export type Links = Readonly<Record<string, readonly string[]>>;

/** Links or contained entities in one member. */
const mostRelated = 100;

/** `userFlow@odata.bind` -> `userFlow`. */
export const boundName = (member: string): string | undefined => /^([^@]+)@odata\.bind$/i.exec(member)?.[1];

/** Adds what a member says about a navigation to those found before, each id once. */
export function addLinks(
  links: Record<string, readonly string[]>,
  [name, navigation]: readonly [string, Navigation],
  given: unknown,
  bound: boolean,
): void {
  const key = navigation.aliasOf ?? name;
  const ids = bound ? boundIds(name, navigation, given) : inlineIds(name, navigation, given);
  links[key] = distinct([...(links[key] ?? []), ...ids]);
}

/**
 * Takes the references out of a complex value that its type holds as navigations (`{"handler": {"customExtension": {"id": …}}}`), and
 * returns what is left of it, which is its value. A value that is null refers to nothing any more.
 */
export function takeNested(
  type: EntityType,
  path: readonly string[],
  given: unknown,
  links: Record<string, readonly string[]>,
): unknown {
  const below = Object.entries(type.navigations).filter(([name]) => startsWith(name, path));
  if (below.length === 0) return given;
  if (given === null) for (const [name] of below) links[name] = [];
  if (!isObject(given)) return given;
  const left: Record<string, unknown> = Object.create(null);
  for (const [member, value] of Object.entries(given)) {
    const bound = boundName(member);
    const here = [...path, bound ?? member];
    const entry = below.find(([name, { holder }]) => fold(name) === fold(here.join('/')) && isHolder(holder, given));
    if (entry) addLinks(links, entry, value, bound !== undefined);
    else left[member] = takeNested(type, here, value, links);
  }
  return left;
}

const startsWith = (name: string, path: readonly string[]): boolean =>
  fold(name).startsWith(fold(`${path.join('/')}/`));

/** The value names the type that holds the navigation, or no type. */
function isHolder(holder: Navigation['holder'], { [typeMember]: named }: Json): boolean {
  return !holder || typeof named !== 'string' || fold(bareTypeName(named)) === fold(holder().name);
}

/** Throws `graph.badValue` unless it is a list of objects, and not a long one. */
export function listOf(name: string, given: unknown): readonly Json[] {
  if (!Array.isArray(given) || !given.every(isObject)) {
    throw faults.badValue({ property: name, reason: 'it must be a list of objects' });
  }
  demandFew(name, given);
  return given;
}

function demandFew(name: string, { length }: readonly unknown[]): void {
  if (length > mostRelated) throw faults.badValue({ property: name, reason: `it has more than ${mostRelated} items` });
}

/** `{"id": …}` or a list of them. Other members describe the target and change nothing (Graph contract e row 23). */
function inlineIds(name: string, { many, target }: Navigation, given: unknown): readonly string[] {
  if (!many && given === null) return [];
  const items = many ? listOf(name, given) : [given];
  return items.map((item) => {
    const reference = isObject(item) ? item['@odata.id'] : undefined;
    if (reference !== undefined) return idOfReference(reference, target());
    const id = isObject(item) ? entryNamed(item, 'id')?.[1] : undefined;
    if (typeof id !== 'string' || id === '')
      throw faults.badValue({ property: name, reason: "an object with an 'id' is expected" });
    return id;
  });
}

function boundIds(name: string, { many, target }: Navigation, given: unknown): readonly string[] {
  const items: readonly unknown[] = many && Array.isArray(given) ? given : [given];
  demandFew(name, items);
  return items.map((item) => idOfReference(item, target()));
}

const distinct = (ids: readonly string[]): readonly string[] => [...new Map(ids.map((id) => [fold(id), id])).values()];
