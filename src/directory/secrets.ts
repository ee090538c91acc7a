import {
  type EntityType,
  fold,
  type PropertyRules,
  type PropertyType,
  type Shape,
  typeMember,
  typeOfValue,
  typesOf,
} from '../model/index.ts';
import { faults } from './faults.ts';
import type { SecretBox, SecretPlace } from './secret-box.ts';

/** What stands for a stored secret wherever an entity is read (Graph contract e, row 55). */
export const mask = '******';

type Values = Readonly<Record<string, unknown>>;

/** What becomes of one property: nothing (its members are looked at), left out, or another value. */
type Verdict = undefined | { readonly leaveOut: true } | { readonly value: unknown };
type Visit = (rules: PropertyRules, value: unknown, path: string) => Verdict;

/** Replaces every secret by the mask. */
export function maskSecrets(type: EntityType, values: Values): Values {
  const shape = type.properties as Shape;
  // Most entities have none of the secrets that they may have, and are then told as they are.
  const held = secretNames(shape).filter((name) => values[name] !== null && values[name] !== undefined);
  if (held.length === 0) return values;
  const part = Object.fromEntries(held.map((name) => [name, values[name]]));
  const masked = rewrite(shape, part, ({ secret }, value) => (secret && value !== null ? { value: mask } : undefined));
  return { ...values, ...masked };
}

/** Seals every secret for its place in this tenant and entity. */
export function sealSecrets(box: SecretBox, tenantId: string, type: EntityType, id: string, values: Values): Values {
  if (!hasSecrets(type.properties)) return values;
  return rewrite(type.properties, values, ({ secret }, value, path) =>
    secret && typeof value === 'string' ? { value: box.seal(value, placeOf(tenantId, type, id, path)) } : undefined,
  );
}

/** The opened secrets of a stored entity by the path of their property, e.g. `clientSecret`. */
export function openSecrets(
  box: SecretBox,
  tenantId: string,
  type: EntityType,
  id: string,
  values: Values,
): Readonly<Record<string, string>> {
  const opened: Record<string, string> = {};
  rewrite(type.properties, values, ({ secret }, value, path) => {
    if (secret && typeof value === 'string') opened[path] = box.open(value, placeOf(tenantId, type, id, path));
    return undefined;
  });
  return opened;
}

/**
 * A client that reads an entity and sends it back sends the mask, which means "as it is": the property is left out of the
 * patch. Where there is nothing to keep (a new entity, an item of a collection) it throws `directory.maskedSecret`.
 */
export function dropMasks(type: EntityType, values: Values, verb: 'create' | 'update'): Values {
  if (!hasSecrets(type.properties)) return values;
  return rewrite(type.properties, values, ({ secret }, value, path) => {
    if (!secret || value !== mask) return undefined;
    if (verb === 'create' || path !== withoutIndexes(path)) throw faults.maskedSecret({ name: path, target: path });
    return { leaveOut: true };
  });
}

/** The paths inside complex values at which a body names a secret by its mask. */
export function maskedMembers(type: EntityType, values: Values): readonly string[] {
  const masked: string[] = [];
  if (!hasSecrets(type.properties)) return masked;
  rewrite(type.properties, values, ({ secret }, value, path) => {
    if (secret && value === mask && path.includes('/')) masked.push(path);
    return undefined;
  });
  return masked;
}

/** The values with the stored secret at each of the paths. Throws `directory.maskedSecret` where none is stored. */
export const keepMasked = (values: Values, stored: Values, paths: readonly string[]): Values =>
  paths.reduce((next, path) => withStored(next, stored, path.split('/'), path), values);

function withStored(values: Values, stored: Values, [name = '', ...rest]: readonly string[], path: string): Values {
  const [inner, kept] = [values[name], stored[name]];
  if (rest.length === 0 && typeof kept === 'string') return { ...values, [name]: kept };
  // A value of another type has other members, though some may have the same name.
  if (rest.length > 0 && isValues(inner) && isValues(kept) && inner[typeMember] === kept[typeMember]) {
    return { ...values, [name]: withStored(inner, kept, rest, path) };
  }
  throw faults.maskedSecret({ name: path, target: path });
}

/** Leaves out what is accepted but never stored; a behaviour has taken from it what it needs. */
export const dropWriteOnly = (type: EntityType, values: Values): Values =>
  rewrite(type.properties, values, ({ access, secret }) =>
    access === 'write' && !secret ? { leaveOut: true } : undefined,
  );

// The entity belongs to the place too: a sealed secret copied to another entity of the type does not open.
const placeOf = (tenantId: string, type: EntityType, id: string, path: string): SecretPlace => [
  tenantId,
  type.name,
  fold(id),
  withoutIndexes(path),
];

/** Items may change their index, so a secret in a collection is bound to the collection. */
const withoutIndexes = (path: string): string => path.replace(/\/\d+(?=\/|$)/g, '');

function rewrite(shape: Shape, values: Values, visit: Visit, path = ''): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const property = Object.hasOwn(shape, name) ? shape[name] : undefined;
    const verdict = property && visit(property.rules, value, path + name);
    if (verdict && 'leaveOut' in verdict) continue;
    out[name] = verdict ? verdict.value : property ? rewriteValue(property.type, value, visit, path + name) : value;
  }
  return out;
}

function rewriteValue(type: PropertyType, value: unknown, visit: Visit, path: string): unknown {
  if (type.kind === 'collection' && Array.isArray(value)) {
    return value.map((item, index) => rewriteValue(type.of, item, visit, `${path}/${index}`));
  }
  return type.kind === 'complex' && isValues(value)
    ? rewrite(typeOfValue(type, value).properties, value, visit, `${path}/`)
    : value;
}

const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null;

const namesOfSecrets = new WeakMap<Shape, readonly string[]>();

/** Members that are secrets or hold some. Asked at every read, so the answer is kept. */
function secretNames(shape: Shape): readonly string[] {
  const known = namesOfSecrets.get(shape);
  if (known) return known;
  const found = Object.entries(shape).filter(([, { type, rules }]) => rules.secret === true || holdsSecrets(type));
  const names = found.map(([name]) => name);
  namesOfSecrets.set(shape, names);
  return names;
}

const hasSecrets = (shape: Shape): boolean => secretNames(shape).length > 0;

function holdsSecrets(type: PropertyType): boolean {
  if (type.kind === 'collection') return holdsSecrets(type.of);
  return type.kind === 'complex' && typesOf(type).some(({ properties }) => hasSecrets(properties));
}
