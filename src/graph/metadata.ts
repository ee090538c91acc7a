import { attributes, printHtml, type Reply } from '../http/index.ts';
import type { ComplexType, EntityType, EnumType, Property, PropertyType, Shape, Version } from '../model/index.ts';
import { familyOf } from '../model/index.ts';
import { visible } from './filter.ts';
import { collectionFunctions, familyBelow, type SetType, setsOf } from './surface.ts';

/** Everything one version's document names, collected by walking from its sets. */
interface Vocabulary {
  readonly entities: ReadonlyMap<string, EntityType>;
  readonly complexes: ReadonlyMap<string, ComplexType>;
  readonly enums: ReadonlyMap<string, EnumType>;
}

type Attributes = Readonly<Record<string, string | undefined>>;

/** The collections below `/identity` are members of a container entity, not sets (Graph contract a.1). */
const containerType = 'identityContainer';

const documents = new Map<Version, Reply>();

/** The document as it is sent. It depends on nothing but the version, and anybody may ask, so it is printed once. */
export function metadataReply(version: Version): Reply {
  const known = documents.get(version);
  if (known) return known;
  const headers = { 'content-type': 'application/xml;charset=utf-8', 'cache-control': 'public, max-age=3600' };
  const made: Reply = { status: 200, headers, body: metadataXml(version) };
  documents.set(version, made);
  return made;
}

/** The CSDL document of a version (OData CSDL XML 4.01 §3), printed from the declarations and from nothing else. */
export function metadataXml(version: Version): string {
  const words = vocabulary(version);
  const schema = [
    ...byName(words.enums).map(enumXml),
    ...byName(words.complexes).map(complexXml),
    rootXml(),
    ...byName(words.entities).map((type) => entityXml(type, version)),
    containerXml(version),
    ...functionsXml(words),
    entityContainerXml(version, words),
  ];
  const namespace = { Namespace: 'microsoft.graph', Alias: 'graph', xmlns: 'http://docs.oasis-open.org/odata/ns/edm' };
  const edmx = { Version: '4.0', 'xmlns:edmx': 'http://docs.oasis-open.org/odata/ns/edmx' };
  const body = element('edmx:DataServices', {}, [element('Schema', namespace, schema)]);
  return `<?xml version="1.0" encoding="utf-8"?>\n${element('edmx:Edmx', edmx, [body])}\n`;
}

const byName = <T extends { readonly name: string }>(found: ReadonlyMap<string, T>): readonly T[] =>
  [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

function vocabulary(version: Version): Vocabulary {
  const entities = new Map<string, EntityType>();
  const complexes = new Map<string, ComplexType>();
  const enums = new Map<string, EnumType>();
  const addShape = (shape: Shape): void => {
    for (const property of Object.values(shape)) if (visible(property)) addType(property.type);
  };
  const addType = (type: PropertyType): void => {
    if (type.kind === 'collection') addType(type.of);
    else if (type.kind === 'enum') enums.set(type.type.name, type.type);
    else if (type.kind === 'complex' && !complexes.has(type.type.name)) {
      complexes.set(type.type.name, type.type);
      addShape(type.type.properties);
    }
  };
  const addEntity = (type: EntityType): void => {
    // A family brings in only what this version serves of it.
    if (entities.has(type.name) || (type.set && !type.set.versions.includes(version))) return;
    entities.set(type.name, type);
    addShape(type.properties);
    if (type.base) addEntity(type.base);
    for (const derived of familyBelow(type)) addEntity(derived);
    for (const { target, versions } of Object.values(type.navigations))
      if (versions.includes(version)) addEntity(target());
  };
  for (const type of setsOf(version)) addEntity(type);
  return { entities, complexes, enums };
}

/** What HTML escapes in a quoted attribute value, and how, is good XML too (XML 1.0 §2.4). */
function element(name: string, named: Attributes, children: readonly string[] = []): string {
  const head = `${name}${printHtml(attributes(named))}`;
  if (children.length === 0) return `<${head} />`;
  const inner = children.map((child) => child.replace(/^/gm, '  ')).join('\n');
  return `<${head}>\n${inner}\n</${name}>`;
}

const flag = (value: boolean): string | undefined => (value ? 'true' : undefined);

const enumXml = ({ name, members }: EnumType): string =>
  element(
    'EnumType',
    { Name: name },
    Object.entries(members).map(([member, value]) => element('Member', { Name: member, Value: String(value) })),
  );

const complexXml = ({ name, properties }: ComplexType): string =>
  element('ComplexType', { Name: name }, Object.entries(properties).flatMap(propertyXml));

const rootXml = (): string =>
  element('EntityType', { Name: 'entity', Abstract: 'true' }, [
    element('Key', {}, [element('PropertyRef', { Name: 'id' })]),
    element('Property', { Name: 'id', Type: 'Edm.String', Nullable: 'false' }),
  ]);

function entityXml(type: EntityType, version: Version): string {
  const named = {
    Name: type.name,
    BaseType: `graph.${type.base?.name ?? 'entity'}`,
    Abstract: flag(type.abstract),
    OpenType: flag(type.open && !type.base?.open),
  };
  const properties = type.own.flatMap((name) => {
    const property = (type.properties as Shape)[name];
    return property ? propertyXml([name, property]) : [];
  });
  return element('EntityType', named, [...properties, ...navigationsXml(type, version)]);
}

const navigationsXml = (type: EntityType, version: Version): readonly string[] =>
  type.ownNavigations.flatMap((name) => {
    const navigation = type.navigations[name];
    if (!navigation?.versions.includes(version)) return [];
    const target = `graph.${navigation.target().name}`;
    return element('NavigationProperty', {
      Name: name,
      Type: navigation.many ? `Collection(${target})` : target,
      ContainsTarget: flag(navigation.kind === 'contains'),
    });
  });

function propertyXml([name, property]: readonly [string, Property]): readonly string[] {
  if (!visible(property)) return [];
  const nullable = property.rules.nullable ? undefined : 'false';
  return [element('Property', { Name: name, Type: typeText(property.type), Nullable: nullable })];
}

function typeText(type: PropertyType): string {
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
      return `graph.${type.type.name}`;
    case 'collection':
      return `Collection(${typeText(type.of)})`;
    default:
      return type satisfies never;
  }
}

/** The collections of the container, by the name after `identity/`. */
const containedSets = (version: Version): readonly (readonly [string, SetType])[] =>
  setsOf(version).flatMap((type) => {
    const [first, name] = type.set.path.split('/');
    return first === 'identity' && name !== undefined ? [[name, type] as const] : [];
  });

const containerXml = (version: Version): string =>
  element(
    'EntityType',
    { Name: containerType, BaseType: 'graph.entity' },
    containedSets(version).map(([name, type]) =>
      element('NavigationProperty', {
        Name: name,
        Type: `Collection(graph.${type.name})`,
        ContainsTarget: 'true',
      }),
    ),
  );

const functionsXml = ({ entities }: Vocabulary): readonly string[] =>
  collectionFunctions
    .filter(({ on }) => entities.has(on.name))
    .map(({ name, on }) =>
      element('Function', { Name: name, IsBound: 'true' }, [
        element('Parameter', { Name: 'bindingParameter', Type: `Collection(graph.${on.name})` }),
        element('ReturnType', { Type: 'Collection(Edm.String)' }),
      ]),
    );

function entityContainerXml(version: Version, words: Vocabulary): string {
  const top = setsOf(version).filter(({ set }) => !set.path.includes('/'));
  const bindings = containedSets(version).flatMap(([name, type]) => bindingsXml(name, type, version, words));
  return element('EntityContainer', { Name: 'GraphService' }, [
    ...top.map(({ name, set }) => element('EntitySet', { Name: set.path, EntityType: `microsoft.graph.${name}` })),
    element('Singleton', { Name: 'identity', Type: `microsoft.graph.${containerType}` }, bindings),
  ]);
}

/** Where the targets of reference navigations are found, also of those one containment further down. */
function bindingsXml(path: string, type: EntityType, version: Version, words: Vocabulary): readonly string[] {
  return Object.entries(type.navigations).flatMap(([name, { kind, target, versions }]) => {
    if (!versions.includes(version)) return [];
    const here = `${path}/${name}`;
    if (kind === 'contains') return bindingsXml(here, target(), version, words);
    const set = target().set ?? familyOf(target()).set;
    if (!set?.versions.includes(version) || !words.entities.has(target().name)) return [];
    return element('NavigationPropertyBinding', { Path: here, Target: set.path });
  });
}
