import type { Caller } from '../kernel/index.ts';
import { isApplicationPermission, namesIn } from '../model/index.ts';
import type { Collection } from './address.ts';
import { faults } from './faults.ts';
import type { Listing } from './options/listing.ts';
import type { Projection } from './options/projection.ts';
import type { Plan } from './plan.ts';
import type { Route } from './route.ts';
import { isIdentitySet } from './surface.ts';

/** Properties a caller may know of; undefined: every one that the resource shows. */
export type Allowance = ReadonlySet<string> | undefined;

/** The refusal in the words of the collection's back end (Graph contract d.6). */
export function denial({ root }: Collection, caller: Caller, needed: readonly string[]) {
  if (!isIdentitySet(root)) return faults.denied();
  return caller.kind === 'app'
    ? faults.identityDenied({ kind: 'application', permissions: needed.filter(isApplicationPermission).join(', ') })
    : faults.identityDenied({ kind: 'delegated', permissions: needed.join(', ') });
}

/**
 * Narrows a plan to the properties that are allowed. Whatever names another one would tell of its value: to select it, and
 * as well to filter or sort by it, or to find an entity by it. Throws `graph.denied`.
 */
export function narrow(plan: Plan, allowed: Allowance): Plan {
  if (allowed === undefined) return plan;
  const { projection, listing, route } = plan;
  demandAllowed(allowed, projection, listing, namedByRoute(route));
  return { ...plan, projection: { ...projection, shown: allowed } };
}

/** Throws `graph.denied` when something is named that is not allowed. */
export function demandAllowed(
  allowed: NonNullable<Allowance>,
  { select = [], expand }: Projection,
  { filter, order = [] }: Pick<Listing, 'filter' | 'order'>,
  more: readonly string[] = [],
): void {
  const named = [
    ...select,
    ...expand.map(({ name }) => name),
    ...(filter ? namesIn(filter) : []),
    ...order.map(({ path }) => path[0] ?? ''),
    ...more,
  ];
  if (named.some((name) => name !== 'id' && !allowed.has(name))) throw faults.denied();
}

function namedByRoute(route: Route): readonly string[] {
  if (!('address' in route)) return [];
  const { key } = route.address;
  return [...(key.kind === 'alternate' ? [key.property] : []), ...('path' in route ? route.path.slice(0, 1) : [])];
}
