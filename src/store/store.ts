import type { Caller, Clock, EpochSeconds, Observe, Trace } from '../kernel/index.ts';
import type { EntityType, Page, Place, Query, Ref } from '../model/index.ts';
import type { Limits } from './limits.ts';

/** A stored entity: its properties plus what the store keeps about it. */
export interface Row {
  readonly id: string;
  /** Name of the concrete type, which may be derived from the one asked for. */
  readonly type: string;
  /** Opaque, changes with every write; `W/"…"` (RFC 9110 §8.8.3). */
  readonly etag: string;
  readonly within?: Place;
  readonly values: Readonly<Record<string, unknown>>;
  /** Members that it was read with, of which alone something is known; absent: all. */
  readonly only?: readonly string[];
}

/** Stands in `Change.type` where a tenant itself was removed: what other processes keep of it is worth nothing any more. */
export const removedTenant = 'tenant';

/** Stands in `Change.type` where changes of any tenant went by unseen: what is kept of all of them is worth nothing any more. */
export const missedChanges = 'missed';

/**
 * What one committed write did. The change log says who, when and which properties, never their values. What is written into a log
 * (`EntityType.log`) makes no change: it tells of itself.
 */
export interface Change {
  /** Grows with every committed write of the database, across tenants and processes; gaps are possible. */
  readonly sequence: number;
  readonly tenantId: string;
  /** Concrete type name of the entity, `removedTenant` or `missedChanges`. */
  readonly type: string;
  /** The entity's `id`, or the tenant's. */
  readonly key: string;
  /** The topmost entity around a contained one, e.g. the user flow of an assignment. */
  readonly root?: { readonly type: string; readonly key: string };
  readonly verb: 'created' | 'updated' | 'deleted';
  /** Names of the properties or reference navigations written. */
  readonly properties: readonly string[];
  readonly by: Caller;
  readonly at: EpochSeconds;
}

export interface StoreReader {
  get(ref: Ref): Promise<Row | undefined>;
  find(query: Query): Promise<Page<Row>>;
  /**
   * Targets of a reference navigation, of each source in turn, in the order they were linked, the first `most` of each. One query for all
   * sources, wherever they are.
   */
  linked(sources: readonly Ref[], navigation: string, most?: number): Promise<readonly (readonly Row[])[]>;
}

export interface NewRow {
  readonly ref: Ref;
  readonly values: Readonly<Record<string, unknown>>;
}

/** All methods reject with a `store.*` fault; see `faults.ts`. */
export interface StoreTransaction extends StoreReader {
  /** `store.exists` when the id, a unique value or a unique tuple is taken (`data.property` names it); `store.absent` for a missing parent. */
  insert(row: NewRow, by: Caller): Promise<Row>;
  /** Replaces the values. `store.absent`; `store.stale` when `ifMatch` differs from the stored etag (`*` matches any). */
  update(row: NewRow, by: Caller, properties: readonly string[], ifMatch?: string): Promise<Row>;
  /** Removes the entity, all it contains and every link from and to it. `store.absent`, `store.stale`. */
  remove(ref: Ref, by: Caller, ifMatch?: string): Promise<void>;
  /** False when the link was there already. `store.absent` when either end is missing. */
  link(source: Ref, navigation: string, target: Ref, by: Caller): Promise<boolean>;
  /** False when there was no such link. */
  unlink(source: Ref, navigation: string, target: Ref, by: Caller): Promise<boolean>;
  /** Short-lived records in the same commit. */
  readonly ephemeral: Ephemeral;
}

export interface Committed<T> {
  readonly value: T;
  readonly changes: readonly Change[];
}

/** What is asked of the change log. */
export interface LogQuery {
  /** A `next` of before, or a `sequence()`; 0 is before everything. */
  readonly after: number;
  /** Only changes of entities of these concrete types; absent: all. */
  readonly types?: readonly string[];
  /** Changes, 1..999. */
  readonly limit: number;
}

/** A part of the change log. */
export interface Logged {
  /** In the order of their numbers. */
  readonly changes: readonly Change[];
  /** Where the next part begins: no change can appear before it any more. */
  readonly next: number;
  /** There is nothing behind `next` yet. */
  readonly complete: boolean;
}

/** One tenant's entities and short-lived records. Nothing of another tenant can be named through it. */
export interface Store {
  readonly tenantId: string;
  /** No snapshot: each question sees what is committed when it is asked, so two of them may see different states. */
  read<T>(run: (reader: StoreReader) => Promise<T>): Promise<T>;
  /**
   * Runs in one serializable transaction and resolves when it is durable. `run` may be run again after a conflict, so it
   * must have no effect but on the transaction, and it must await nothing but the transaction: hashing and network come before.
   */
  write<T>(run: (transaction: StoreTransaction) => Promise<T>): Promise<Committed<T>>;
  readonly ephemeral: Ephemeral;
  /** This tenant's committed changes. `store.forgotten` when the log no longer reaches back to `after`. */
  changes(query: LogQuery): Promise<Logged>;
  /** The end of the change log: every change committed before the call is before it, every later one behind it. */
  sequence(): Promise<number>;
}

/** What a short-lived record is for; each kind is its own key space. */
export type EphemeralKind =
  | 'journey'
  | 'oneTimeCode'
  | 'attempts'
  | 'knownDevice'
  | 'putOff'
  /** On the way to a foreign identity provider, by the digest of its `state`. */
  | 'away'
  | 'oidc.AuthorizationCode'
  | 'oidc.RefreshToken'
  | 'oidc.Session'
  | 'oidc.Interaction'
  | 'oidc.Grant'
  | 'oidc.Proof'
  | 'oidc.PushedRequest'
  | 'oidc.DeviceCode'
  /** Where somebody goes who signs out at a foreign identity provider first, by the digest of the `state`. */
  | 'oidc.Farewell';

export interface EphemeralRecord {
  /** Bearer values are stored under their `digest`, never as themselves. */
  readonly id: string;
  /** JSON. */
  readonly payload: unknown;
  readonly ttlSeconds: number;
  /** Extra lookup keys, e.g. `{ grantId, uid }`. */
  readonly indexes?: Readonly<Record<string, string>>;
}

export interface Held {
  readonly id: string;
  readonly payload: unknown;
  readonly revision: number;
  readonly expires: EpochSeconds;
  /** Set by `consume`; the record stays until it expires, so that reuse can be seen. */
  readonly consumed?: EpochSeconds;
}

/** One of several writes. `was`: the revision that has to be the stored one; absent: whatever is stored. */
export type EphemeralWrite =
  | { readonly act: 'put'; readonly kind: EphemeralKind; readonly record: EphemeralRecord; readonly was?: number }
  /** Wants a record that was not used before. */
  | { readonly act: 'consume'; readonly kind: EphemeralKind; readonly id: string }
  | { readonly act: 'remove'; readonly kind: EphemeralKind; readonly id: string; readonly was?: number };

/**
 * When a write is answered. `kept`: when it survives a loss of power. `seen`: already when everybody reads it, and no other process that dies takes it
 * back; it survives a loss of power once any later write does. So whoever is told of it outside must be told of one that is kept, too.
 */
export type Answered = 'kept' | 'seen';

/** Short-lived records: journeys, tokens, one-time codes, counters. Expired means absent, by the database's clock. Writes are answered when they are kept. */
export interface Ephemeral {
  /** With `ifRevision`, rejects with `store.stale` unless that revision is the stored one (0: none stored). Resolves to the new revision. */
  put(kind: EphemeralKind, record: EphemeralRecord, ifRevision?: number): Promise<number>;
  get(kind: EphemeralKind, id: string): Promise<Held | undefined>;
  /** The live record with this index value; the newest when there are several. */
  findBy(kind: EphemeralKind, index: string, value: string): Promise<Held | undefined>;
  /** Marks it used. Of N concurrent calls exactly one resolves to true; false also when absent. */
  consume(kind: EphemeralKind, id: string): Promise<boolean>;
  /**
   * All of the writes in one commit, or none of them and false: when a record is not as one of them wants it. Of N concurrent calls that want the
   * same exactly one resolves to true. Each names another record.
   */
  together(writes: readonly EphemeralWrite[], answered?: Answered): Promise<boolean>;
  /** Removes it and hands it over. Of N concurrent calls exactly one receives the record. */
  take(kind: EphemeralKind, id: string, answered?: Answered): Promise<Held | undefined>;
  /** Adds 1 to a counter and resolves to the new count; a new or expired counter starts its lifetime now. Atomic. */
  increment(kind: EphemeralKind, id: string, ttlSeconds: number, answered?: Answered): Promise<number>;
  remove(kind: EphemeralKind, id: string): Promise<void>;
  /** Removes every record with this index value, of every kind given. */
  drop(kinds: readonly EphemeralKind[], index: string, value: string): Promise<void>;
}

export interface Tenant {
  /** UUID, lower case. */
  readonly id: string;
  /** Verified domain names, the default one first, lower case, e.g. `contoso.onmicrosoft.com`. */
  readonly domains: readonly string[];
  readonly displayName: string;
  readonly created: EpochSeconds;
}

/** The list of tenants. Read at every first request of a tenant, so engines answer `find` by index. */
export interface Tenants {
  list(): Promise<readonly Tenant[]>;
  /** By id or by domain name, without regard to case. */
  find(idOrDomain: string): Promise<Tenant | undefined>;
  /** `store.exists` when the id or a domain is taken. */
  create(tenant: Omit<Tenant, 'created'>): Promise<Tenant>;
  /** Removes the tenant and everything in it; false when there was none. In parts: what is interrupted is done by asking again. */
  remove(id: string): Promise<boolean>;
}

/** One opened engine, shared by all tenants. One implementation per engine; `testing/conformance.ts` is the contract they all pass. */
export interface Database {
  readonly engine: string;
  readonly tenants: Tenants;
  /** A view confined to one tenant by construction. Cheap; does not check that the tenant exists. */
  tenant(id: string): Store;
  /** Changes committed by other processes on the same database, in sequence order, until `signal` aborts. */
  foreignChanges(signal: AbortSignal): AsyncIterable<Change>;
  /**
   * Removes what is over: expired short-lived records, changes and entries of logs that have been kept long enough. Of each up
   * to `mostSweptAtOnce`, fewer only when no more are left; resolves to how many in all.
   */
  sweep(): Promise<number>;
  /** Rejects when it does not answer, or takes no writes: where the last one failed because of the disk, it tries another one. */
  probe(): Promise<void>;
  /** Waits for writes under way, then closes. */
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly clock: Clock;
  readonly observe: Observe;
  /** Nothing is traced when absent. */
  readonly trace?: Trace;
  /** Every type to be stored; the engine derives tables, columns and indexes from the families in it. */
  readonly types: readonly EntityType[];
  /** How long the change log reaches back; 30 when absent. */
  readonly changeRetentionDays?: number;
  /** How much a query may examine; the usual amounts when absent. */
  readonly limits?: Limits;
  /**
   * Nothing is written through it, tables neither. So it may be opened beside the process that writes a SQLite file; other engines bear several
   * processes anyway, and take no notice.
   */
  readonly looksOnly?: boolean;
  /** Whether tables may be made and changed; `always` when absent. Where they may not and would have to be, opening throws `store.unusable`. */
  readonly migrate?: Migrate;
}

/** `whenEmpty`: tables are made where there are none, and otherwise left as they are. */
export type Migrate = 'always' | 'whenEmpty' | 'never';
