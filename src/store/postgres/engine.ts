import { randomUUID } from 'node:crypto';
import { type Clock, type Observe, system } from '../../kernel/index.ts';
import type { Catalogue } from '../catalogue.ts';
import { foldText } from '../comparable.ts';
import { faults } from '../faults.ts';
import { guarded } from '../guarded.ts';
import type { Limits } from '../limits.ts';
import type { Log } from '../retention.ts';
import type { Fragment } from '../sql/fragment.ts';
import { changesAfter } from '../sql/log.ts';
import { sqlReader } from '../sql/reader.ts';
import { record } from '../sql/record.ts';
import type { Script } from '../sql/script.ts';
import { sweepLogs } from '../sql/sweep.ts';
import { sqlTenants } from '../sql/tenants.ts';
import { sqlTransaction } from '../sql/transaction.ts';
import {
  type Change,
  type Committed,
  type Database,
  removedTenant,
  type Store,
  type StoreTransaction,
} from '../store.ts';
import { mostSweptAtOnce } from '../sweep.ts';
import { postgresDialect as dialect } from './dialect.ts';
import { expired, postgresEphemeral } from './ephemeral.ts';
import { createNotifier, follow, type Notifier } from './follow.ts';
import type { Numbers } from './numbers.ts';
import type { Pools, Role } from './pools.ts';
import type { Primary } from './primary.ts';
import type { Session } from './session.ts';
import { isConflict } from './translate.ts';
import { type Attempt, Writer } from './writer.ts';

export interface EngineParts {
  readonly pools: Pools;
  readonly numbers: Numbers;
  readonly primary: Primary;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly changeRetentionDays: number;
  readonly limits: Limits;
  readonly logs: readonly Log[];
  /** Up to where the change log was settled when the database was opened. */
  readonly opened: number;
  /** Aborts what goes on for as long as the database is open. */
  readonly ending: AbortController;
}

const mostDeadlocks = 5;

/** The id of no tenant (RFC 9562 §5.9): looking for it costs one look at an index. */
const nobody = '00000000-0000-0000-0000-000000000000';

export class PostgresEngine {
  readonly #parts: EngineParts;
  readonly #writer: Writer;
  readonly #process = randomUUID();
  readonly #notifier: Notifier;
  readonly #underWay = new Set<Promise<unknown>>();
  /** Where the first follower begins, so that it also hears of what happened since the database was opened. */
  #unfollowed: number | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#writer = new Writer(parts.pools, parts.numbers);
    this.#notifier = createNotifier(parts);
    this.#unfollowed = parts.opened;
  }

  /** Transactions begun so far, repeated ones too. */
  get attempts(): number {
    return this.#writer.attempts;
  }

  database(): Database {
    const { catalogue, clock } = this.#parts;
    const tenants = sqlTenants({
      read: (script) => this.#with('reader', (session) => session.play(script())),
      write: (script) => this.#transaction(({ session, drawn }) => session.play(script(), drawn)),
      catalogue,
      clock,
      tell: (id) => this.#tellRemoved(id),
    });
    return {
      engine: 'postgres',
      tenants,
      tenant: (id) => this.#store(foldText(id)),
      foreignChanges: (signal) => this.#follow(signal),
      sweep: () => this.#sweep(),
      probe: async () => void (await tenants.find(nobody)),
      close: () => this.#close(),
    };
  }

  #tellRemoved(id: string): Script<number> {
    const { catalogue, clock } = this.#parts;
    const parts = { tenantId: id, catalogue, dialect, clock, changes: [], process: this.#process };
    return record(parts, { id, type: removedTenant, place: null }, 'deleted', [], system('tenant removal'));
  }

  #store(tenantId: string): Store {
    const { catalogue, clock, limits, numbers } = this.#parts;
    const read = <R>(statement: Fragment) => this.#with('reader', (session) => session.all<R>(statement));
    const reader = sqlReader({ tenantId, catalogue, dialect }, limits, (script) =>
      this.#with('reader', (session) => session.play(script)),
    );
    const write = <R>(statement: Fragment) => this.#single((session) => session.all<R>(statement));
    return {
      tenantId,
      read: (run) => this.#open(() => run(reader)),
      write: (run) => this.#write(tenantId, run),
      ephemeral: postgresEphemeral({ tenantId, clock, read, write, hold: false }),
      changes: (query) =>
        this.#with('reader', async (session) =>
          session.play(changesAfter(tenantId, query, await numbers.settled(session), dialect)),
        ),
      sequence: () => this.#with('reader', (session) => numbers.settled(session)),
    };
  }

  async #sweep(): Promise<number> {
    const { catalogue, clock, changeRetentionDays, logs } = this.#parts;
    const keeping = { now: clock.now(), changeRetentionDays, logs };
    const records = await this.#single((session) => session.all(expired(clock.now(), mostSweptAtOnce)));
    const entries = await this.#transaction(({ session }) => session.play(sweepLogs({ catalogue, dialect }, keeping)));
    return records.length + entries;
  }

  async #write<T>(tenantId: string, run: (transaction: StoreTransaction) => Promise<T>): Promise<Committed<T>> {
    const { catalogue, clock, limits } = this.#parts;
    const committed = await this.#transaction(async ({ session, drawn }) => {
      const changes: Change[] = [];
      const view = { tenantId, catalogue, dialect };
      const ask = <R>(statement: Fragment) => session.all<R>(statement);
      const means = {
        reader: sqlReader(view, limits, (script) => session.play(script)),
        ephemeral: postgresEphemeral({ tenantId, clock, read: ask, write: ask, hold: true }),
        play: <R>(script: Script<R>) => session.play(script, drawn),
      };
      const parts = { ...view, clock, changes, process: this.#process };
      const { transaction, end } = guarded(sqlTransaction(parts, means));
      try {
        return { value: await run(transaction), changes };
      } finally {
        end();
      }
    });
    if (committed.changes.length > 0) this.#notifier.notify();
    return committed;
  }

  #follow(signal: AbortSignal): AsyncIterable<Change> {
    const since = this.#unfollowed;
    this.#unfollowed = undefined;
    const either = AbortSignal.any([signal, this.#parts.ending.signal]);
    return follow({ ...this.#parts, process: this.#process }, since, either);
  }

  #transaction<T>(work: (attempt: Attempt) => Promise<T>): Promise<T> {
    return this.#open(() => this.#writer.write(work));
  }

  #with<T>(role: Role, work: (session: Session) => Promise<T>): Promise<T> {
    return this.#open(() => this.#parts.pools.with(role, work));
  }

  /** One statement that is a transaction by itself; when it is caught in a deadlock, it is put again. */
  #single<T>(ask: (session: Session) => Promise<T>): Promise<T> {
    return this.#with('writer', async (session) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await ask(session);
        } catch (error) {
          if (!isConflict(error) || attempt === mostDeadlocks) throw error;
        }
      }
    });
  }

  /** Refuses once the database is closing, and makes closing wait for what is under way. */
  async #open<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing) throw faults.closed();
    const running = work();
    this.#underWay.add(running);
    try {
      return await running;
    } finally {
      this.#underWay.delete(running);
    }
  }

  #close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#parts.ending.abort();
      await Promise.allSettled([...this.#underWay]);
      await this.#notifier.flush();
      await this.#parts.pools.end();
    })();
    return this.#closing;
  }
}
