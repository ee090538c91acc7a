import {
  type ComplexType,
  fold,
  isA,
  type Operation,
  type Property,
  type Shape,
  typeByName,
  typesOf,
} from '../model/index.ts';
import { type Address, type Collection, type EntityKey, typeAt } from './address.ts';
import { faults } from './faults.ts';
import type { Key, Literal, Segment } from './key.ts';
import type { GraphRequest } from './request.ts';
import {
  alternateKeys,
  bareAlternate,
  entryNamed,
  familyBelow,
  navigationAt,
  propertiesNamed,
  qualifiedName,
  readable,
} from './surface.ts';

/** Where a path leads, whatever is to be done there. */
export type Point =
  | { readonly kind: 'collection'; readonly collection: Collection }
  /** What was written to its entities: the function `delta`. */
  | { readonly kind: 'changes'; readonly collection: Collection }
  | { readonly kind: 'entity'; readonly address: Address }
  | ValuePoint
  /** One item of a collection of values whose items have an address. */
  | { readonly kind: 'item'; readonly of: ValuePoint; readonly key: string }
  | {
      readonly kind: 'operation';
      readonly on: { readonly collection: Collection } | { readonly address: Address };
      readonly name: string;
      readonly operation: Operation;
      readonly literals: ReadonlyMap<string, Literal>;
    };

/** A value inside an entity. */
export interface ValuePoint {
  readonly kind: 'value';
  readonly address: Address;
  /** Declared names. */
  readonly path: readonly string[];
  /** One for every type the entity may have that declares it. */
  readonly properties: readonly Property[];
  /** The complex type that the path says the value has. */
  readonly cast?: string;
}

/** The fault of a segment that leads nowhere; of what was sent no more than is readable is repeated. */
export const unknown = ({ text }: Pick<Segment, 'text'>) => faults.unknownSegment({ segment: text.slice(0, 128) });

/** Follows the segments from a point. Throws `graph.unknownSegment`, `graph.badUrl`. */
export function walk(request: GraphRequest, from: Point, segments: readonly Segment[]): Point {
  let at = from;
  for (const segment of segments) at = step(request, at, segment);
  return at;
}

function step(request: GraphRequest, at: Point, segment: Segment): Point {
  // `$count`, `$ref` and `$value` end a path and were taken off before.
  if (segment.text.startsWith('$')) throw unknown(segment);
  switch (at.kind) {
    case 'collection':
      return fromCollection(request, at.collection, segment);
    case 'entity':
      return fromEntity(request, at.address, segment);
    case 'value':
      return fromValue(request, at, segment);
    case 'item':
    case 'changes':
    case 'operation':
      throw unknown(segment);
    default:
      return at satisfies never;
  }
}

/** The entity in the parentheses behind a collection's name; without any, the collection itself. */
export function keyed(collection: Collection, key: Key | undefined): Point {
  if (collection.single) {
    if (key) throw faults.badUrl({ reason: 'a single entity has no key' });
    return { kind: 'entity', address: { collection, key: { kind: 'only' } } };
  }
  return key
    ? { kind: 'entity', address: { collection, key: entityKey(collection, key) } }
    : { kind: 'collection', collection };
}

function fromCollection(request: GraphRequest, collection: Collection, segment: Segment): Point {
  const called = operationPoint(request, { collection }, segment);
  if (called) return called;
  if (isDelta(collection, segment)) return { kind: 'changes', collection };
  const name = qualifiedName(segment.name);
  if (name === undefined) {
    return { kind: 'entity', address: { collection, key: bareKey(collection, segment.text) } };
  }
  const type = typeByName(name);
  if (!type || !isA(type, collection.type)) throw unknown(segment);
  return keyed({ ...collection, type, cast: true }, segment.key);
}

const isDelta = ({ root, source, cast }: Collection, { name, key }: Segment): boolean =>
  root.set.tracked === true &&
  source.kind === 'set' &&
  !cast &&
  (qualifiedName(name) ?? name).toLowerCase() === 'delta' &&
  (key === undefined || key.kind === 'empty');

function bareKey({ type }: Collection, text: string): EntityKey {
  const property = bareAlternate(type, text);
  if (property !== undefined) return { kind: 'alternate', property, value: text };
  return { kind: 'id', id: text };
}

function entityKey(collection: Collection, key: Key): EntityKey {
  if (key.kind === 'value') return bareKey(collection, key.value);
  const [named] = key.kind === 'named' && key.members.size === 1 ? key.members : [];
  if (!named) throw faults.badUrl({ reason: 'the key in parentheses cannot be read' });
  const [name, { text }] = named;
  if (text === '') throw faults.badUrl({ reason: 'the key in parentheses is empty' });
  if (name === 'id') return { kind: 'id', id: text };
  const entry = entryNamed(collection.type.properties as Shape, name);
  if (!entry || !alternateKeys(collection.type).includes(entry[0])) {
    throw faults.badUrl({ reason: `'${name}' is not a key of '${collection.type.name}'` });
  }
  return { kind: 'alternate', property: entry[0], value: text };
}

function operationPoint(
  { version }: GraphRequest,
  on: { readonly collection: Collection } | { readonly address: Address },
  segment: Segment,
): Point | undefined {
  if ('collection' in on && on.collection.source.kind === 'referenced') return undefined;
  const bound = 'collection' in on ? 'collection' : 'entity';
  const types = 'collection' in on ? [on.collection.type] : familyBelow(typeAt(on.address));
  const name = qualifiedName(segment.name) ?? segment.name;
  for (const type of types) {
    const entry = entryNamed(type.operations, name);
    if (!entry || entry[1].on !== bound || !entry[1].versions.includes(version)) continue;
    return { kind: 'operation', on, name: entry[0], operation: entry[1], literals: literalsOf(entry[1], segment) };
  }
  return undefined;
}

function literalsOf({ kind, parameters }: Operation, { key }: Segment): ReadonlyMap<string, Literal> {
  if (key === undefined || key.kind === 'empty') return new Map();
  if (kind === 'action' || key.kind !== 'named') throw faults.badUrl({ reason: 'the parameters cannot be read' });
  for (const name of key.members.keys()) {
    if (!entryNamed(parameters, name)) throw faults.badUrl({ reason: `there is no parameter '${name}'` });
  }
  return key.members;
}

function fromEntity(request: GraphRequest, address: Address, segment: Segment): Point {
  const called = operationPoint(request, { address }, segment);
  if (called) return called;
  const type = typeAt(address);
  const name = qualifiedName(segment.name);
  if (name !== undefined) {
    const cast = segment.key ? undefined : typeByName(name);
    if (!cast || !isA(cast, type)) throw unknown(segment);
    return { kind: 'entity', address: { ...address, cast } };
  }
  const navigation = navigationAt(type, [segment.name], request.version);
  if (navigation) return navigate(address, navigation, segment);
  return valuePoint(address, [], propertiesNamed(type, segment.name), segment);
}

function navigate(
  parent: Address,
  [name, navigation]: NonNullable<ReturnType<typeof navigationAt>>,
  segment: Segment,
): Point {
  const { kind, many, target, methods, aliasOf } = navigation;
  const source =
    kind === 'contains'
      ? ({ kind: 'contained', parent, navigation: aliasOf ?? name } as const)
      : ({ kind: 'referenced', parent, navigation: aliasOf ?? name, name } as const);
  const { root } = parent.collection;
  return keyed({ type: target(), root, source, methods, single: !many, cast: false }, segment.key);
}

function valuePoint(
  address: Address,
  above: readonly string[],
  found: readonly (readonly [string, Property])[],
  segment: Segment,
): Point {
  const shown = found.filter(([, property]) => readable(property));
  const [first] = shown;
  if (!first) throw unknown(segment);
  const properties = shown.map(([, property]) => property);
  const point: ValuePoint = { kind: 'value', address, path: [...above, first[0]], properties };
  if (!segment.key) return point;
  if (segment.key.kind !== 'value' || !isKeyed(point)) throw unknown(segment);
  return { kind: 'item', of: point, key: segment.key.value };
}

const isKeyed = ({ properties }: ValuePoint): boolean => properties.some(({ rules }) => rules.keyedBy !== undefined);

function fromValue(request: GraphRequest, at: ValuePoint, segment: Segment): Point {
  const { address, path } = at;
  if (isKeyed(at)) return { kind: 'item', of: at, key: segment.text };
  const cast = qualifiedName(segment.name);
  if (cast !== undefined) return castValue(at, cast, segment);
  const navigation = navigationAt(typeAt(address), [...path, segment.name], request.version, at.cast);
  if (navigation) return navigate(address, navigation, segment);
  const members = complexTypes(at).flatMap(({ properties }) => {
    const entry = entryNamed(properties, segment.name);
    return entry ? [entry] : [];
  });
  return valuePoint(address, path, members, segment);
}

function castValue(at: ValuePoint, name: string, segment: Segment): Point {
  const known = at.properties.some(
    ({ type }) => type.kind === 'complex' && [type.type, ...typesOf(type)].some((one) => fold(one.name) === fold(name)),
  );
  if (!known || segment.key) throw unknown(segment);
  // Naming the declared type, from which all its variants are derived, narrows nothing.
  const narrows = at.properties.some(
    ({ type }) => type.kind === 'complex' && type.variants && fold(type.type.name) !== fold(name),
  );
  return narrows ? { ...at, cast: name } : at;
}

const complexTypes = ({ properties, cast }: ValuePoint): readonly ComplexType[] =>
  properties.flatMap(({ type }) =>
    type.kind === 'complex' ? typesOf(type).filter((one) => cast === undefined || fold(one.name) === fold(cast)) : [],
  );
