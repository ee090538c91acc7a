import type { Versioned } from '../directory/index.ts';
import { type EntityType, isA, type Shape, type Version } from '../model/index.ts';
import type { MetadataLevel } from './accept.ts';
import { isObject, type Json } from './json.ts';
import { contextKey, keyText } from './key.ts';
import type { Expansion, Projection } from './options/projection.ts';
import { familyBelow, fullName, homeOf } from './surface.ts';
import { addDeclared, isPlain, type Writing } from './value-json.ts';

/** An entity together with the related ones that were asked for. */
export interface Loaded {
  readonly found: Versioned<EntityType>;
  /** Related entities by the name of the expansion. */
  readonly expanded: Readonly<Record<string, Related>>;
}

/** What stands beside an entity under one name. */
export interface Related {
  readonly items: readonly Loaded[];
  /** Where the rest begins, when there are more. */
  readonly next?: string;
  /** How many there are, when that was asked. */
  readonly count?: number;
}

/** How the entities of one collection are written. */
export interface Shown {
  /** The type the context promises; another runtime type is named in `@odata.type`. */
  readonly declared: EntityType;
  readonly projection: Projection;
  readonly metadata: MetadataLevel;
  readonly writing: Writing;
  /** Absolute URL of the collection the entity is found in. */
  readonly home: string;
  /** The entity has that address itself, without a key. */
  readonly keyless?: boolean;
  /** The part of contexts that names the collection. */
  readonly context: string;
  readonly version: Version;
  /** `https://host/version`, for related entities that have a set of their own. */
  readonly service: string;
  /** The address of the rest of an expansion, which is a collection of its own. */
  readonly rest: (collection: string, expansion: Expansion, after: string) => string;
  /** Properties shown although they are returned on `$select` only: what a POST named is shown in its answer. */
  readonly echoed?: ReadonlySet<string>;
}

/** Absolute URL of an entity of the collection. */
export const placeOf = ({ home, keyless }: Pick<Shown, 'home' | 'keyless'>, id: string): string =>
  keyless ? home : `${home}${keyText(id)}`;

/** One entity as JSON: `begun`, annotations, then `id`, then properties as declared, then what was expanded. */
export function entityJson({ found, expanded }: Loaded, shown: Shown, begun: Json = {}): Json {
  const { type, entity } = found;
  const { select, expand, shown: allowed } = shown.projection;
  const json: Record<string, unknown> = { ...begun, ...annotations(found, shown) };
  const names = select ?? usualNames(type, entity as Json, shown.echoed);
  addMembers(json, allowed ? names.filter((name) => name === 'id' || allowed.has(name)) : names, found, shown);
  if (expand.length === 0) return json;
  const place = placeOf(shown, entity.id);
  for (const expansion of expand) {
    const holder = holderOf(json, type, expansion);
    if (holder) addExpanded(holder, expansion, expanded[expansion.name], place, shown);
  }
  return json;
}

function addMembers(
  json: Record<string, unknown>,
  names: readonly string[],
  found: Versioned<EntityType>,
  shown: Shown,
): void {
  const { properties, open }: { readonly properties: Shape; readonly open: boolean } = found.type;
  const values = found.entity as Json;
  const simply = shown.metadata !== 'full';
  let writing: Writing | undefined;
  for (const name of names) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property === undefined) {
      if (name === 'id' || (open && Object.hasOwn(values, name))) json[name] = values[name];
    } else if (simply && isPlain(property)) json[name] = values[name] ?? null;
    else {
      writing ??= { ...shown.writing, ...contextIn(found, shown) };
      addDeclared(json, name, property, values, writing);
    }
  }
}

/** Where an expansion belongs: the entity, or a value inside of it. What is null or was not selected holds nothing. */
function holderOf(
  json: Record<string, unknown>,
  type: EntityType,
  { name, on }: Expansion,
): Record<string, unknown> | undefined {
  if (on && !isA(type, on)) return undefined;
  const path = name.split('/').slice(0, -1);
  const holder = path.reduce<unknown>((at, member) => (isObject(at) ? at[member] : undefined), json);
  return isObject(holder) ? holder : undefined;
}

/** The context of what is inside an entity names its type where the address does not (Graph contract d.1). */
export function contextIn({ type, entity }: Versioned<EntityType>, shown: Shown): Pick<Writing, 'context'> {
  const { declared, metadata, keyless, context, service } = shown;
  if (metadata === 'none') return {};
  const cast = type.name === declared.name ? '' : `/${fullName(type.name)}`;
  return { context: `${service}/$metadata#${context}${keyless ? '' : contextKey(entity.id)}${cast}` };
}

/** Adds a relationship under the last part of its name: a complex value holds it where there are more. */
export function addExpanded(
  json: Record<string, unknown>,
  expansion: Expansion,
  { items, next, count }: Related = { items: [] },
  place: string,
  shown: Shown,
): void {
  const { name } = expansion;
  const member = name.slice(name.lastIndexOf('/') + 1);
  if (count !== undefined) json[`${member}@odata.count`] = count;
  if (next !== undefined) json[`${member}@odata.nextLink`] = shown.rest(`${place}/${name}`, expansion, next);
  json[member] = expandedJson(expansion, items, place, shown);
}

export function annotations({ type, entity }: Versioned<EntityType>, shown: Shown): Record<string, unknown> {
  const { declared, metadata } = shown;
  const typed = { '@odata.type': `#${fullName(type.name)}` };
  if (metadata === 'none') return {};
  if (metadata === 'minimal') return type.name === declared.name ? {} : typed;
  const id = placeOf(shown, entity.id);
  const links = { '@odata.id': id, '@odata.editLink': id };
  return { ...typed, ...links, ...mediaAnnotations(type, id), ...navigationLinks(type, id, shown.version) };
}

/** Where related entities are found (OData JSON §4.6.9). */
const navigationLinks = ({ navigations }: EntityType, id: string, version: Version): Json =>
  Object.fromEntries(
    Object.entries(navigations)
      .filter(([name, { versions }]) => versions.includes(version) && !name.includes('/'))
      .map(([name]) => [`${name}@odata.navigationLink`, `${id}/${name}`]),
  );

/** Where the content of an entity is read and written (OData JSON §4.6.13). */
const mediaAnnotations = ({ stream }: EntityType, id: string): Json =>
  stream
    ? {
        '@odata.mediaContentType': stream.mediaType,
        '@odata.mediaReadLink': `${id}/$value`,
        '@odata.mediaEditLink': `${id}/$value`,
      }
    : {};

const nothingEchoed: ReadonlySet<string> = new Set();
const declaredNames = new WeakMap<EntityType, readonly string[]>();

/** What is told of an entity of which nothing was selected. */
export function usualNames(type: EntityType, values: Json, echoed = nothingEchoed): readonly string[] {
  const declared = echoed.size > 0 ? defaultNames(type, echoed) : (declaredNames.get(type) ?? defaultNames(type));
  if (echoed.size === 0) declaredNames.set(type, declared);
  const open = openNames(type, values);
  return open.length > 0 ? [...declared, ...open] : declared;
}

const toldUnasked = new WeakMap<EntityType, { readonly names: readonly string[] | undefined }>();

/** Every member that may be told of entities of the type; undefined: nobody knows all of them. */
export function membersTold({ select }: Projection, type: EntityType): readonly string[] | undefined {
  if (select) return select;
  const known = toldUnasked.get(type);
  if (known) return known.names;
  const types = familyBelow(type);
  const isOpen = types.some(({ open, directoryObject }) => open && !directoryObject);
  const names = isOpen ? undefined : [...new Set(types.flatMap((one) => defaultNames(one)))];
  toldUnasked.set(type, { names });
  return names;
}

const defaultNames = (type: EntityType, echoed = nothingEchoed): readonly string[] => [
  'id',
  ...Object.entries(type.properties as Shape)
    .filter(([name, { rules }]) => rules.onSelect !== true || echoed.has(name))
    .map(([name]) => name),
];

/** Members beyond the declared ones. Of directory objects those are extensions, which are told on `$select` only. */
const openNames = ({ open, directoryObject, properties }: EntityType, values: Json): readonly string[] =>
  open && !directoryObject
    ? Object.keys(values).filter((name) => name !== 'id' && !Object.hasOwn(properties, name))
    : [];

function expandedJson(expansion: Expansion, items: readonly Loaded[], place: string, shown: Shown): unknown {
  const json = items.map((item) => entityJson(item, shownBeside(expansion, item, place, shown)));
  return expansion.navigation.many ? json : (json[0] ?? null);
}

/** How an entity is written that stands beside another one, which has this address and is written so. */
export function shownBeside(
  { name, navigation, projection }: Expansion,
  { found: { within } }: Loaded,
  place: string,
  { metadata, writing, context, version, service, rest }: Shown,
): Shown {
  const declared = navigation.target();
  const own = navigation.kind === 'references' ? homeOf(declared)?.path : undefined;
  return {
    declared,
    projection,
    metadata,
    writing,
    home: own ? `${service}/${own}` : `${place}/${name}`,
    keyless: !own && !navigation.many,
    context: own ?? `${context}${contextKey(within?.parent.id ?? '')}/${name}`,
    version,
    service,
    rest,
  };
}
