import {
  type EntityType,
  familyOf,
  isA,
  isUnbounded,
  type Navigation,
  type Path,
  type Property,
  type PropertyType,
  type Shape,
  typesOf,
} from '../model/index.ts';
import { faults } from './faults.ts';

/** A property kept in an indexed column. */
export interface HotProperty {
  /** Its path from the entity, `status/errorCode`. */
  readonly name: string;
  readonly kind: 'text' | 'number' | 'boolean';
  readonly unique: boolean;
  /** Its index gives the order of the collection by it; else rows without a value may be missing there. */
  readonly ordered: boolean;
}

/**
 * What the index of single values holds of an entity: a text or every element of a collection as it is, a text from its end, or the words
 * of a text.
 */
export interface Axis {
  /** Unique in the family. */
  readonly name: string;
  /** From the entity to the value, or to the collection. */
  readonly path: Path;
  /** In a collection: from the element to the value. */
  readonly member?: Path;
  readonly as: 'value' | 'reversed' | 'words';
}

/** A collection of complex values of which a tuple of members is unique in the tenant. */
export interface TupleProperty {
  readonly name: string;
  readonly members: readonly Pick<HotProperty, 'name' | 'kind'>[];
}

/** The entities that share a key space: a topmost type and all derived from it. */
export interface Family {
  readonly name: string;
  readonly types: readonly EntityType[];
  readonly hot: readonly HotProperty[];
  readonly tuples: readonly TupleProperty[];
  /** What the index of single values holds of it. */
  readonly axes: readonly Axis[];
  /** That index holds the members as well that no type declares. */
  readonly open: boolean;
  /** There may be millions: a query is bounded by what it examines. */
  readonly large: boolean;
  /** Its entities may live inside others. */
  readonly contained: boolean;
}

/** What an engine knows about the model it was opened with. */
export interface Catalogue {
  readonly families: readonly Family[];
  /** Throws `store.undeclared`. */
  family(type: EntityType): Family;
  /** Throws `store.undeclared`. */
  type(name: string): EntityType;
  /** A reference navigation of the type or of one derived from it, under its own name when asked by an alias. Throws `store.undeclared`. */
  reference(type: EntityType, name: string): { readonly name: string; readonly target: Family };
}

export function createCatalogue(declared: readonly EntityType[]): Catalogue {
  const types = new Map<string, EntityType>();
  // Views have no rows of their own.
  for (const type of declared) if (!type.view) addWithBases(types, type);
  const containedNames = new Set(
    [...types.values()].flatMap(({ navigations }) =>
      Object.values(navigations)
        .filter(({ kind }) => kind === 'contains')
        .map(({ target }) => familyOf(target()).name),
    ),
  );
  const roots = new Set([...types.values()].map((type) => familyOf(type).name));
  const families = new Map(
    [...roots].map((name) => {
      const members = [...types.values()].filter((type) => familyOf(type).name === name);
      return [name, createFamily(name, members, containedNames.has(name))];
    }),
  );
  const family = (type: EntityType) => known(families.get(familyOf(type).name), type.name);
  return {
    families: [...families.values()],
    family,
    type: (name) => known(types.get(name), name),
    reference(type, name) {
      const from = known(
        family(type).types.find((member) => isA(member, type) && Object.hasOwn(member.navigations, name)),
        `${type.name}/${name}`,
      );
      // An alias may show the same entities as a view, which is stored nowhere.
      const own = ownName(from, name);
      return { name: own, target: family(known(from.navigations[own], own).target()) };
    },
  };
}

/** The navigation's own name: an alias leads to the same entities. */
export const ownName = (type: EntityType, navigation: string): string =>
  (type.navigations[navigation] as Navigation | undefined)?.aliasOf ?? navigation;

function known<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw faults.undeclared({ name });
  return found;
}

function addWithBases(types: Map<string, EntityType>, type: EntityType): void {
  types.set(type.name, type);
  if (type.base) addWithBases(types, type.base);
}

function createFamily(name: string, types: readonly EntityType[], contained: boolean): Family {
  const hot = new Map<string, HotProperty>();
  const tuples = new Map<string, TupleProperty>();
  const axes = new Map<string, Axis>();
  for (const { path, property, member } of types.flatMap(({ properties }) => [...declaredIn(properties, [])])) {
    const { type, rules } = property;
    const at = path.join('/');
    for (const axis of axesOf(path, member, property)) axes.set(axis.name, axis);
    if (rules.uniqueTuple) tuples.set(at, { name: at, members: membersOf(type, rules.uniqueTuple) });
    const column = member ? undefined : hotOf(at, property, hot.get(at));
    if (column) hot.set(at, column);
  }
  const large = types.some(isUnbounded);
  return {
    name,
    types,
    hot: [...hot.values()],
    tuples: [...tuples.values()],
    // Of a small collection every entity can be looked at.
    axes: large ? [...axes.values()] : [],
    open: large && types.some(({ open }) => open),
    large,
    contained,
  };
}

/** `known`: what another type of the family declares there. */
function hotOf(name: string, { type, rules }: Property, known: HotProperty | undefined): HotProperty | undefined {
  const kind = columnKind(type);
  if (!kind || !(rules.unique || rules.indexed)) return undefined;
  return {
    name,
    kind,
    unique: rules.unique === true || known?.unique === true,
    ordered: rules.indexed === true || known?.ordered === true,
  };
}

interface Declared {
  readonly path: Path;
  readonly property: Property;
  /** In a collection at the path: from the element to the property. */
  readonly member?: Path;
}

/** Every property, those of complex values and of elements of collections included. */
function* declaredIn(shape: Shape, above: Path, collection?: Path): Generator<Declared> {
  for (const [name, property] of Object.entries(shape)) {
    const path = [...above, name];
    yield collection ? { path: collection, member: path, property } : { path, property };
    const { type } = property;
    if (type.kind === 'complex') for (const one of typesOf(type)) yield* declaredIn(one.properties, path, collection);
    if (collection || type.kind !== 'collection' || type.of.kind !== 'complex') continue;
    for (const one of typesOf(type.of)) yield* declaredIn(one.properties, [], path);
  }
}

function axesOf(path: Path, member: Path | undefined, { type, rules }: Property): readonly Axis[] {
  const name = [...path, ...(member ?? [])].join('/');
  const place = { path, ...(member ? { member } : {}) };
  const many = type.kind === 'collection' && columnKind(type.of) === 'text';
  const one = columnKind(type) === 'text';
  return [
    ...(rules.indexed && (many || (one && member)) ? [{ name, ...place, as: 'value' as const }] : []),
    ...(rules.endsIndexed && (many || one) ? [{ name: `${name}<`, ...place, as: 'reversed' as const }] : []),
    ...(rules.words && one ? [{ name: `${name}~`, ...place, as: 'words' as const }] : []),
  ];
}

function membersOf(type: PropertyType, names: readonly string[]): TupleProperty['members'] {
  const shape = type.kind === 'collection' && type.of.kind === 'complex' ? type.of.type.properties : {};
  return names.map((name) => {
    const member = shape[name];
    return { name, kind: (member && columnKind(member.type)) ?? 'text' };
  });
}

function columnKind(type: PropertyType): HotProperty['kind'] | undefined {
  switch (type.kind) {
    case 'string':
    case 'guid':
    case 'dateTimeOffset':
    case 'enum':
      return 'text';
    case 'int32':
    case 'int64':
    case 'single':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'complex':
    case 'collection':
      return undefined;
    default:
      return type satisfies never;
  }
}
