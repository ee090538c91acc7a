import type { Caller, Clock, Raise } from '../kernel/index.ts';
import type { Draft, EntityOf, EntityType, Place, Ref } from '../model/index.ts';
import type { StoreReader, Tenant } from '../store/index.ts';
import type { CreateOptions, Directory, Versioned } from './directory.ts';

/** What a rule may look at before the transaction opens. */
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
  /**
   * By reference navigation, aliases resolved, the ids of the targets that it is to have after the write; those it does not name
   * stay as they are.
   */
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

/** What an operation of the type works on and with. */
export interface OperationCall<E extends EntityType = EntityType> {
  readonly caller: Caller;
  /** The server on the caller's behalf: may set `server` and `internal` properties. */
  readonly trusted: Caller;
  readonly tenant: Tenant;
  readonly clock: Clock;
  readonly directory: Directory;
  /** The entity an operation is called on; for one bound to a collection there is none. */
  readonly target?: Versioned<E>;
  /** Where the collection, or the entity, is contained. */
  readonly within?: Place;
  /** Checked against the declaration, in normal form. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A creation that a behaviour has taken over. */
export interface CreationCall {
  readonly caller: Caller;
  /** The server on the caller's behalf. */
  readonly trusted: Caller;
  readonly tenant: Tenant;
  readonly clock: Clock;
  readonly directory: Directory;
  /** Not validated yet. */
  readonly draft: Readonly<Record<string, unknown>>;
  readonly options: CreateOptions;
  /** The plain creation of the entity itself. */
  proceed(
    caller: Caller,
    draft: Readonly<Record<string, unknown>>,
    options: CreateOptions,
  ): Promise<Versioned<EntityType>>;
}

/** An entity that exists without being stored. Its values hold no secrets: nothing would seal them. */
export interface BuiltIn {
  readonly id: string;
  /** Absent: the type of the behaviour. */
  readonly type?: EntityType;
  readonly values: Readonly<Record<string, unknown>>;
  /**
   * Further values that take long to make: asked for when the entity is looked up, and not when it is listed. Called during the read that the
   * context is of.
   */
  readonly late?: () => Promise<Readonly<Record<string, unknown>>>;
}

/** Where built-in entities are asked for. */
export interface BuiltInContext {
  readonly tenant: Tenant;
  readonly clock: Clock;
  readonly within?: Place;
  readonly reader: StoreReader;
}

/** Where derived values are asked for. */
export interface DeriveContext {
  readonly tenant: Tenant;
  readonly clock: Clock;
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
  /**
   * Links that follow from an update without being named in it: by reference navigation, all the targets it is to have. Sees what `prepare`
   * has made; what the caller names itself counts more.
   */
  relink?(draft: Draft<E>, context: PrepareContext<E>): Promise<Readonly<Record<string, readonly string[]>>>;
  /**
   * How many entities of the type, derived and built-in ones with them, one place may hold; a further one is refused with what `full` gives.
   * Counted inside the transaction, before `check`.
   */
  readonly atMost?: { readonly maximum: number; readonly full: Raise };
  /** Refuses a write that would break an invariant; throws a `Fault`. Runs inside the transaction. */
  check?(next: EntityOf<E>, context: CheckContext): Promise<void>;
  /** Refuses a removal, also of a built-in entity; throws a `Fault`. Runs inside the transaction. */
  checkRemove?(current: EntityOf<E>, context: Omit<CheckContext, 'verb'>): Promise<void>;
  /** Entities elsewhere that go with this one, in the same commit. */
  removedWith?(current: EntityOf<E>, context: Omit<CheckContext, 'verb'>): Promise<readonly Ref[]>;
  /**
   * Entities of a place that are there from the beginning: catalogues, singletons, default pages. A few hundred at most. The first update,
   * link or contained entity stores one, and from then on the stored one counts; removing it brings the built-in one back. The reader
   * sees what is stored.
   */
  builtIn?(context: BuiltInContext): Promise<readonly BuiltIn[]>;
  /** Takes the place of a plain creation, for what comes into being together with other entities. */
  create?(call: CreationCall): Promise<Versioned<EntityType>>;
  /**
   * Values of properties that follow from other entities or from the time: a service principal shows what its application declares, a
   * certificate whether it is valid now. For each entity found, in their order, what is put over what is stored. Runs at every read, so it asks once for all of them; nothing can be filtered by such values.
   */
  derive?(
    found: readonly Versioned<E>[],
    context: DeriveContext,
  ): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Declared properties that `derive` gives; it may put something over undeclared ones as well. Absent: it may give any. */
  readonly derived?: readonly string[];
  /** The operations that the type declares, by name. Resolve to what the declaration says they return. */
  readonly operations?: Readonly<Record<string, (call: OperationCall<E>) => Promise<unknown>>>;
}

/** Widens a typed behaviour so that behaviours of different types fit one list. */
export const behaviour = <E extends EntityType>(rules: Behaviour<E>): Behaviour => rules as unknown as Behaviour;
