import { type EntityType, familyOf, isA, type Navigation, type Property, type PropertyType } from '../model/index.ts';
import { faults } from './faults.ts';

/** A property kept in an indexed column. */
export interface HotProperty {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'boolean';
  readonly unique: boolean;
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
      const navigation = known(from.navigations[name], name);
      return { name: navigation.aliasOf ?? name, target: family(navigation.target()) };
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
  for (const [property, { type, rules }] of types.flatMap(({ properties }) => Object.entries<Property>(properties))) {
    if (rules.uniqueTuple) tuples.set(property, { name: property, members: membersOf(type, rules.uniqueTuple) });
    const kind = columnKind(type);
    if (!kind || !(rules.unique || rules.indexed)) continue;
    hot.set(property, {
      name: property,
      kind,
      unique: (rules.unique ?? false) || (hot.get(property)?.unique ?? false),
    });
  }
  return { name, types, hot: [...hot.values()], tuples: [...tuples.values()], contained };
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
