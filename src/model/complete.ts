import type { EntityType } from './entity.ts';
import { faults } from './faults.ts';
import { type ComplexType, type Property, type PropertyType, type Shape, typeMember, typeOfValue } from './property.ts';
import { fold } from './query.ts';

/** Members of one stored entity, declared or not. */
const maxMembers = 500;

type Values = Readonly<Record<string, unknown>>;

/**
 * Every declared property with a value: what was given, else its default, else null or an empty collection; the same in
 * complex values. The result is what `EntityOf` says. Throws `model.requiredProperty` for a property that has none of
 * these; with `named`, only for those: an update must not fail for what it does not touch.
 */
export function complete(type: EntityType, values: Values, named?: ReadonlySet<string>): Record<string, unknown> {
  const full = fillShape(type.properties, values, (path) => {
    if (named && !named.has(path.split('/')[0] ?? '')) return undefined;
    throw faults.requiredProperty({ name: path.split('/').at(-1), type: type.name, expected: 'a value', target: path });
  });
  // A member of an open type that is null is one that is not there.
  for (const name of Object.keys(full))
    if (full[name] === null && !Object.hasOwn(type.properties, name)) delete full[name];
  return full;
}

const nothing: ReadonlySet<string> = new Set();

/** As `complete`, but leaves out what has no value: for rows that were stored before a property was declared. */
export const restore = (type: EntityType, values: Values): Record<string, unknown> => complete(type, values, nothing);

/**
 * `current` with what the patch names: complex values member by member, collections as a whole, null for a complex value
 * as null. On an open type a member that is not declared is matched by name without regard to case, and null removes it.
 * Throws `model.tooMany` when an open type would hold too many members.
 */
export function merge(type: EntityType, current: Values, patch: Values): Record<string, unknown> {
  const next: Record<string, unknown> = { ...current };
  for (const [name, given] of Object.entries(patch)) {
    const property = own(type.properties, name);
    if (given === undefined) continue;
    if (property) next[name] = mergeValue(property.type, current[name], given);
    else mergeOpen(next, name, given);
  }
  if (Object.keys(next).length > maxMembers) {
    throw faults.tooMany({ name: type.name, type: type.name, expected: `${maxMembers} members`, target: '' });
  }
  return next;
}

function mergeValue(type: PropertyType, current: unknown, given: unknown): unknown {
  // A value of another type has other members, so nothing of the old one stays.
  return type.kind === 'complex' && isValues(current) && isValues(given) && current[typeMember] === given[typeMember]
    ? mergeComplex(typeOfValue(type, given), current, given)
    : given;
}

function mergeComplex(type: ComplexType, current: Values, patch: Values): Record<string, unknown> {
  const next: Record<string, unknown> = { ...current };
  for (const [name, given] of Object.entries(patch)) {
    const property = own(type.properties, name);
    if (given !== undefined) next[name] = property ? mergeValue(property.type, current[name], given) : given;
  }
  return next;
}

function mergeOpen(next: Record<string, unknown>, name: string, given: unknown): void {
  const stored = Object.hasOwn(next, name) ? name : Object.keys(next).find((known) => fold(known) === fold(name));
  if (given === null) delete next[stored ?? name];
  else next[stored ?? name] = given;
}

type Lack = (path: string) => undefined;

function fillShape(shape: Shape, values: Values, lack: Lack, path = ''): Record<string, unknown> {
  // Declared members in the order of their declaration, then the others.
  const out: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(shape)) {
    const value = fillProperty(property, values[name], lack, path + name);
    if (value !== undefined) out[name] = value;
  }
  for (const name of Object.keys(values)) if (!Object.hasOwn(shape, name)) out[name] = values[name];
  return out;
}

function fillProperty(property: Property, given: unknown, lack: Lack, path: string): unknown {
  const { type, rules } = property;
  const value = given === undefined ? rules.default : given;
  if (value !== undefined && value !== null) return fillValue(type, value, lack, path);
  if (rules.nullable) return null;
  return type.kind === 'collection' ? [] : lack(path);
}

function fillValue(type: PropertyType, value: unknown, lack: Lack, path: string): unknown {
  if (type.kind === 'complex' && isValues(value))
    return fillShape(typeOfValue(type, value).properties, value, lack, `${path}/`);
  if (type.kind === 'collection' && Array.isArray(value)) {
    return value.map((item, index) => fillValue(type.of, item, lack, `${path}/${index}`));
  }
  return value;
}

const own = (shape: Shape, name: string): Property | undefined =>
  Object.hasOwn(shape, name) ? shape[name] : undefined;

const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
