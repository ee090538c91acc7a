import type { Caller } from '../kernel/index.ts';
import type { EntityType } from '../model/index.ts';
import { faults } from './faults.ts';
import type { Collection, Route } from './route.ts';
import { isIdentitySet } from './surface.ts';

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
 * permissions is closed to every application and person. Throws `graph.denied`, `graph.identityDenied`.
 */
export function authorize(route: Route, caller: Caller): void {
  const collection = collectionOf(route);
  if (!collection || caller.kind === 'system') return;
  const { permissions } = guarded(collection);
  const needed = reads.has(route.kind) ? permissions.read : permissions.write;
  const held = caller.kind === 'app' ? caller.roles : caller.scopes;
  if (needed.some((permission) => held.includes(permission))) return;
  if (!isIdentitySet(collection.root)) throw faults.denied();
  const kind = caller.kind === 'app' ? 'application' : 'delegated';
  throw faults.identityDenied({ kind, permissions: needed.join(', ') });
}

export function collectionOf(route: Route): Collection | undefined {
  if ('collection' in route) return route.collection;
  return 'address' in route ? route.address.collection : undefined;
}

/** The resource whose permissions count: the contained type's own; for a reference those of its owner. */
function guarded({ source, type }: Collection): EntityType {
  return source.kind === 'referenced' ? guarded(source.parent.collection) : type;
}
