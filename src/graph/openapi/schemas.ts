import type { ComplexType, EntityType, EnumType, Property, PropertyType, Shape } from '../../model/index.ts';
import { typesOf } from '../../model/index.ts';
import type { Vocabulary } from '../metadata/vocabulary.ts';
import { fullName, visible } from '../surface.ts';

/** A JSON Schema (draft 2020-12), as OpenAPI 3.1 has it. */
export type Schema = Readonly<Record<string, unknown>>;

/** The schema of a type has its full name. */
export const refTo = (name: string): Schema => ({ $ref: `#/components/schemas/${fullName(name)}` });

/** The schemas of everything a version can send or take. */
export function schemas(words: Vocabulary): Readonly<Record<string, Schema>> {
  const named = [
    ...[...words.enums.values()].map((type) => [type.name, enumSchema(type)] as const),
    ...[...words.complexes.values()].map((type) => [type.name, objectSchema(type, words)] as const),
    ...[...words.keyed.values()].map(({ type }) => [type.name, objectSchema(type, words)] as const),
    ...[...words.entities.values()].map((type) => [type.name, entitySchema(type, words)] as const),
  ];
  return Object.fromEntries(
    named.map(([name, schema]) => [fullName(name), schema] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const enumSchema = ({ members, flags }: EnumType): Schema =>
  flags
    ? { type: 'string', description: `One or more of ${Object.keys(members).join(', ')}, joined by commas.` }
    : { type: 'string', enum: Object.keys(members) };

function objectSchema(type: ComplexType, words: Vocabulary): Schema {
  return derived(type.base?.name, { type: 'object', properties: propertySchemas(type.properties, type.own, words) });
}

function entitySchema(type: EntityType, words: Vocabulary): Schema {
  const id = type.base ? {} : { id: { type: 'string', ...(type.key === 'server' ? { readOnly: true } : {}) } };
  const related = type.ownNavigations.flatMap((name) => {
    const navigation = type.navigations[name];
    if (!navigation?.versions.includes(words.version) || name.includes('/')) return [];
    const target = refTo(navigation.target().name);
    return [[name, navigation.many ? { type: 'array', items: target } : target] as const];
  });
  const properties = { ...id, ...propertySchemas(type.properties, type.own, words), ...Object.fromEntries(related) };
  return derived(type.base?.name, { type: 'object', properties, externalDocs: { url: type.source } });
}

const derived = (base: string | undefined, own: Schema): Schema => (base ? { allOf: [refTo(base), own] } : own);

const propertySchemas = (shape: Shape, own: readonly string[], words: Vocabulary): Schema =>
  Object.fromEntries(
    own.flatMap((name) => {
      const property = shape[name];
      return property && visible(property) ? [[name, propertySchema(property, words)]] : [];
    }),
  );

/** Also of a parameter of an operation. */
export function propertySchema({ type, rules }: Property, words: Vocabulary): Schema {
  const { access, nullable } = rules;
  const value = valueSchema(type, words);
  return {
    ...(nullable ? orNull(value) : value),
    ...(access === 'server' ? { readOnly: true } : {}),
    ...(access === 'write' ? { writeOnly: true } : {}),
    ...(isLiteral(rules.default) ? { default: rules.default } : {}),
  };
}

const isLiteral = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

const orNull = (schema: Schema): Schema =>
  typeof schema['type'] === 'string' && schema['enum'] === undefined
    ? { ...schema, type: [schema['type'], 'null'] }
    : { anyOf: [schema, { type: 'null' }] };

function valueSchema(type: PropertyType, words: Vocabulary): Schema {
  switch (type.kind) {
    case 'string':
      return {
        type: 'string',
        ...(type.maxLength === undefined ? {} : { maxLength: type.maxLength }),
        ...(type.pattern === undefined ? {} : { pattern: type.pattern.source }),
      };
    case 'boolean':
      return { type: 'boolean' };
    case 'int32':
      return {
        type: 'integer',
        format: 'int32',
        ...(type.min === undefined ? {} : { minimum: type.min }),
        ...(type.max === undefined ? {} : { maximum: type.max }),
      };
    case 'int64':
      return { type: 'integer', format: 'int64' };
    case 'single':
      return { type: 'number', format: 'float' };
    case 'guid':
      return { type: 'string', format: 'uuid' };
    case 'dateTimeOffset':
      return { type: 'string', format: 'date-time' };
    case 'enum':
      return refTo(type.type.name);
    case 'complex':
      return type.variants ? oneOf(type) : refTo(type.type.name);
    case 'collection':
      return { type: 'array', items: valueSchema(type.of, words) };
    default:
      return type satisfies never;
  }
}

function oneOf(type: Extract<PropertyType, { kind: 'complex' }>): Schema {
  const mapping = typesOf(type).map(({ name }) => [`#${fullName(name)}`, refTo(name)['$ref']] as const);
  return {
    oneOf: typesOf(type).map(({ name }) => refTo(name)),
    discriminator: { propertyName: '@odata.type', mapping: Object.fromEntries(mapping) },
  };
}
