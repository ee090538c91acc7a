import type { Caller } from '../kernel/index.ts';
import type { EntityType, Permissions } from '../model/index.ts';
import { typeAt } from './address.ts';
import { type Allowance, demandAllowed, denial } from './allowance.ts';
import { collectionOf, heldBy, someOf } from './authorize.ts';
import type { Expansion, Projection } from './options/projection.ts';
import type { Plan } from './plan.ts';

/** What may be read of something: all of it, nothing, or some of its properties. */
type Reading = 'all' | 'nothing' | NonNullable<Allowance>;

/**
 * Narrows what is shown beside an entity, after a read and after a write, to what the caller could as well have asked for. Whoever may do
 * neither asks in vain; what the reference shows without being asked is told by its id alone. Throws `graph.denied`,
 * `graph.identityDenied`.
 */
export function narrowBeside(plan: Plan, caller: Caller): Plan {
  const { route, projection } = plan;
  const collection = collectionOf(route);
  if (!collection || caller.kind === 'system' || projection.expand.length === 0) return plan;
  const held = heldBy(caller);
  const within = (owner: EntityType, { expand, ...rest }: Projection): Projection => ({
    ...rest,
    expand: expand.map((expansion) => shownBy(expansion.on ?? owner, expansion)),
  });
  const shownBy = (owner: EntityType, expansion: Expansion): Expansion => {
    const target = expansion.navigation.target();
    const reading = readingOf(owner, expansion, held);
    if (reading === 'nothing') {
      if (expansion.implied) return { ...expansion, projection: { select: ['id'], expand: [] } };
      throw denial(collection, caller, neededBeside(owner, expansion));
    }
    const shown = { ...expansion, projection: within(target, expansion.projection) };
    if (reading === 'all') return shown;
    demandAllowed(reading, shown.projection, shown.listing);
    return { ...shown, projection: { ...shown.projection, shown: reading } };
  };
  const owner = 'address' in route ? typeAt(route.address) : collection.type;
  return { ...plan, projection: within(owner, projection) };
}

function readingOf(owner: EntityType, expansion: Expansion, held: ReadonlySet<string>): Reading {
  if (neededBeside(owner, expansion).some((permission) => held.has(permission))) return 'all';
  const some = someOf(expansion.navigation.target().permissions, held);
  return some.length > 0 ? new Set(some) : 'nothing';
}

/** What opens a relationship: as at its own address the permissions of who refers to it, or else those of what it leads to. */
function neededBeside(owner: EntityType, { navigation }: Expansion): readonly string[] {
  const method = navigation.many ? 'list' : 'get';
  const reading = ({ read, byMethod }: Permissions) => byMethod?.[method] ?? read;
  const own = navigation.kind === 'references' ? reading(owner.permissions) : [];
  return [...new Set([...own, ...reading(navigation.target().permissions)])];
}
