import type {
  ComplexType,
  EntityType,
  EnumType,
  Navigation,
  Origin,
  Property,
  PropertyType,
  Shape,
} from '../../model/index.ts';
import { alternateKeys, visible } from '../surface.ts';
import { annotation, element, flag } from './element.ts';
import { type KeyedType, localName, qualified, type Vocabulary } from './vocabulary.ts';

export const enumXml = ({ name, members, flags }: EnumType): string =>
  element(
    'EnumType',
    { Name: localName(name), IsFlags: flag(flags === true) },
    Object.entries(members).map(([member, value]) => element('Member', { Name: member, Value: String(value) })),
  );

/** The root of all entity types (OData CSDL §6). */
export const rootXml = (): string =>
  element('EntityType', { Name: 'entity', Abstract: 'true' }, [
    element('Key', {}, [element('PropertyRef', { Name: 'id' })]),
    element('Property', { Name: 'id', Type: 'Edm.String', Nullable: 'false' }),
  ]);

export function complexXml(type: ComplexType, words: Vocabulary): string {
  const { name, base, abstract, open, own } = type;
  const named = {
    Name: localName(name),
    BaseType: base && qualified(base.name),
    Abstract: flag(abstract),
    OpenType: flag(open && !base?.open),
  };
  return element('ComplexType', named, [...propertiesXml(type.properties, own), ...heldXml(type, words)]);
}

/** Navigations that an entity declares by a path through this type. */
function heldXml(type: ComplexType, words: Vocabulary): readonly string[] {
  const found = new Map<string, string>();
  for (const entity of words.entities.values()) {
    for (const path of entity.ownNavigations) {
      const navigation = entity.navigations[path];
      const name = path.split('/').at(-1);
      if (navigation && name && path.includes('/') && holderOf(entity, path, navigation) === type.name)
        for (const xml of navigationXml(name, navigation, words)) found.set(name, xml);
    }
  }
  return [...found.values()];
}

/** The complex type at the end of the path, before the navigation's own name. */
function holderOf(entity: EntityType, path: string, { holder }: Navigation): string | undefined {
  if (holder) return holder().name;
  let shape: Shape = entity.properties;
  let last: ComplexType | undefined;
  for (const step of path.split('/').slice(0, -1)) {
    const type = shape[step]?.type;
    last = type?.kind === 'complex' ? type.type : undefined;
    shape = last?.properties ?? {};
  }
  return last?.name;
}

export const keyedXml = ({ type, key }: KeyedType): string =>
  element('EntityType', { Name: localName(type.name) }, [
    element('Key', {}, [element('PropertyRef', { Name: key })]),
    ...propertiesXml(type.properties, type.own),
  ]);

export function entityXml(type: EntityType, words: Vocabulary): string {
  const named = {
    Name: localName(type.name),
    BaseType: qualified(type.base?.name ?? 'entity'),
    Abstract: flag(type.abstract),
    OpenType: flag(type.open && !type.base?.open),
    HasStream: flag(type.stream !== undefined && type.base?.stream === undefined),
  };
  return element('EntityType', named, [
    ...propertiesXml(type.properties, type.own),
    ...type.ownNavigations.flatMap((name) => {
      const navigation = type.navigations[name];
      return navigation && !name.includes('/') ? navigationXml(name, navigation, words) : [];
    }),
    ...nestedXml(type, words),
    ...alternateKeysXml(type),
  ]);
}

/** What names an entity beside its id (OData Core vocabulary, `AlternateKeys`): `applications(appId='…')`. */
function alternateKeysXml(type: EntityType): readonly string[] {
  const keys = alternateKeys(type).filter((name) => type.own.includes(name));
  if (keys.length === 0) return [];
  const records = keys.map((name) => {
    const reference = element('Record', {}, [
      element('PropertyValue', { Property: 'Name', PropertyPath: name }),
      element('PropertyValue', { Property: 'Alias', String: name }),
    ]);
    return element('Record', {}, [
      element('PropertyValue', { Property: 'Key' }, [element('Collection', {}, [reference])]),
    ]);
  });
  const term = { Term: 'Org.OData.Core.V1.AlternateKeys' };
  return [element('Annotation', term, [element('Collection', {}, records)])];
}

/** A set whose path begins with that of a singleton is a way on from it: `identity/events` to `onSignupStart`. */
function nestedXml({ set }: EntityType, { entities }: Vocabulary): readonly string[] {
  if (set?.singleton === undefined) return [];
  return [...entities.values()].flatMap((other) => {
    const rest = other.set?.path.startsWith(`${set.path}/`) ? other.set.path.slice(set.path.length + 1) : undefined;
    if (rest === undefined || rest.includes('/')) return [];
    return element('NavigationProperty', {
      Name: rest,
      Type: `Collection(${qualified(other.name)})`,
      ContainsTarget: 'true',
    });
  });
}

function navigationXml(name: string, navigation: Navigation, { version }: Vocabulary): readonly string[] {
  if (!navigation.versions.includes(version)) return [];
  const target = qualified(navigation.target().name);
  const named = {
    Name: name,
    Type: navigation.many ? `Collection(${target})` : target,
    ContainsTarget: flag(navigation.kind === 'contains'),
  };
  return [element('NavigationProperty', named, originOf(navigation))];
}

const propertiesXml = (shape: Shape, own: readonly string[]): readonly string[] =>
  own.flatMap((name) => {
    const property = shape[name];
    return property && visible(property) ? propertyXml(name, property) : [];
  });

function propertyXml(name: string, property: Property): string {
  const { type, rules } = property;
  if (rules.keyedBy !== undefined)
    return element('NavigationProperty', { Name: name, Type: typeText(type), ContainsTarget: 'true' });
  const maxLength = type.kind === 'string' ? type.maxLength : undefined;
  const named = {
    Name: name,
    Type: typeText(type),
    Nullable: rules.nullable ? undefined : 'false',
    MaxLength: maxLength === undefined ? undefined : String(maxLength),
  };
  return element('Property', named, annotationsOf(property));
}

/** In the vocabularies that OData clients know (Core and Validation V1), and one of our own. */
function annotationsOf({ type, rules }: Property): readonly string[] {
  const yes = { Bool: 'true' };
  return [
    ...(rules.access === 'server' ? [annotation('Org.OData.Core.V1.Computed', yes)] : []),
    ...(rules.access === 'create' ? [annotation('Org.OData.Core.V1.Immutable', yes)] : []),
    ...(type.kind === 'int32' && type.min !== undefined
      ? [annotation('Org.OData.Validation.V1.Minimum', { Int: String(type.min) })]
      : []),
    ...(type.kind === 'int32' && type.max !== undefined
      ? [annotation('Org.OData.Validation.V1.Maximum', { Int: String(type.max) })]
      : []),
    ...originOf(rules),
  ];
}

const originOf = ({ origin }: { readonly origin?: Origin }): readonly string[] =>
  origin ? [annotation('usher.origin', { String: origin })] : [];

/** How a value's type is written (OData CSDL §4.4). */
export function typeText(type: PropertyType): string {
  switch (type.kind) {
    case 'string':
      return 'Edm.String';
    case 'boolean':
      return 'Edm.Boolean';
    case 'int32':
      return 'Edm.Int32';
    case 'int64':
      return 'Edm.Int64';
    case 'single':
      return 'Edm.Single';
    case 'guid':
      return 'Edm.Guid';
    case 'dateTimeOffset':
      return 'Edm.DateTimeOffset';
    case 'enum':
    case 'complex':
      return qualified(type.type.name);
    case 'collection':
      return `Collection(${typeText(type.of)})`;
    default:
      return type satisfies never;
  }
}
