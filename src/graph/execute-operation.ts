import type { OperationTarget, Versioned } from '../directory/index.ts';
import type { EntityType } from '../model/index.ts';
import { guardWrite } from './conditions.ts';
import { faults } from './faults.ts';
import { findIn, type Located, locate, refOf } from './locate.ts';
import { argumentsOf } from './operation-arguments.ts';
import type { RouteOf } from './route.ts';
import { homeOf } from './surface.ts';
import type { Result, Work } from './work.ts';

type Invocation = RouteOf<'invoke'>;

/** Calls a function or an action. Throws `graph.unknownSegment` when the entity found is of a type that has none of that name. */
export async function invoke(route: Invocation, work: Work): Promise<Result> {
  const { directory, caller, conditions } = work;
  const { name, operation, literals } = route;
  const address = 'address' in route ? route.address : undefined;
  const collection = 'address' in route ? route.address.collection : route.collection;
  const located = await locate(directory, collection);
  const owner = address && (await findIn(directory, located, address));
  if (owner && !Object.hasOwn(owner.type.operations, name)) throw faults.unknownSegment({ segment: name });
  if (owner && operation.kind === 'action') guardWrite(conditions, owner.etag);
  const { place } = located;
  const target: OperationTarget = owner ? refOf(owner) : { type: collection.type, ...(place ? { within: place } : {}) };
  const { kind, parameters, returns } = owner?.type.operations[name] ?? operation;
  const given = kind === 'action' ? await work.bodyIfAny() : argumentsOf(parameters, literals);
  const returned = await directory.invoke(caller, target, name, given);
  if (returned === undefined || returned === null || returns === undefined) return { kind: 'nothing' };
  if (typeof returns !== 'function') return { kind: 'returned', property: returns, value: returned };
  const found = returned as Versioned<EntityType>;
  return { kind: 'entity', located: locatedAs(returns(), located), item: { found, expanded: {} }, echoed: [] };
}

/** A returned entity is one of the collection the operation is bound to, or else of its own set. */
function locatedAs(type: EntityType, located: Located): Located {
  const set = homeOf(type);
  const { collection } = located;
  if (!set || collection.type === type) return located;
  const home = {
    ...collection,
    type,
    source: { kind: 'set' },
    single: set.singleton !== undefined,
    cast: false,
  } as const;
  return { collection: home, context: set.path, path: set.path };
}
