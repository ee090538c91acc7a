import type { Caller, Clock } from '../kernel/index.ts';
import type { Draft, EntityOf, EntityType, Place } from '../model/index.ts';
import type { StoreReader, Tenant } from '../store/index.ts';

export interface PrepareContext<E extends EntityType = EntityType> {
  readonly caller: Caller;
  readonly clock: Clock;
  readonly tenant: Tenant;
  readonly verb: 'create' | 'update';
  /** The concrete type being written. */
  readonly type: EntityType;
  /** The entity as it stands, on update. */
  readonly current?: EntityOf<E>;
  readonly within?: Place;
  /** On create: the ids of the targets to be linked, by reference navigation, aliases resolved. Empty on update. */
  readonly links: Readonly<Record<string, readonly string[]>>;
  /** Reads outside the transaction: what it sees may be gone at commit, so invariants belong into `check`. */
  readonly reader: StoreReader;
}

/** What a rule may look at while one write is in progress. */
export interface CheckContext {
  readonly caller: Caller;
  readonly tenant: Tenant;
  readonly verb: 'create' | 'update';
  readonly within?: Place;
  readonly reader: StoreReader;
}

/** The rules of one entity type (and the types derived from it) that its declaration cannot express. */
export interface Behaviour<E extends EntityType = EntityType> {
  readonly type: E;
  /**
   * Rewrites a validated draft before it is stored: ids, normal forms, hashed secrets. May set `server` and `internal`
   * properties. Runs before the transaction opens, so that hashing never holds the writer lock.
   */
  prepare?(draft: Draft<E>, context: PrepareContext<E>): Promise<Draft<E>>;
  /** Refuses a write that would break an invariant; throws a `Fault`. Runs inside the transaction. */
  check?(next: EntityOf<E>, context: CheckContext): Promise<void>;
  /** Refuses a removal; throws a `Fault`. Runs inside the transaction. */
  checkRemove?(current: EntityOf<E>, context: Omit<CheckContext, 'verb'>): Promise<void>;
}

/** Widens a typed behaviour so that behaviours of different types fit one list. */
export const behaviour = <E extends EntityType>(rules: Behaviour<E>): Behaviour => rules as unknown as Behaviour;
