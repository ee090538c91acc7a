import type { Caller } from '../kernel/index.ts';
import type { EntityType, Permissions } from '../model/index.ts';
import { type Allowance, denial } from './allowance.ts';
import type { Collection, Route } from './route.ts';

/** Requests that anybody may make: they tell only what the public reference tells. */
export const isOpen = ({ kind }: Route): boolean => kind === 'metadata' || kind === 'service';

const reads: ReadonlySet<Route['kind']> = new Set([
  'list',
  'get',
  'count',
  'property',
  'listLinks',
  'function',
  'identity',
]);

/**
 * Holds the caller's permissions against those of the resource. Nothing is granted by default: a resource without
 * permissions is closed to every application and person. Returns what may be read, for `narrow`. Throws `graph.denied`,
 * `graph.identityDenied`.
 */
export function authorize(route: Route, caller: Caller): Allowance {
  const collection = collectionOf(route);
  if (!collection || caller.kind === 'system') return undefined;
  const { permissions } = guarded(collection);
  const reading = reads.has(route.kind);
  const needed = reading ? permissions.read : permissions.write;
  const held = new Set(caller.kind === 'app' ? caller.roles : caller.scopes);
  if (needed.some((permission) => held.has(permission))) return undefined;
  const some = reading && collection.source.kind !== 'referenced' ? someOf(permissions, held) : [];
  if (some.length > 0) return new Set(some);
  throw denial(collection, caller, needed);
}

const someOf = ({ readSome = {} }: Permissions, held: ReadonlySet<string>): readonly string[] =>
  Object.entries(readSome).flatMap(([permission, names]) => (held.has(permission) ? names : []));

export function collectionOf(route: Route): Collection | undefined {
  if ('collection' in route) return route.collection;
  return 'address' in route ? route.address.collection : undefined;
}

/** The resource whose permissions count: the contained type's own; for a reference those of its owner. */
function guarded({ source, type }: Collection): EntityType {
  return source.kind === 'referenced' ? guarded(source.parent.collection) : type;
}
