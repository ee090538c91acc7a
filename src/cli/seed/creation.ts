import type { ContainedDraft, CreateOptions, Directory } from '../../directory/index.ts';
import { type EntityType, isA, type MediaStream, type Navigation, typeByName } from '../../model/index.ts';
import { faults } from '../faults.ts';
import type { Json } from './kinds.ts';

/** Where an item stands, for the person who has to correct it. */
export interface Spot {
  /** The file, or "of this program" for the default seed. */
  readonly origin: string;
  /** `b2cUserFlows[0].userAttributeAssignments[2]`. */
  readonly place: string;
}

export interface Creation {
  readonly type: EntityType;
  readonly draft: Json;
  readonly options: CreateOptions;
}

const within = (spot: Spot, step: string): Spot => ({ ...spot, place: `${spot.place}${step}` });
const wrong = (spot: Spot, reason: string) => faults.badSeed({ ...spot, reason });

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `@odata.type` names a derived type, as in the body of a POST. */
function typeOf(declared: EntityType, item: Json, spot: Spot): EntityType {
  const given = item['@odata.type'];
  if (given === undefined) return declared;
  const type = typeByName(String(given).replace(/^#?microsoft\.graph\./, ''));
  if (type === undefined || !isA(type, declared))
    throw wrong(within(spot, '.@odata.type'), `'${given}' is no ${declared.name}`);
  return type;
}

function demandList(value: unknown, spot: Spot): readonly Json[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item, index) => {
    if (!isObject(item)) throw wrong(within(spot, `[${index}]`), 'an object is expected');
    return item;
  });
}

/** A reference is `{ id }`, or `{ displayName }` for what the server gives its id. */
async function referredId(directory: Directory, target: EntityType, item: Json, spot: Spot): Promise<string> {
  const { id, displayName } = item;
  if (typeof id === 'string') return id;
  if (typeof displayName !== 'string') throw wrong(spot, "an object with an 'id' is expected");
  const filter = { op: 'eq', path: ['displayName'], value: displayName } as const;
  const { items } = await directory.find({ type: target, filter, limit: 1 });
  const [found] = items;
  if (!found) throw wrong(spot, `there is no ${target.name} with the name '${displayName}'`);
  return found.entity.id;
}

async function linksOf(
  directory: Directory,
  navigation: Navigation,
  value: unknown,
  spot: Spot,
): Promise<readonly string[]> {
  const items = demandList(value, spot);
  return Promise.all(
    items.map((item, index) => referredId(directory, navigation.target(), item, within(spot, `[${index}]`))),
  );
}

/** Turns Graph JSON with its parts inline into what the directory creates in one commit. Throws `cli.badSeed`. */
export async function toCreation(
  directory: Directory,
  declared: EntityType,
  item: Json,
  spot: Spot,
): Promise<Creation> {
  const type = typeOf(declared, item, spot);
  const draft: Record<string, unknown> = {};
  const links: Record<string, readonly string[]> = {};
  const contained: Record<string, readonly ContainedDraft[]> = {};
  for (const [name, value] of membersOf(type, item)) {
    const here = within(spot, `.${name.replaceAll('/', '.')}`);
    const navigation = Object.hasOwn(type.navigations, name) ? type.navigations[name] : undefined;
    if (navigation?.kind === 'references') links[name] = await linksOf(directory, navigation, value, here);
    else if (navigation) contained[name] = await partsOf(directory, navigation, value, here);
    else if (name === 'id' || type.open || isDeclared(type, name)) draft[name] = value;
    else throw wrong(here, `a ${type.name} has no such property`);
  }
  return { type, draft, options: { links, contained } };
}

const isDeclared = (type: EntityType, name: string): boolean => Object.hasOwn(type.properties, name);

/** The members of an item, those that lead to other entities under the paths that the model gives them. */
function membersOf(type: EntityType, item: Json): readonly (readonly [string, unknown])[] {
  const members = Object.entries(item).filter(([name]) => name !== '@odata.type');
  const content = type.stream && contentOf(type.stream, type, item);
  if (content) return [...members.filter(([name]) => name === 'id'), content];
  return members.flatMap(([name, value]) => {
    const paths = Object.keys(type.navigations).filter((path) => path.startsWith(`${name}/`));
    if (paths.length === 0 || !isObject(value)) return [[name, value] as const];
    const isPath = (member: string): boolean => paths.includes(`${name}/${member}`);
    const inside = Object.entries(value);
    return [
      ...inside.filter(([member]) => isPath(member)).map(([member, target]) => [`${name}/${member}`, target] as const),
      [name, Object.fromEntries(inside.filter(([member]) => !isPath(member)))] as const,
    ];
  });
}

/** What is kept as a document stands in a seed as it is: `{ id: error, LocalizedStrings: […] }`. */
function contentOf({ property }: MediaStream, type: EntityType, item: Json): readonly [string, string] | undefined {
  const inside = Object.entries(item).filter(
    ([name]) => name !== 'id' && name !== '@odata.type' && !isDeclared(type, name),
  );
  return inside.length === 0 ? undefined : [property, JSON.stringify(Object.fromEntries(inside))];
}

async function partsOf(
  directory: Directory,
  navigation: Navigation,
  value: unknown,
  spot: Spot,
): Promise<readonly ContainedDraft[]> {
  const parts: ContainedDraft[] = [];
  for (const [index, item] of demandList(value, spot).entries()) {
    const { type, draft, options } = await toCreation(directory, navigation.target(), item, within(spot, `[${index}]`));
    parts.push({ type, draft, ...options });
  }
  return parts;
}
