import type { Fault } from '../../kernel/index.ts';
import {
  bareTypeName,
  derivedFrom,
  type EntityType,
  type Filter,
  fold,
  isA,
  type Navigation,
  type Operand,
  type Property,
  type PropertyRules,
  type PropertyType,
  type Shape,
  typeByName,
  typesOf,
  type Version,
} from '../../model/index.ts';
import { faults } from '../faults.ts';
import { entryNamed, readable, visible } from '../surface.ts';

/** What a path begins at: an entity, or a value such as an element of a collection. */
export type Root = { readonly entity: EntityType } | { readonly value: PropertyType | undefined };

export interface PathText {
  readonly names: readonly string[];
  /** Index of its first character in the option. */
  readonly at: number;
}

/** Makes the fault for a path that is there and may not be asked about in this way. */
export type Refusal = () => Fault;

/** A test of what a path leads to, as a test of where the path begins. `ofNull`: what the test says of null. */
export type Wrap = (test: Filter, ofNull: boolean) => Filter;

interface End {
  /** A cast or a relationship on the way may lead nowhere; a test is then what it says of null. */
  readonly wrap: Wrap;
  /** Nothing on the way can lead nowhere. */
  readonly plain: boolean;
}

/** A value that a path leads to. */
export interface Site extends End {
  readonly kind: 'site';
  /** Of `…/$count` the number of elements. */
  readonly operand: Operand;
  /** Undefined: an undeclared member of an open type, whose value tells. */
  readonly type: PropertyType | undefined;
  readonly rules: PropertyRules;
  readonly isId: boolean;
}

/** A relationship to many entities. */
export interface Relation extends End {
  readonly kind: 'relation';
  readonly navigation: string;
  readonly target: EntityType;
}

/** An entity: the root itself, cast or reached through a relationship. */
export interface Self extends End {
  readonly kind: 'self';
  readonly entity: EntityType;
}

/** Where a walk stands; `path` counts from the last entity. */
type Point = Self | (Omit<Site, 'operand'> & { readonly path: readonly string[]; readonly owner?: EntityType });

const extensionName = /^extension_[0-9a-f]{32}_\w{1,128}$/i;

/**
 * Walks names along the model: properties in any case, casts, single relationships, members of complex values. Throws
 * `graph.unknownProperty` for what is not there or must not be known, `refusal` for what nobody may ask about.
 */
export function walkPath(text: PathText, root: Root, version: Version, refusal: Refusal): Site | Relation | Self {
  const names = text.names[0] === '$it' ? text.names.slice(1) : text.names;
  let point = begin(root);
  for (const [index, name] of names.entries()) {
    const last = index === names.length - 1;
    if (last && name.toLowerCase() === '$count') return counted(point, refusal);
    const found = relationAt(point, name, version);
    if (found?.many && last) return { ...found.relation, ...after(point) };
    point = found ? through(point, found, refusal) : step(point, name, text, refusal);
  }
  return ended(point);
}

const asItIs: Wrap = (test) => test;

const begin = (root: Root): Point =>
  'entity' in root
    ? { kind: 'self', entity: root.entity, wrap: asItIs, plain: true }
    : { kind: 'site', type: root.value, rules: {}, isId: false, path: [], wrap: asItIs, plain: true };

const after = ({ wrap, plain }: End): End => ({ wrap, plain });

/** What would tell of a value that is never returned. */
const guarded = (property: Property): boolean => !readable(property) || property.rules.secret === true;

const shapeName = (point: Point): string => {
  if (point.kind === 'self') return point.entity.name;
  return point.type?.kind === 'complex' ? point.type.type.name : (point.type?.kind ?? 'value');
};

function step(point: Point, name: string, text: PathText, refusal: Refusal): Point {
  if (name.includes('.')) return cast(point, name, text);
  if (point.kind === 'self') return fromEntity(point, name, refusal);
  const { type } = point;
  if (type?.kind !== 'complex') throw refusal();
  const [declared, property] = declaredIn(type.type.properties, name, point, refusal);
  return { ...point, type: property.type, rules: property.rules, path: [...point.path, declared] };
}

function fromEntity(point: Self, name: string, refusal: Refusal): Point {
  const rest = { kind: 'site', owner: point.entity, ...after(point) } as const;
  if (name.toLowerCase() === 'id') return { ...rest, type: { kind: 'string' }, rules: {}, isId: true, path: ['id'] };
  const { open, properties } = point.entity;
  if (open && extensionName.test(name) && !entryNamed(properties as Shape, name)) {
    return { ...rest, type: undefined, rules: {}, isId: false, path: [name] };
  }
  const [declared, property] = declaredIn(properties, name, point, refusal);
  return { ...rest, type: property.type, rules: property.rules, isId: false, path: [declared] };
}

function declaredIn(shape: Shape, name: string, point: Point, refusal: Refusal): readonly [string, Property] {
  const entry = entryNamed(shape, name);
  if (!entry && point.kind === 'self' && entryNamed(point.entity.navigations, name)) throw refusal();
  if (!entry || !visible(entry[1])) {
    throw faults.unknownProperty({ property: name.slice(0, 128), type: shapeName(point) });
  }
  if (guarded(entry[1])) throw refusal();
  return entry;
}

const both =
  (outer: Wrap, inner: Wrap): Wrap =>
  (test, ofNull) =>
    outer(inner(test, ofNull), ofNull);

const when =
  (guard: Filter): Wrap =>
  (test, ofNull) =>
    ofNull ? { op: 'or', terms: [{ op: 'not', term: guard }, test] } : { op: 'and', terms: [guard, test] };

/** `microsoft.graph.T` in a path: what follows is there only where the entity or the value is of that type. */
function cast(point: Point, name: string, text: PathText): Point {
  const wrapped = (guard: Filter) => ({ wrap: both(point.wrap, when(guard)), plain: false });
  const noType = () => faults.badFilter({ reason: `'${name.slice(0, 128)}' is no type of this`, position: text.at });
  if (point.kind === 'self') {
    const type = typeByName(name);
    if (type && isA(point.entity, type)) return point;
    if (!type || !isA(type, point.entity)) throw noType();
    return { ...point, entity: type, ...wrapped({ op: 'isof', path: [], types: concreteNames(type) }) };
  }
  const { type } = point;
  if (type?.kind !== 'complex') throw noType();
  const wanted = fold(bareTypeName(name));
  if (fold(type.type.name) === wanted) return point;
  const found = typesOf(type).find((one) => fold(one.name) === wanted);
  if (!found) throw noType();
  const guard: Filter = { op: 'isof', path: point.path, types: [found.name] };
  return { ...point, type: { kind: 'complex', type: found }, ...wrapped(guard) };
}

/** The names that stored entities of a type can have. */
export const concreteNames = (type: EntityType): readonly string[] =>
  [type, ...derivedFrom(type)].filter(({ abstract }) => !abstract).map(({ name }) => name);

interface Found {
  readonly many: boolean;
  readonly relation: Omit<Relation, keyof End>;
}

/** A reference navigation of the entity, or of a complex value in it, which declares it by its path. */
function relationAt(point: Point, name: string, version: Version): Found | undefined {
  const entity = point.kind === 'self' ? point.entity : point.owner;
  const path = point.kind === 'self' ? name : [...point.path, name].join('/');
  if (!entity || name.includes('.')) return undefined;
  const entry = entryNamed(entity.navigations, path);
  if (entry?.[1].kind !== 'references' || !entry[1].versions.includes(version)) return undefined;
  const [declared, { aliasOf = declared, many }]: readonly [string, Navigation] = entry;
  // An earlier name may lead to a view; what is asked for is what is stored.
  const { target }: Navigation = entity.navigations[aliasOf] ?? entry[1];
  return { many, relation: { kind: 'relation', navigation: aliasOf, target: target() } };
}

/** Through a relationship to one entity: what follows is asked of the target. */
function through(point: Point, { many, relation: { navigation, target } }: Found, refusal: Refusal): Point {
  if (many) throw refusal();
  const linked: Wrap = (test, ofNull) => {
    const found: Filter = { op: 'linked', navigation, where: test };
    return ofNull ? { op: 'or', terms: [{ op: 'not', term: { op: 'linked', navigation } }, found] } : found;
  };
  return { kind: 'self', entity: target, wrap: both(point.wrap, linked), plain: false };
}

function counted(point: Point, refusal: Refusal): Site {
  if (point.kind === 'self' || point.type?.kind !== 'collection') throw refusal();
  const operand: Operand = { call: 'count', of: [{ path: point.path }] };
  return { kind: 'site', operand, type: { kind: 'int64' }, rules: {}, isId: false, ...after(point) };
}

function ended(point: Point): Site | Self {
  if (point.kind === 'self') return point;
  const { path, type, rules, isId } = point;
  return { kind: 'site', operand: { path }, type, rules, isId, ...after(point) };
}
