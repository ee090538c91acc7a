import type { Versioned } from '../directory/index.ts';
import { type EntityType, isA, type Property, type PropertyType, type Shape, typesOf } from '../model/index.ts';
import { writtenOnce } from './beside-text.ts';
import {
  annotations,
  contextIn,
  entityJson,
  type Loaded,
  placeOf,
  type Related,
  type Shown,
  shownBeside,
  usualNames,
} from './entity-json.ts';
import type { Json } from './json.ts';
import type { Expansion, Projection } from './options/projection.ts';
import { addDeclared, isPlain } from './value-json.ts';

type Found = Versioned<EntityType>;

/** How one member is written. */
interface Member {
  readonly name: string;
  /** What stands before its value. */
  readonly key: string;
  readonly property: Property | undefined;
  /** Told as it is stored: a value, or a list of such; else there is more to say. */
  readonly told: 'value' | 'list' | 'more';
}

const nothing: Json = {};

/**
 * An entity as the text of `entityJson`, which is written without the objects between: names are put in quotes once for a type and a list of
 * them, and entities that nobody can change any more are written once for each manner of writing.
 */
export function entityText(loaded: Loaded, shown: Shown, begun: Json = nothing): string {
  const { found, expanded } = loaded;
  if (!isWritable(found.type, shown)) return JSON.stringify(entityJson(loaded, shown, begun));
  const { expand } = shown.projection;
  if (begun === nothing && expand.length === 0) return `{${ownMembers(found, shown)}}`;
  const write = (): string => {
    const own = ownMembers(found, shown);
    const parts = begun === nothing ? [own] : [inside(JSON.stringify(begun)), own];
    addBeside(parts, found, expanded, shown);
    return `{${parts.filter((part) => part !== '').join(',')}}`;
  };
  return begun === nothing
    ? writtenOnce(loaded, { expand, manner: () => mannerOf(shown), tellsPlace }, write)
    : write();
}

/** Without its braces. */
const inside = (json: string): string => json.slice(1, -1);

/** Where nothing is told that depends on more than the entity and a list of names. */
const isWritable = (type: EntityType, { metadata, echoed, projection: { expand, select } }: Shown): boolean =>
  metadata !== 'full' &&
  (echoed === undefined || echoed.size === 0) &&
  (!type.open || (expand.length === 0 && (select !== undefined || type.directoryObject))) &&
  (expand.length === 0 || areApart(expand));

const apart = new WeakMap<readonly Expansion[], boolean>();

/** Whether each stands under a name of its own, in the entity itself. */
function areApart(expand: readonly Expansion[]): boolean {
  const known = apart.get(expand);
  if (known !== undefined) return known;
  const found = expand.every(
    ({ name }, at) => !name.includes('/') && expand.findIndex((other) => other.name === name) === at,
  );
  apart.set(expand, found);
  return found;
}

const textOfSettled = new WeakMap<object, { readonly manner: string; readonly text: string }>();

/** All but what stands beside the entity. */
function ownMembers(found: Found, shown: Shown): string {
  const { entity, type } = found;
  if (!Object.isFrozen(entity) || tellsPlace(type)) return membersText(found, shown);
  const manner = mannerOf(shown);
  const known = textOfSettled.get(entity);
  if (known?.manner === manner) return known.text;
  const text = membersText(found, shown);
  textOfSettled.set(entity, { manner, text });
  return text;
}

/** How one projection was written last. */
const manners = new WeakMap<Projection, { readonly how: Shown; readonly manner: string }>();

/** Everything in `shown` that makes a difference to the members of an entity which tell nothing of its place. */
function mannerOf(shown: Shown): string {
  const { declared, metadata, writing, projection } = shown;
  const known = manners.get(projection);
  if (known && known.how.declared === declared && known.how.metadata === metadata && known.how.writing === writing) {
    return known.manner;
  }
  const { ieee754, unknownMembers } = writing;
  const manner = `${declared.name} ${metadata} ${ieee754} ${unknownMembers} ${listed(projection)}`;
  manners.set(projection, { how: shown, manner });
  return manner;
}

const names = (some: Iterable<string> | undefined): string => (some ? [...some].join() : '*');

/** What is told of entities, and of those beside them. */
const listed = ({ select, shown, expand }: Projection): string =>
  `${names(select)} ${names(shown)} ${expand.map(({ name, on, projection }) => `${name}<${on?.name}>(${listed(projection)})`).join()}`;

const tellingPlace = new WeakMap<EntityType, boolean>();

/** Whether members of the type have contexts of their own, which name the place. */
function tellsPlace(type: EntityType): boolean {
  const known = tellingPlace.get(type);
  if (known !== undefined) return known;
  const found = Object.values(type.properties as Shape).some(isKeyed);
  tellingPlace.set(type, found);
  return found;
}

const isKeyed = ({ type, rules }: Property): boolean => rules.keyedBy !== undefined || holdsKeyed(type);

function holdsKeyed(type: PropertyType): boolean {
  if (type.kind === 'collection') return holdsKeyed(type.of);
  return type.kind === 'complex' && typesOf(type).some(({ properties }) => Object.values(properties).some(isKeyed));
}

const plans = new WeakMap<EntityType, WeakMap<readonly string[], readonly Member[]>>();

function planOf(type: EntityType, names: readonly string[]): readonly Member[] {
  const known = plans.get(type)?.get(names);
  if (known) return known;
  const plan = names.map((name) => memberOf(type, name));
  const ofType = plans.get(type) ?? new WeakMap<readonly string[], readonly Member[]>();
  plans.set(type, ofType.set(names, plan));
  return plan;
}

function memberOf({ properties }: EntityType, name: string): Member {
  const shape: Shape = properties;
  const property = Object.hasOwn(shape, name) ? shape[name] : undefined;
  return { name, key: `${JSON.stringify(name)}:`, property, told: property ? toldOf(property) : 'more' };
}

function toldOf(property: Property): Member['told'] {
  if (isPlain(property)) return 'value';
  const { type, rules } = property;
  return type.kind === 'collection' && isPlain({ type: type.of, rules }) ? 'list' : 'more';
}

function membersText(found: Found, shown: Shown): string {
  const { type } = found;
  const { select, shown: allowed } = shown.projection;
  const values = found.entity as Json;
  const annotated = type === shown.declared ? '' : inside(JSON.stringify(annotations(found, shown)));
  // Joined: a text that was added up is a tree of its parts, which would be walked with every answer that it is part of.
  const parts = annotated === '' ? [] : [annotated];
  for (const member of planOf(type, select ?? usualNames(type, values))) {
    const { name, told, key } = member;
    if (allowed && name !== 'id' && !allowed.has(name)) continue;
    const part = told === 'more' ? notPlain(member, found, shown) : key + valueText[told](values[name]);
    if (part !== '') parts.push(part);
  }
  return parts.join(',');
}

/** A member with what there is to say of it; nothing where it is not shown. */
function notPlain({ name, key, property }: Member, found: Found, shown: Shown): string {
  const values = found.entity as Json;
  if (!property) {
    const isTold = name === 'id' || (found.type.open && Object.hasOwn(values, name));
    return isTold ? memberText(key, values[name]) : '';
  }
  const json = {};
  addDeclared(json, name, property, values, { ...shown.writing, ...contextIn(found, shown) });
  return inside(JSON.stringify(json));
}

/** What has no JSON is left out. */
function memberText(key: string, value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  return text === undefined ? '' : key + text;
}

/** What does not stand for itself in a JSON text (RFC 8259 §7), more of the control characters than those, and halves of characters. */
const special = /["\\\p{Cc}\p{Cs}]/u;

const valueText = {
  value(value: unknown): string {
    if (typeof value === 'string' && !special.test(value)) return `"${value}"`;
    return value === undefined || value === null ? 'null' : JSON.stringify(value);
  },
  list: (value: unknown): string => (Array.isArray(value) && value.length > 0 ? JSON.stringify(value) : '[]'),
} as const;

function addBeside(parts: string[], found: Found, expanded: Loaded['expanded'], shown: Shown): void {
  const { expand } = shown.projection;
  if (expand.length === 0) return;
  const place = placeOf(shown, found.entity.id);
  for (const expansion of expand) {
    const { on, name } = expansion;
    if (!on || isA(found.type, on)) parts.push(besideText(expansion, expanded[name], place, shown));
  }
}

function besideText(
  expansion: Expansion,
  { items, next, count }: Related = { items: [] },
  place: string,
  shown: Shown,
): string {
  const { name, navigation } = expansion;
  let how: Shown | undefined;
  const texts = items.map((item, at) => {
    // The same for all that are in one place.
    const isAlike = item.found.within?.parent.id === items[at - 1]?.found.within?.parent.id;
    how = (isAlike ? how : undefined) ?? shownBeside(expansion, item, place, shown);
    return entityText(item, how);
  });
  const parts: string[] = [];
  if (count !== undefined) parts.push(memberText(`"${name}@odata.count":`, count));
  if (next !== undefined) {
    parts.push(memberText(`"${name}@odata.nextLink":`, shown.rest(`${place}/${name}`, expansion, next)));
  }
  parts.push(`"${name}":${navigation.many ? `[${texts.join(',')}]` : (texts[0] ?? 'null')}`);
  return parts.join(',');
}
