import { secretMask } from '../directory/index.ts';
import { type EnumType, type Property, type PropertyType, typeMember, typeOfValue } from '../model/index.ts';
import type { MetadataLevel } from './accept.ts';
import type { Json } from './json.ts';
import { typeText } from './metadata/types.ts';
import { fullName, readable } from './surface.ts';

/** How values are written, as the caller wants them. */
export interface Writing {
  /** `Edm.Int64` as text (`IEEE754Compatible=true`). */
  readonly ieee754: boolean;
  /** Members of enumerations that came after `unknownFutureValue` by name, for callers that are prepared (Graph contract d.5). */
  readonly unknownMembers: boolean;
  readonly metadata: MetadataLevel;
  /** Context URL of what is written, for members that have one of their own; absent: none is written. */
  readonly context?: string;
}

const usualWriting: Writing = { ieee754: false, unknownMembers: false, metadata: 'minimal' };

/** Adds a declared property to an object under its name, with what there is to say of it. */
export function addDeclared(
  json: Record<string, unknown>,
  name: string,
  property: Property | undefined,
  values: Json,
  writing: Writing,
): void {
  if (!property || !readable(property)) return;
  const { context } = writing;
  const inside = context === undefined ? undefined : `${context}/${name}`;
  if (inside !== undefined && property.rules.keyedBy !== undefined) json[`${name}@odata.context`] = inside;
  const value = propertyJson(property, values[name], inside === undefined ? writing : { ...writing, context: inside });
  const type = writing.metadata === 'full' && value !== null ? toldType(property.type) : undefined;
  if (type !== undefined) json[`${name}@odata.type`] = type;
  json[name] = value;
}

/** Whether the value is told as it is stored, and nothing else with it but in full metadata. */
export const isPlain = ({ type, rules }: Property): boolean =>
  plainKinds.has(type.kind) && rules.access !== 'internal' && rules.access !== 'write' && rules.secret !== true;

const plainKinds: ReadonlySet<PropertyType['kind']> = new Set([
  'string',
  'boolean',
  'int32',
  'single',
  'guid',
  'dateTimeOffset',
]);

/** A property's value as it is returned: secrets masked, absent values null or empty. */
export function propertyJson({ type, rules }: Property, value: unknown, writing: Writing = usualWriting): unknown {
  if (rules.secret) return value === undefined || value === null ? null : secretMask;
  return valueJson(type, value, writing);
}

function valueJson(type: PropertyType, value: unknown, writing: Writing): unknown {
  switch (type.kind) {
    case 'collection':
      return Array.isArray(value) ? value.map((item) => valueJson(type.of, item, writing)) : [];
    case 'complex':
      return value === undefined || value === null ? null : complexJson(type, value as Json, writing);
    case 'int64':
      return typeof value === 'number' && writing.ieee754 ? String(value) : (value ?? null);
    case 'enum':
      return typeof value === 'string' && !writing.unknownMembers ? knownMember(type.type, value) : (value ?? null);
    default:
      return value ?? null;
  }
}

const sentinel = 'unknownFutureValue';

/** What an old client would not know is told as the one member that it knows to stand for such. */
function knownMember({ members, flags }: EnumType, value: string): string {
  const [own, last] = [members[value], members[sentinel]];
  return !flags && own !== undefined && last !== undefined && own > last ? sentinel : value;
}

function complexJson(type: Extract<PropertyType, { kind: 'complex' }>, value: Json, writing: Writing): Json {
  const { name, open, properties } = typeOfValue(type, value);
  const named = writing.metadata !== 'none' && (type.variants !== undefined || writing.metadata === 'full');
  const json: Record<string, unknown> = named ? { [typeMember]: `#${fullName(name)}` } : {};
  for (const [member, property] of Object.entries(properties)) addDeclared(json, member, property, value, writing);
  if (open) for (const member of Object.keys(value)) if (!Object.hasOwn(json, member)) json[member] = value[member];
  return json;
}

/** The type of a value that cannot be told from its JSON (OData JSON §4.6.3); a complex value tells its own. */
function toldType(type: PropertyType): string | undefined {
  switch (type.kind) {
    case 'string':
    case 'boolean':
    case 'complex':
      return undefined;
    case 'collection':
      return `#Collection(${nameOf(type.of)})`;
    default:
      return `#${nameOf(type)}`;
  }
}

/** `Edm.` is left out, as the service does. */
const nameOf = (type: PropertyType): string =>
  type.kind === 'complex' || type.kind === 'enum' ? fullName(type.type.name) : typeText(type).replace(/^Edm\./, '');
