import { derivedFrom, type EntityType, fold, isA, type Kind, type Navigation, typeByName } from '../model/index.ts';
import { faults } from './faults.ts';
import { idOfReference } from './reference.ts';
import { entryNamed } from './surface.ts';

type Members = Readonly<Record<string, unknown>>;

/** A POST body taken apart: what the entity is, what it links to, what is created inside it. */
export interface Draft {
  readonly type: EntityType;
  readonly values: Members;
  /** Ids by reference navigation, aliases resolved. */
  readonly links: Readonly<Record<string, readonly string[]>>;
  readonly contained: Readonly<Record<string, readonly Draft[]>>;
}

/** Links or contained entities in one body. */
const mostRelated = 100;

/**
 * Takes a POST body apart. The members that are properties are not checked here: the directory validates them.
 * Throws `graph.typeRequired`, `graph.badValue`, `graph.invalidProperty`, `graph.badReference`,
 * `graph.unservedKind`.
 */
export function readDraft(declared: EntityType, body: Members): Draft {
  return readDeep(declared, body, true);
}

/** `root`: contained entities may come with it; theirs may not. */
function readDeep(declared: EntityType, body: Members, root: boolean): Draft {
  const type = concreteType(declared, body);
  // Without a prototype, `__proto__` is a member like any other, and refused like any other.
  const draft: Parts = { values: Object.create(null), links: {}, contained: {} };
  for (const [member, given] of Object.entries(body)) {
    const bound = /^([^@]+)@odata\.bind$/i.exec(member)?.[1];
    const entry = entryNamed(type.navigations, bound ?? member);
    if (entry) addRelated(draft, entry, given, { bound: bound !== undefined, root });
    else if (!member.includes('@')) draft.values[member] = given;
  }
  return { type, ...draft };
}

interface Parts {
  readonly values: Record<string, unknown>;
  readonly links: Record<string, readonly string[]>;
  readonly contained: Record<string, readonly Draft[]>;
}

function addRelated(
  { links, contained }: Parts,
  [name, navigation]: readonly [string, Navigation],
  given: unknown,
  { bound, root }: { readonly bound: boolean; readonly root: boolean },
): void {
  if (navigation.kind === 'contains') {
    if (!root || bound) throw faults.invalidProperty({ property: name });
    contained[name] = listOf(name, given).map((item) => readDeep(navigation.target(), item, false));
    return;
  }
  const key = navigation.aliasOf ?? name;
  const ids = bound ? boundIds(name, navigation, given) : inlineIds(name, navigation, given);
  links[key] = distinct([...(links[key] ?? []), ...ids]);
}

function concreteType(declared: EntityType, body: Members): EntityType {
  const annotation = body['@odata.type'];
  if (annotation === undefined) {
    if (!declared.abstract) return kindOf(declared, body);
    throw faults.typeRequired({ types: namesBelow(declared) });
  }
  const type = typeof annotation === 'string' ? typeByName(annotation) : undefined;
  if (!type || type.abstract || !isA(type, declared)) throw faults.typeRequired({ types: namesBelow(declared) });
  return type.name === declared.name ? kindOf(declared, body) : type;
}

/** The derived type that the id asks for, in a set that holds several kinds. Throws `graph.unservedKind`. */
function kindOf(declared: EntityType, body: Members): EntityType {
  const kinds = declared.set?.kinds;
  if (!kinds) return declared;
  const id = entryNamed(body, 'id')?.[1];
  const begins = ({ idPrefix }: Kind): boolean => typeof id === 'string' && fold(id).startsWith(fold(idPrefix));
  const kind = kinds.find(begins) ?? kinds[0];
  const type = kind?.type === undefined ? undefined : typeByName(kind.type);
  if (type) return type;
  const served = kinds.filter((one) => one.type !== undefined).map(({ idPrefix }) => idPrefix);
  throw faults.unservedKind({ prefix: kind?.idPrefix, served: served.join(', ') });
}

const namesBelow = (declared: EntityType): string =>
  [declared, ...derivedFrom(declared)]
    .filter((type) => !type.abstract)
    .map(({ name }) => `#microsoft.graph.${name}`)
    .join(', ');

function listOf(name: string, given: unknown): readonly Members[] {
  if (!Array.isArray(given) || !given.every(isMembers)) {
    throw faults.badValue({ property: name, reason: 'it must be a list of objects' });
  }
  if (given.length > mostRelated)
    throw faults.badValue({ property: name, reason: `it has more than ${mostRelated} items` });
  return given;
}

/** `{"id": …}` or a list of them. Other members describe the target and change nothing (Graph contract e row 23). */
function inlineIds(name: string, { many, target }: Navigation, given: unknown): readonly string[] {
  const items = many ? listOf(name, given) : [given];
  return items.map((item) => {
    const reference = isMembers(item) ? item['@odata.id'] : undefined;
    if (reference !== undefined) return idOfReference(reference, target());
    const id = isMembers(item) ? entryNamed(item, 'id')?.[1] : undefined;
    if (typeof id !== 'string' || id === '')
      throw faults.badValue({ property: name, reason: "an object with an 'id' is expected" });
    return id;
  });
}

function boundIds(name: string, { many, target }: Navigation, given: unknown): readonly string[] {
  const items: readonly unknown[] = many && Array.isArray(given) ? given : [given];
  if (items.length > mostRelated)
    throw faults.badValue({ property: name, reason: `it has more than ${mostRelated} items` });
  return items.map((item) => idOfReference(item, target()));
}

const distinct = (ids: readonly string[]): readonly string[] => [...new Map(ids.map((id) => [fold(id), id])).values()];

export const isMembers = (given: unknown): given is Members =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

/**
 * The members of a PATCH body. The id may be repeated as it is; `@odata.type` and other annotations say nothing new
 * (Graph contract e row 60); relationships are not written this way.
 */
export function readPatch(type: EntityType, id: string, body: Members): Members {
  const members = Object.entries(body).filter(([member, given]) => {
    if (entryNamed(type.navigations, member)) throw faults.invalidProperty({ property: member.slice(0, 128) });
    if (member.includes('@')) return false;
    return !(member.toLowerCase() === 'id' && typeof given === 'string' && fold(given) === fold(id));
  });
  return Object.fromEntries(members);
}
