import type { Fault } from '../kernel/index.ts';
import type { EntityType } from './entity.ts';
import { faults } from './faults.ts';
import {
  bareTypeName,
  type ComplexType,
  complexType,
  type Property,
  type PropertyType,
  type Shape,
  typeMember,
} from './property.ts';
import { fold } from './query.ts';
import { describeScalar, isText, readScalar } from './scalar.ts';

export interface ValidateOptions {
  /** The server's own write (seed, behaviour): `server` and `internal` properties and a chosen `id` are accepted too. */
  readonly trusted?: boolean;
}

/** Items in one collection. */
const maxItems = 1000;
/** Members of one object, declared or not. */
const maxMembers = 500;
/** Text in a member beyond the declared ones, in UTF-16 units. */
const maxOpenText = 4096;
const openName = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
interface Walk {
  /** Name of the entity type, for the faults. */
  readonly type: string;
  readonly verb: 'create' | 'update';
  readonly trusted: boolean;
}

/**
 * Checks a body of unknown origin against the declaration and returns what it names, in normal form: names and enum
 * members as declared, GUIDs in lower case, times in UTC. It fills in nothing: see `complete`. Members with an `@` are
 * annotations (OData JSON §4.5) and skipped, members that are undefined count as absent.
 * Throws the first fault it finds, one of `model.*` (400).
 */
export function validate(
  type: EntityType,
  body: Readonly<Record<string, unknown>>,
  verb: 'create' | 'update',
  options: ValidateOptions = {},
): Record<string, unknown> {
  const walk: Walk = { type: type.name, verb, trusted: options.trusted ?? false };
  if (!isObject(body)) throw faults.notAnObject({ type: type.name, name: '', expected: 'an object', target: '' });
  if (type.abstract && verb === 'create') {
    throw faults.abstractType({ type: type.name, name: '@odata.type', expected: 'a concrete type', target: '' });
  }
  const out: Record<string, unknown> = {};
  for (const [name, given] of membersOf(walk, body, '')) {
    const declared = declaredIn(type.properties).get(fold(name));
    refuseInternal(walk, type, declared, name);
    if (fold(name) === 'id') out['id'] = readId(walk, type, given);
    else if (declared) out[declared[0]] = readDeclared(walk, declared, given, name);
    else out[name] = readUndeclared(walk, type, given, name);
  }
  if (verb === 'create') {
    demandMembers(walk, type.properties, out, '');
    if (type.key === 'client' && out['id'] === undefined) throw faults.requiredProperty(at(walk, 'id', idRule));
  }
  return out;
}

/** The parameters of an operation, in normal form. Throws as `validate` does. */
export function validateParameters(
  operation: string,
  parameters: Shape,
  body: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const walk: Walk = { type: operation, verb: 'create', trusted: false };
  return readMembers(walk, complexType(operation, parameters), body, '');
}

const idRule = "a string of 1 to 128 characters without control characters and without / ' # ?";

/** An id that can stand in a path segment and in a key literal without being mistaken for something else. */
export const isId = (given: unknown): given is string =>
  isText(given, 128) && /^[^\p{Cc}/'#?]+$/u.test(given) && given.trim() === given && !/^\.{1,2}$/.test(given);

/** Throws `model.invalidValue` unless it is an id. */
export function demandId(type: EntityType, id: unknown): string {
  if (isId(id)) return id;
  throw faults.invalidValue({ type: type.name, name: 'id', expected: idRule, target: 'id' });
}

function readId(walk: Walk, type: EntityType, given: unknown): string {
  if (walk.verb === 'update') throw faults.immutableProperty(at(walk, 'id', 'no value'));
  if (type.key === 'server' && !walk.trusted) throw faults.readOnlyProperty(at(walk, 'id', 'no value'));
  return demandId(type, given);
}

function readDeclared(walk: Walk, [name, property]: Declaration, given: unknown, target: string): unknown {
  refuseAccess(walk, name, property, target);
  return readProperty(walk, property, given, target);
}

function readUndeclared(walk: Walk, type: EntityType, given: unknown, name: string): unknown {
  if (mayBeOpen(type, name)) return readOpen(walk, given, name);
  throw unknown(walk, type, name);
}

/** Internal properties must not be told from names that do not exist. */
function refuseInternal(walk: Walk, type: Declaring, declared: Declaration | undefined, target: string): void {
  if (declared?.[1].rules.access === 'internal' && !walk.trusted) throw unknown(walk, type, target);
}

type Declaring = EntityType | ComplexType;

/** More names than this are not listed in an answer. */
const mostListed = 20;

/** An entity has more than its properties, and often many: its names are left to `$metadata`. */
function unknown(walk: Walk, type: Declaring, target: string): Fault {
  const { name, properties } = type;
  const names = Object.keys(properties).filter((one) => mayBeSet(properties[one]));
  const few = !('navigations' in type) && names.length > 0 && names.length <= mostListed;
  const listed = few ? `: ${names.join(', ')}` : '';
  return faults.unknownProperty(at(walk, target, `one of the properties of '${name}' (see $metadata)${listed}`));
}

const mayBeSet = (property: Property | undefined): boolean =>
  property?.rules.access !== 'internal' && property?.rules.access !== 'server';

function refuseAccess(walk: Walk, name: string, { rules: { access } }: Property, target: string): void {
  if (access === 'server' && !walk.trusted) throw faults.readOnlyProperty({ ...at(walk, target, 'no value'), name });
  // Inside a collection every item is new, so there the verb does not matter; such rules stand on entities only.
  if (access === 'create' && walk.verb === 'update') {
    throw faults.immutableProperty({ ...at(walk, target, 'no value'), name });
  }
}

function readProperty(walk: Walk, property: Property, given: unknown, target: string): unknown {
  if (isBlank(property, given)) {
    throw faults.invalidValue(at(walk, target, `${describe(property.type)} and must not be blank`));
  }
  if (given !== null) return readValue(walk, property.type, given, target);
  if (property.rules.nullable) return null;
  throw faults.nullProperty(at(walk, target, describe(property.type)));
}

/** White space is no name, no client id and no secret. */
const isBlank = ({ type, rules }: Property, given: unknown): boolean =>
  type.kind === 'string' &&
  Boolean(rules.required || rules.secret) &&
  !rules.mayBeBlank &&
  typeof given === 'string' &&
  given.trim() === '';

function readValue(walk: Walk, type: PropertyType, given: unknown, target: string): unknown {
  switch (type.kind) {
    case 'complex':
      if (!isObject(given)) throw faults.invalidValue(at(walk, target, describe(type)));
      return readComplex(walk, type, given, target);
    case 'collection':
      return readItems(walk, type.of, given, target);
    default: {
      const value = readScalar(type, given);
      if (value === undefined) throw faults.invalidValue(at(walk, target, describe(type)));
      return value;
    }
  }
}

function readItems(walk: Walk, of: PropertyType, given: unknown, target: string): unknown[] {
  if (!Array.isArray(given)) throw faults.invalidValue(at(walk, target, 'a collection'));
  if (given.length > maxItems) throw faults.tooMany(at(walk, target, `${maxItems} items`));
  // An item is replaced as a whole, so it must be as complete as in a POST.
  const whole: Walk = { ...walk, verb: 'create' };
  return given.map((item, index) => readValue(whole, of, item, `${target}/${index}`));
}

function readComplex(
  walk: Walk,
  { type, variants }: ComplexKind,
  given: Readonly<Record<string, unknown>>,
  target: string,
): Record<string, unknown> {
  if (!variants) {
    demandTypeName(walk, type, given[typeMember], target);
    return readMembers(walk, type, given, target);
  }
  const concrete = variantOf(walk, variants, given[typeMember], target);
  return { [typeMember]: concrete.name, ...readMembers(walk, concrete, given, target) };
}

/** A value may name its type; one that is meant for another place is not taken for what it is not. */
function demandTypeName(walk: Walk, { name }: ComplexType, named: unknown, target: string): void {
  if (named === undefined || (typeof named === 'string' && fold(bareTypeName(named)) === fold(name))) return;
  const expected = name.includes('.') ? `#${name}` : `#microsoft.graph.${name}`;
  throw faults.invalidValue(at(walk, `${target}/${typeMember}`, expected));
}

type ComplexKind = Extract<PropertyType, { kind: 'complex' }>;

function variantOf(walk: Walk, variants: readonly ComplexType[], named: unknown, target: string): ComplexType {
  const name = typeof named === 'string' ? fold(bareTypeName(named)) : '';
  const found = variants.find((variant) => fold(variant.name) === name);
  if (found) return found;
  const expected = `one of ${variants.map((variant) => `#microsoft.graph.${variant.name}`).join(', ')}`;
  throw faults.invalidValue(at(walk, `${target}/${typeMember}`, expected));
}

function readMembers(
  walk: Walk,
  type: ComplexType,
  given: Readonly<Record<string, unknown>>,
  target: string,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of membersOf(walk, given, target)) {
    const path = target ? `${target}/${name}` : name;
    const declared = declaredIn(type.properties).get(fold(name));
    refuseInternal(walk, type, declared, path);
    if (declared) out[declared[0]] = readDeclared(walk, declared, value, path);
    else if (type.open && isOpenName(name)) out[name] = readOpen(walk, value, path);
    else throw unknown(walk, type, path);
  }
  if (walk.verb === 'create') demandMembers(walk, type.properties, out, target);
  return out;
}

function demandMembers(walk: Walk, shape: Shape, out: Readonly<Record<string, unknown>>, target: string): void {
  for (const [name, property] of Object.entries(shape)) {
    if (property.rules.required && out[name] === undefined) {
      throw faults.requiredProperty(at(walk, target ? `${target}/${name}` : name, describe(property.type)));
    }
  }
}

/** Names that every object has from its prototype (`toString`, `__proto__`) would be mistaken for what they are not. */
const mayBeOpen = (type: EntityType, name: string): boolean =>
  type.open && isOpenName(name) && !navigationNames(type).includes(fold(name));

const isOpenName = (name: string): boolean => openName.test(name) && !(name in Object.prototype);

const navigationNames = (type: EntityType): string[] => Object.keys(type.navigations).map(fold);

function readOpen(walk: Walk, given: unknown, target: string): unknown {
  if (!Array.isArray(given)) return readOpenScalar(walk, given, target);
  if (given.length > maxItems) throw faults.tooMany(at(walk, target, `${maxItems} items`));
  return given.map((item, index) => readOpenScalar(walk, item, `${target}/${index}`));
}

function readOpenScalar(walk: Walk, given: unknown, target: string): string | number | boolean | null {
  if (given === null || typeof given === 'boolean') return given;
  if (typeof given === 'number' && Number.isFinite(given)) return given;
  if (isText(given, maxOpenText)) return given;
  throw faults.invalidValue(
    at(walk, target, `a string of at most ${maxOpenText} characters, a number, true, false or null`),
  );
}

/** The members that are neither absent nor annotations; the same name in two spellings is refused. */
function membersOf(walk: Walk, given: Readonly<Record<string, unknown>>, target: string): [string, unknown][] {
  const members = Object.entries(given).filter(([name, value]) => value !== undefined && !name.includes('@'));
  if (members.length > maxMembers) throw faults.tooMany(at(walk, target, `${maxMembers} members`));
  const seen = new Set<string>();
  for (const [name] of members) {
    const path = target ? `${target}/${name}` : name;
    if (seen.has(fold(name))) throw faults.duplicateProperty(at(walk, path, 'each property once'));
    seen.add(fold(name));
  }
  return members;
}

const isObject = (given: unknown): given is Readonly<Record<string, unknown>> =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

function describe(type: PropertyType): string {
  switch (type.kind) {
    case 'complex':
      return `an object of type ${type.type.name}`;
    case 'collection':
      return 'a collection';
    default:
      return describeScalar(type);
  }
}

function at(walk: Walk, target: string, expected: string): Readonly<Record<string, string>> {
  // A caller may send a name of any length; the answer and the log repeat only its beginning.
  const path = target.length > 256 ? `${target.slice(0, 256)}…` : target;
  return { name: nameIn(path), type: walk.type, expected, target: path };
}

/** The last segment that is a name and not the index of an item. */
const nameIn = (path: string): string => path.split('/').findLast((segment) => !/^\d+$/.test(segment)) ?? path;

type Declaration = readonly [name: string, property: Property];
type Declared = ReadonlyMap<string, Declaration>;
const declaredByShape = new WeakMap<Shape, Declared>();

/** The declared properties by folded name. */
function declaredIn(shape: Shape): Declared {
  const known = declaredByShape.get(shape);
  if (known) return known;
  const declared: Declared = new Map(
    Object.entries(shape).map(([name, property]) => [fold(name), [name, property] as const]),
  );
  declaredByShape.set(shape, declared);
  return declared;
}
