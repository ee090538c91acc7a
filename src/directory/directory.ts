import type { Caller } from '../kernel/index.ts';
import type { Draft, EntityOf, EntityType, Page, Place, Query, Ref } from '../model/index.ts';
import type { Change, Logged, LogQuery, Tenant } from '../store/index.ts';

/** An entity as it was at one moment. */
export interface Versioned<E extends EntityType> {
  readonly etag: string;
  /** The concrete type, which may be derived from `E`. */
  readonly type: EntityType;
  readonly entity: EntityOf<E>;
  readonly within?: Place;
}

/** An entity to be created inside a new one, with its own links and contained entities. */
export interface ContainedDraft extends Omit<CreateOptions, 'within'> {
  readonly draft: Readonly<Record<string, unknown>>;
  /** Absent: the type the navigation declares. */
  readonly type?: EntityType;
}

/** What is created together with an entity, in the same commit. */
export interface CreateOptions {
  readonly within?: Place;
  /** Ids of the targets to link, by reference navigation. */
  readonly links?: Readonly<Record<string, readonly string[]>>;
  /** Entities to create inside the new one, by containment navigation, each with its own options. */
  readonly contained?: Readonly<Record<string, readonly ContainedDraft[]>>;
}

/**
 * Which of the linked entities are wanted, in which order, and how many of each source at most. A filter about their own links finds
 * nothing. Without filter and order no more than the limit are read.
 */
export type Narrowing = Partial<Pick<Query, 'filter' | 'order' | 'limit'>>;

/** What is changed together with an entity, in the same commit. */
export interface UpdateOptions {
  /** Ids of all the targets a reference navigation is to have; the others it has are unlinked. Navigations not named stay. */
  readonly links?: Readonly<Record<string, readonly string[]>>;
}

/** What came of writing to an address. */
export interface Put<E extends EntityType> extends Versioned<E> {
  /** False when an entity was there, stored or built in, and has been replaced. */
  readonly created: boolean;
}

/** An entity, or without `id` the collection of a type, at a place. */
export interface OperationTarget {
  readonly type: EntityType;
  readonly id?: string;
  readonly within?: Place;
}

/**
 * The one way to read and write the entities of one tenant. Graph, journeys, CLI and seeds all go through it. Entities it
 * returns hold `******` in place of every secret; internal properties are in them, and it is for the faces not to show them.
 */
export interface Directory {
  readonly tenant: Tenant;
  /** Undefined when there is none of the type, or of a type derived from it. `only`: see `Query.only`. */
  get<E extends EntityType>(ref: Ref<E>, only?: readonly string[]): Promise<Versioned<E> | undefined>;
  /** Throws `store.badCursor`, and `store.tooWide` for what no index answers. */
  find<E extends EntityType>(query: Query<E>): Promise<Page<Versioned<E>>>;
  /**
   * Targets of a reference navigation (aliases resolved), of each source in turn, in the order of linking unless told. One query for all
   * sources, wherever they are; a target of several of them is one and the same object.
   */
  linked(
    sources: readonly Ref[],
    navigation: string,
    narrowing?: Narrowing,
  ): Promise<readonly (readonly Versioned<EntityType>[])[]>;
  /**
   * The opened secrets of one entity by the path of their property, e.g. `{ clientSecret: … }`. Throws `directory.notFound`,
   * `directory.wrongKey`, `directory.damagedSecret`.
   */
  reveal(ref: Ref): Promise<Readonly<Record<string, string>>>;
  /**
   * Validates, prepares, checks, commits, announces. `draft` may be of unknown origin: validation is here. Throws `model.*`, `directory.*`,
   * `store.exists`, and what the behaviours of the type throw.
   */
  create<E extends EntityType>(
    caller: Caller,
    type: E,
    draft: Draft<E> | Readonly<Record<string, unknown>>,
    options?: CreateOptions,
  ): Promise<Versioned<E>>;
  /**
   * Changes what the patch names and nothing else; a complex value is merged member by member, a collection replaced. Throws as `create`
   * does, `directory.notFound`, and `store.stale` when `ifMatch` is not met.
   */
  update<E extends EntityType>(
    caller: Caller,
    ref: Ref<E>,
    patch: Draft<E> | Readonly<Record<string, unknown>>,
    ifMatch?: string,
    options?: UpdateOptions,
  ): Promise<Versioned<E>>;
  /**
   * Creates the entity at this address or replaces it: of what a caller may set, what the draft does not name has its default
   * again. What it contains stays, and links stay unless named. With `ifMatch` there must be an entity. Throws as
   * `update` does.
   */
  put<E extends EntityType>(
    caller: Caller,
    ref: Ref<E>,
    draft: Draft<E> | Readonly<Record<string, unknown>>,
    ifMatch?: string,
    options?: UpdateOptions,
  ): Promise<Put<E>>;
  /** With all that it contains. Throws `directory.notFound`, `store.stale`, and what the behaviours of the type throw. */
  remove(caller: Caller, ref: Ref, ifMatch?: string): Promise<void>;
  /** Adds entries to a log in one commit; their ids grow in the order given. No rules are asked and nothing is announced. */
  append<E extends EntityType>(type: E, entries: readonly Draft<E>[]): Promise<void>;
  /**
   * Calls an operation that the type declares. `parameters` may be of unknown origin. Resolves to an entity (`Versioned`), a JSON value or
   * undefined, as declared. Throws `model.*`, `directory.notFound`, `directory.unknownOperation`, and what the operation throws.
   */
  invoke(
    caller: Caller,
    target: OperationTarget,
    operation: string,
    parameters: Readonly<Record<string, unknown>>,
  ): Promise<unknown>;
  /** False when the link was there already. Throws `directory.notFound` when either end is missing. */
  link(caller: Caller, source: Ref, navigation: string, targetId: string): Promise<boolean>;
  /** False when there was no such link. */
  unlink(caller: Caller, source: Ref, navigation: string, targetId: string): Promise<boolean>;
  /**
   * Calls back after commit, in this process and every other one on the same store, when an entity of the type (or of a
   * derived type) or anything contained in it changes. Returns the way to stop.
   */
  onChange(type: EntityType, listener: (change: Change) => void): () => void;
  /** What was written to entities of a type, oldest first. Throws `store.forgotten` when the log no longer reaches back to `after`. */
  changes(type: EntityType, query: Pick<LogQuery, 'after' | 'limit'>): Promise<Logged>;
  /** The end of the change log: every change committed before the call is before it, every later one behind it. */
  sequence(): Promise<number>;
}
