import type { Caller } from '../kernel/index.ts';
import {
  type EntityType,
  isApplicationPermission,
  type Method,
  type PermissionName,
  type Permissions,
} from '../model/index.ts';
import type { Collection } from './address.ts';
import { type Allowance, denial } from './allowance.ts';
import type { Route } from './route.ts';

const openKinds = ['metadata', 'openapi', 'service'] as const;

/** Requests that anybody may make: they tell only what the public reference tells. */
export const openKind = ({ kind }: Route): (typeof openKinds)[number] | undefined =>
  openKinds.find((open) => open === kind);

/** What each kind of request asks of its resource, and the method whose own permissions count where it has some. */
const demands: Readonly<Record<Route['kind'], readonly ['read' | 'write', Method?]>> = {
  metadata: ['read'],
  openapi: ['read'],
  service: ['read'],
  identity: ['read'],
  list: ['read', 'list'],
  count: ['read', 'list'],
  delta: ['read', 'list'],
  get: ['read', 'get'],
  create: ['write', 'create'],
  update: ['write', 'update'],
  put: ['write', 'put'],
  delete: ['write', 'delete'],
  listLinks: ['read'],
  getLink: ['read'],
  link: ['write'],
  unlink: ['write'],
  setLink: ['write'],
  clearLink: ['write'],
  stream: ['read'],
  setStream: ['write'],
  clearStream: ['write'],
  property: ['read', 'get'],
  items: ['read', 'get'],
  item: ['read', 'get'],
  addItem: ['write', 'update'],
  removeItem: ['write', 'update'],
  invoke: ['write'],
};

/**
 * Holds the caller's permissions against those of the resource. Nothing is granted by default: a resource without
 * permissions is closed to every application and person. Returns what may be read, for `narrow`. Throws `graph.denied`,
 * `graph.identityDenied`.
 */
export function authorize(route: Route, caller: Caller): Allowance {
  const collection = collectionOf(route);
  if (!collection || caller.kind === 'system') return undefined;
  const { permissions } = guarded(collection);
  const needed = neededFor(route, permissions);
  const held = heldBy(caller);
  if (needed.some((permission) => held.has(permission))) return undefined;
  const whole = route.kind === 'invoke' || collection.source.kind === 'referenced';
  const some = demands[route.kind][0] === 'read' && !whole ? someOf(permissions, held) : [];
  if (some.length > 0) return new Set(some);
  throw denial(collection, caller, needed);
}

function neededFor(route: Route, { read, write, byMethod }: Permissions): readonly PermissionName[] {
  if (route.kind === 'invoke') {
    return route.operation.permissions ?? (route.operation.kind === 'function' ? read : write);
  }
  const [access, method] = demands[route.kind];
  return (method && byMethod?.[method]) ?? (access === 'read' ? read : write);
}

/** Whether the caller, who may do what was asked, may also be shown what came of it. */
export function mayRead(route: Route, caller: Caller): boolean {
  const collection = collectionOf(route);
  if (!collection || caller.kind === 'system') return true;
  const { read, byMethod } = guarded(collection).permissions;
  const held = heldBy(caller);
  return (byMethod?.get ?? read).some((permission) => held.has(permission));
}

const known = {
  app: new WeakMap<readonly string[], ReadonlySet<string>>(),
  user: new WeakMap<readonly string[], ReadonlySet<string>>(),
};

/** The permissions a caller was given, of those that its kind can hold. Kept with the list: callers of one token share it. */
export function heldBy(caller: Exclude<Caller, { readonly kind: 'system' }>): ReadonlySet<string> {
  const given = caller.kind === 'app' ? caller.roles : caller.scopes;
  const held =
    known[caller.kind].get(given) ?? new Set(caller.kind === 'app' ? given.filter(isApplicationPermission) : given);
  known[caller.kind].set(given, held);
  return held;
}

/** The properties that are open to who may not read the whole. */
export const someOf = ({ readSome = {} }: Permissions, held: ReadonlySet<string>): readonly string[] =>
  Object.entries(readSome).flatMap(([permission, names]) => (held.has(permission) ? names : []));

/** What a request is about is in it; undefined for what concerns no resource. */
export function collectionOf(route: Route): Collection | undefined {
  if ('collection' in route) return route.collection;
  return 'address' in route ? route.address.collection : undefined;
}

/** The resource whose permissions count: the contained type's own; for a reference those of who refers. */
function guarded({ source, type }: Collection): EntityType {
  return source.kind === 'referenced' ? source.parent.collection.type : type;
}
