import {
  derivedFrom,
  type EntityType,
  fold,
  isA,
  type Kind,
  type Navigation,
  typeByName,
  type Version,
} from '../model/index.ts';
import { addLinks, boundName, type Links, listOf, takeNested } from './draft-links.ts';
import { faults } from './faults.ts';
import type { Json } from './json.ts';
import { entryNamed, fullName } from './surface.ts';

/** A body taken apart: what the entity is, and what it links to. */
export interface Patch {
  readonly values: Json;
  readonly links: Links;
}

/** A POST body taken apart: also what is created inside the entity. */
export interface Draft extends Patch {
  readonly type: EntityType;
  readonly contained: Readonly<Record<string, readonly Draft[]>>;
}

/**
 * Takes a POST body apart. The members that are properties are not checked here: the directory validates them.
 * Throws `graph.typeRequired`, `graph.badValue`, `graph.invalidProperty`, `graph.badReference`,
 * `graph.unservedKind`.
 */
export function readDraft(declared: EntityType, body: Json, version: Version): Draft {
  const draft = readDeep(declared, body, true);
  demandServed(draft.type, draft.links, version);
  return draft;
}

/** A navigation of the other version is no member in this one. Throws `graph.invalidProperty`. */
export function demandServed({ navigations }: EntityType, links: Links, version: Version): void {
  const other = Object.keys(links).find((name) => !navigations[name]?.versions.includes(version));
  if (other !== undefined) throw faults.invalidProperty({ property: other.split('/').at(-1) });
}

/** `root`: contained entities may come with it; theirs may not. */
function readDeep(declared: EntityType, body: Json, root: boolean): Draft {
  const type = concreteType(declared, body);
  const draft: Parts = { ...emptyPatch(), contained: {} };
  for (const [member, given] of Object.entries(body)) {
    const bound = boundName(member);
    const entry = entryNamed(type.navigations, bound ?? member);
    if (entry) addRelated(draft, entry, given, { bound: bound !== undefined, root });
    else if (!member.includes('@')) draft.values[member] = takeNested(type, [member], given, draft.links);
  }
  return { type, ...draft };
}

interface Parts {
  readonly values: Record<string, unknown>;
  readonly links: Record<string, readonly string[]>;
  readonly contained: Record<string, readonly Draft[]>;
}

/** Without a prototype, `__proto__` is a member like any other, and refused like any other. */
const emptyPatch = (): Pick<Parts, 'values' | 'links'> => ({ values: Object.create(null), links: {} });

function addRelated(
  { links, contained }: Parts,
  entry: readonly [string, Navigation],
  given: unknown,
  { bound, root }: { readonly bound: boolean; readonly root: boolean },
): void {
  const [name, navigation] = entry;
  if (navigation.kind === 'references') {
    addLinks(links, entry, given, bound);
    return;
  }
  if (!root || bound) throw faults.invalidProperty({ property: name });
  contained[name] = listOf(name, given).map((item) => readDeep(navigation.target(), item, false));
}

function concreteType(declared: EntityType, body: Json): EntityType {
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
function kindOf(declared: EntityType, body: Json): EntityType {
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
    .map(({ name }) => `#${fullName(name)}`)
    .join(', ');

/** Throws `graph.typeRequired` unless the body names the type, where a PATCH must (Graph contract b.12). */
function demandOwnType(type: EntityType, body: Json): void {
  if (!hasTypedPatch(type)) return;
  const annotation = body['@odata.type'];
  if (typeof annotation === 'string' && typeByName(annotation)?.name === type.name) return;
  throw faults.typeRequired({ types: `#${fullName(type.name)}` });
}

const hasTypedPatch = ({ set, base }: EntityType): boolean =>
  set?.typedPatch ?? (base !== undefined && hasTypedPatch(base));

/**
 * The members of a PATCH body. The id may be repeated as it is; elsewhere than in sets that ask for it, `@odata.type` says nothing new, and
 * neither do other annotations (Graph contract e row 60). A reference to one entity, and references that a complex value holds, are
 * replaced; others have an address for that. Throws `graph.typeRequired`, `graph.invalidProperty`, `graph.badValue`,
 * `graph.badReference`.
 */
export function readPatch(type: EntityType, id: string, body: Json, version: Version): Patch {
  demandOwnType(type, body);
  const patch = emptyPatch();
  for (const [member, given] of Object.entries(body)) {
    const bound = boundName(member);
    const entry = entryNamed(type.navigations, bound ?? member);
    if (entry && (entry[1].kind === 'contains' || entry[1].many || !entry[1].methods.includes('create'))) {
      throw faults.invalidProperty({ property: member.slice(0, 128) });
    }
    if (entry) addLinks(patch.links, entry, given, bound !== undefined);
    else if (!member.includes('@') && !isOwnId(member, given, id)) {
      patch.values[member] = takeNested(type, [member], given, patch.links);
    }
  }
  demandServed(type, patch.links, version);
  return patch;
}

const isOwnId = (member: string, given: unknown, id: string): boolean =>
  member.toLowerCase() === 'id' && typeof given === 'string' && fold(given) === fold(id);

/**
 * The body of a PUT at the address of an entity. `current`: what is there; where nothing is, the body says what it will be.
 * Throws as `readDraft` does.
 */
export function readPut(declared: EntityType, current: EntityType | undefined, id: string, body: Json): Draft {
  // What is there keeps its type, whatever the body calls it (Graph contract e row 60).
  const typed = current ? { ...body, '@odata.type': current.name } : body;
  const { values, ...draft } = readDeep(current ?? declared, typed, false);
  const named = entryNamed(values, 'id');
  if (named && !isOwnId('id', named[1], id)) {
    throw faults.badValue({ property: 'id', reason: 'it must be the one in the URL' });
  }
  return { ...draft, values: Object.fromEntries(Object.entries(values).filter(([name]) => name !== named?.[0])) };
}
