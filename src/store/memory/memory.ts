import { type Catalogue, createCatalogue } from '../catalogue.ts';
import { foldText } from '../comparable.ts';
import { ephemeralOver, ephemeralThrough } from '../ephemeral-rules.ts';
import { faults } from '../faults.ts';
import { guarded } from '../guarded.ts';
import { type Log, logsOf, usualChangeRetentionDays } from '../retention.ts';
import { silence } from '../silence.ts';
import type { Change, Committed, Database, OpenOptions, Store, StoreTransaction } from '../store.ts';
import { mostSweptAtOnce } from '../sweep.ts';
import { withinLimit, writeLimitSeconds } from '../time-limit.ts';
import { ephemeralTable } from './ephemeral.ts';
import { changesAfter, sweepChanges, sweepEntries } from './log.ts';
import { memoryReader } from './reader.ts';
import { emptyState, layerOver, type TenantState } from './state.ts';
import { memoryTenants } from './tenants.ts';
import { memoryTransaction } from './transaction.ts';

/** Everything in Maps of this process; gone when it ends. For tests, and the reference of what the other engines do. */
export async function memoryDatabase(options: OpenOptions): Promise<Database> {
  const { clock } = options;
  const engine = new MemoryEngine(options);
  return {
    engine: 'memory',
    tenants: memoryTenants(
      clock,
      (work) => engine.inLine(async () => work()),
      (id) => void engine.states.delete(id),
    ),
    tenant: (id) => engine.store(foldText(id)),
    // Nobody else can open this database, so there is nothing to tell.
    foreignChanges: silence,
    sweep: () => engine.inLine(async () => engine.sweep()),
    probe: () => engine.inLine(async () => undefined),
    close: () => engine.close(),
  };
}

class MemoryEngine {
  readonly states = new Map<string, TenantState>();
  readonly #catalogue: Catalogue;
  readonly #logs: readonly Log[];
  readonly #clock: OpenOptions['clock'];
  readonly #changeRetentionDays: number;
  #sequence = 0;
  /** The last number that a committed write may have drawn. */
  #committed = 0;
  /** The greatest number whose change has been removed because of its age. */
  #forgotten = 0;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor({ types, clock, changeRetentionDays = usualChangeRetentionDays }: OpenOptions) {
    this.#catalogue = createCatalogue(types);
    this.#logs = logsOf(this.#catalogue);
    this.#clock = clock;
    this.#changeRetentionDays = changeRetentionDays;
  }

  store(tenantId: string): Store {
    const readEphemeral = () => ephemeralOver(ephemeralTable(this.#state(tenantId), this.#next), this.#clock);
    return {
      tenantId,
      read: async (run) => {
        if (this.#closed) throw faults.closed();
        return run(memoryReader(this.#state(tenantId), this.#catalogue));
      },
      write: (run) => this.#write(tenantId, run),
      ephemeral: ephemeralThrough(
        {
          get: async (kind, id) => readEphemeral().get(kind, id),
          findBy: async (kind, index, value) => readEphemeral().findBy(kind, index, value),
        },
        async (run) => (await this.#write(tenantId, ({ ephemeral }) => run(ephemeral))).value,
      ),
      changes: async (query) => {
        if (this.#closed) throw faults.closed();
        return changesAfter(this.#state(tenantId).log, query, { end: this.#committed, forgotten: this.#forgotten });
      },
      sequence: async () => this.#committed,
    };
  }

  /** Runs the work when all work before it is done, so that writers never meet. */
  inLine<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(faults.closed());
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  sweep(): number {
    const now = this.#clock.now();
    const changes = sweepChanges(this.states.values(), now, this.#changeRetentionDays);
    this.#forgotten = Math.max(this.#forgotten, changes.last);
    return this.#sweepRecords() + changes.swept + sweepEntries(this.states.values(), this.#logs, now);
  }

  #sweepRecords(): number {
    let swept = 0;
    for (const { ephemerals } of this.states.values()) {
      for (const [key, { expires }] of ephemerals) {
        if (swept === mostSweptAtOnce) return swept;
        if (expires > this.#clock.now()) continue;
        ephemerals.delete(key);
        swept += 1;
      }
    }
    return swept;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
  }

  #write<T>(tenantId: string, run: (transaction: StoreTransaction) => Promise<T>): Promise<Committed<T>> {
    return this.inLine(async () => {
      const state = this.#state(tenantId);
      const tables = layerOver(state);
      const changes: Change[] = [];
      const parts = { tenantId, tables, catalogue: this.#catalogue, clock: this.#clock, next: this.#next, changes };
      const { transaction, end } = guarded(memoryTransaction(parts));
      try {
        const value = await withinLimit(run(transaction), writeLimitSeconds);
        tables.merge();
        state.log.push(...changes);
        this.#committed = this.#sequence;
        // Kept only once something is in it: reads of tenants that do not exist leave nothing behind.
        this.states.set(tenantId, state);
        return { value, changes };
      } finally {
        end();
      }
    });
  }

  readonly #next = (): number => {
    this.#sequence += 1;
    return this.#sequence;
  };

  #state(tenantId: string): TenantState {
    return this.states.get(tenantId) ?? emptyState();
  }
}
