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

/** As `restore`, of these members alone. */
export function restoreOnly(type: EntityType, values: Values, names: readonly string[]): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const name of names) {
    const property = own(type.properties, name);
    const given = Object.hasOwn(values, name) ? values[name] : undefined;
    const value = property ? fillProperty(property, given, () => undefined, name) : (given ?? undefined);
    if (value !== undefined) out[name] = value;
  }
  return out;
}

/**
 * The values without those that `restore` gives back: most of an entity is null, and whatever stores or reads it would carry that along.
 * Defaults stay, since they may be others one day.
 */
export function sparse(type: EntityType, values: Values): Record<string, unknown> {
  const { nothing, noItems } = planOf(type.properties).usually;
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(values)) {
    const value = values[name];
    const told = value === null ? nothing.has(name) : Array.isArray(value) && value.length === 0 && noItems.has(name);
    if (!told) out[name] = value;
  }
  return out;
}

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

/** What is known of the members of a shape before there are any values: most of reading an entity is filling them in. */
interface ShapePlan {
  /** Every member in the order of declaration, with what it is when nothing is given; undefined for those in `looked`. */
  readonly empty: Values;
  /** Members of which the value itself has to be looked at, or that no two entities share or that have to be given. */
  readonly looked: readonly (readonly [name: string, property: Property])[];
  /** Others that may not be null, though they need not be given. */
  readonly neverNull: ReadonlySet<string>;
  /** Members that are null when nothing is given, and those that are an empty collection. */
  readonly usually: { readonly nothing: ReadonlySet<string>; readonly noItems: ReadonlySet<string> };
}

const plans = new WeakMap<Shape, ShapePlan>();

function planOf(shape: Shape): ShapePlan {
  const known = plans.get(shape);
  if (known) return known;
  const members = Object.entries(shape).map(([name, property]) => {
    const usual = fillProperty(property, undefined, () => undefined, name);
    const plain = usual === null || (usual !== undefined && typeof usual !== 'object');
    return { name, property, usual, plain: plain && !hasMembers(property.type) };
  });
  const named = (test: (member: (typeof members)[number]) => boolean) =>
    new Set(members.filter(test).map(({ name }) => name));
  const plan: ShapePlan = {
    empty: Object.fromEntries(members.map(({ name, usual, plain }) => [name, plain ? usual : undefined])),
    looked: members.filter(({ plain }) => !plain).map(({ name, property }) => [name, property]),
    neverNull: named(({ plain, property }) => plain && !property.rules.nullable),
    usually: {
      nothing: named(({ usual }) => usual === null),
      noItems: named(({ usual }) => Array.isArray(usual) && usual.length === 0),
    },
  };
  plans.set(shape, plan);
  return plan;
}

const hasMembers = (type: PropertyType): boolean =>
  type.kind === 'complex' || (type.kind === 'collection' && hasMembers(type.of));

/** Declared members in the order of their declaration, then the others. */
function fillShape(shape: Shape, values: Values, lack: Lack, path = ''): Record<string, unknown> {
  const { empty, looked, neverNull } = planOf(shape);
  const out: Record<string, unknown> = { ...empty };
  for (const name of Object.keys(values)) {
    const given = values[name];
    if (given === undefined && Object.hasOwn(shape, name)) continue;
    if (given === null && neverNull.has(name) && lack(path + name) === undefined) delete out[name];
    else out[name] = given;
  }
  for (const [name, property] of looked) {
    const value = fillProperty(property, values[name], lack, path + name);
    if (value === undefined) delete out[name];
    else out[name] = value;
  }
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
