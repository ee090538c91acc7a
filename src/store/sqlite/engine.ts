import type { Clock } from '../../kernel/index.ts';
import type { Catalogue } from '../catalogue.ts';
import { foldText } from '../comparable.ts';
import { ephemeralOver, ephemeralThrough } from '../ephemeral-rules.ts';
import { faults } from '../faults.ts';
import { guarded } from '../guarded.ts';
import { inTurns, type Limits } from '../limits.ts';
import type { Log } from '../retention.ts';
import { silence } from '../silence.ts';
import { type Fragment, sql } from '../sql/fragment.ts';
import { createKnownRows } from '../sql/known-rows.ts';
import { changesAfter, forgottenStatement } from '../sql/log.ts';
import { sqlReader } from '../sql/reader.ts';
import { sweepLogs } from '../sql/sweep.ts';
import { sqlTenants } from '../sql/tenants.ts';
import { sqlTransaction } from '../sql/transaction.ts';
import type { Answered, Change, Committed, Database, Store, StoreTransaction } from '../store.ts';
import { withinLimit, writeLimitSeconds } from '../time-limit.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Connection } from './connection.ts';
import { sqliteDialect as dialect } from './dialect.ts';
import type { Durability } from './durability.ts';
import { ephemeralTable, sweep } from './ephemeral.ts';
import { play, playInTurns } from './play.ts';
import type { Scans } from './scans.ts';
import { type Asked, whicheverFor } from './whichever.ts';
import { Writer } from './writer.ts';

export interface EngineParts {
  readonly writing: Connection;
  /** Sees only what is committed. */
  readonly reading: Connection;
  readonly durability: Durability;
  readonly checkpoints: Checkpoints;
  readonly scans: Scans;
  readonly lock: { close(): void };
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly changeRetentionDays: number;
  readonly limits: Limits;
  readonly logs: readonly Log[];
  readonly translate: (error: unknown) => unknown;
}

const look = sql('SELECT 1 FROM counter LIMIT 1');
/** Writes something of no meaning, as many pages as a large write has. */
const touches = [
  sql("DELETE FROM counter WHERE name LIKE 'probe%'"),
  sql("INSERT INTO counter (name, value) VALUES ('probe ' || hex(randomblob(65536)), 1)"),
];

export class SqliteEngine {
  readonly #parts: EngineParts;
  readonly #writer: Writer;
  readonly #known = createKnownRows();
  #closing: Promise<void> | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#writer = new Writer({ ...parts, connection: parts.writing });
  }

  /** Commits so far; fewer than writes when writes come together. */
  get commits(): number {
    return this.#writer.commits;
  }

  database(): Database {
    const { writing, reading, catalogue, clock } = this.#parts;
    const write = <T>(run: (connection: Connection) => T) => this.#inLine(async () => run(writing));
    return {
      engine: 'sqlite',
      tenants: sqlTenants({
        read: (script) => this.#read(reading, async () => play(script(), reading)),
        write: (script) => write((connection) => play(script(), connection)),
        catalogue,
        clock,
      }),
      tenant: (id) => this.#store(foldText(id)),
      // Only this process writes the file, so there is nothing to tell.
      foreignChanges: silence,
      sweep: () => this.#inLine(() => this.#sweep()),
      probe: () => this.#probe(),
      close: () => this.#close(),
    };
  }

  #store(tenantId: string): Store {
    const { reading, writing, catalogue, clock, limits } = this.#parts;
    const connection = whicheverFor(reading, writing, () => this.#writer.isQuiet);
    const reader = sqlReader({ tenantId, catalogue, dialect, known: this.#known }, limits, (script) =>
      playInTurns(script, connection, (statement) => this.#scan(statement)),
    );
    const ephemeralOn = (asked: Asked) => ephemeralOver(ephemeralTable(asked, tenantId, this.#writer.next), clock);
    const [ephemeral, written] = [ephemeralOn(connection), ephemeralOn(writing)];
    return {
      tenantId,
      read: (run) => this.#read(reader, run),
      write: (run) => this.#write(tenantId, run),
      ephemeral: ephemeralThrough(
        {
          get: (kind, id) => this.#read(ephemeral, (e) => e.get(kind, id)),
          findBy: (kind, index, value) => this.#read(ephemeral, (e) => e.findBy(kind, index, value)),
        },
        // One call that waits for nothing: there is nothing to bound, and nobody who could keep the transaction.
        (run, answered) => this.#inLine(() => run(written), answered),
      ),
      changes: (query) =>
        this.#read(connection, async () =>
          play(changesAfter(tenantId, query, endOfLog(connection), dialect), connection),
        ),
      sequence: () => this.#read(connection, async () => endOfLog(connection)),
    };
  }

  async #probe(): Promise<void> {
    const { writing, reading } = this.#parts;
    if (!this.#writer.isFailing) {
      await this.#read(reading, async () => reading.get(look));
      return;
    }
    await this.#inLine(async () => {
      for (const touch of touches) writing.run(touch);
    });
    this.#writer.recovered();
  }

  /** What another thread has read is told when it is on the disk; where it cannot get there, what is on it. */
  async #scan(statement: Fragment): Promise<readonly unknown[]> {
    const { scans, reading } = this.#parts;
    const rows = await scans.all(statement);
    return rows && (await this.#writer.settled()) ? rows : reading.all(statement);
  }

  async #sweep(): Promise<number> {
    const { writing, catalogue, clock, changeRetentionDays, logs } = this.#parts;
    const keeping = { now: clock.now(), changeRetentionDays, logs };
    // Hundreds of entries with all their index entries take a while; who reads need not wait for that.
    return sweep(writing, clock.now()) + (await playInTurns(sweepLogs({ catalogue, dialect }, keeping), writing));
  }

  async #read<R, T>(reader: R, run: (reader: R) => Promise<T>): Promise<T> {
    if (this.#closing) throw faults.closed();
    try {
      return await run(reader);
    } catch (error) {
      throw this.#parts.translate(error);
    }
  }

  #write<T>(tenantId: string, run: (transaction: StoreTransaction) => Promise<T>): Promise<Committed<T>> {
    const { writing: connection, catalogue, clock, limits } = this.#parts;
    const changes: Change[] = [];
    const { next } = this.#writer;
    const view = { tenantId, catalogue, dialect };
    const { transaction, end } = guarded(
      sqlTransaction(
        { ...view, clock, changes },
        {
          reader: sqlReader(view, inTurns(limits), (script) => playInTurns(script, connection)),
          ephemeral: ephemeralOver(ephemeralTable(connection, tenantId, next), clock),
          play: async (script) => play(script, connection, next),
        },
      ),
    );
    return this.#inLine(async () => {
      try {
        return { value: await withinLimit(run(transaction), writeLimitSeconds), changes };
      } finally {
        end();
      }
    });
  }

  async #inLine<T>(work: () => Promise<T>, answered?: Answered): Promise<T> {
    try {
      return await this.#writer.write(work, answered);
    } catch (error) {
      throw this.#parts.translate(error);
    }
  }

  #close(): Promise<void> {
    this.#closing ??= (async () => {
      const { reading, writing, lock, durability, checkpoints, scans } = this.#parts;
      await this.#writer.close();
      await checkpoints.close();
      await scans.close();
      await durability.close();
      for (const one of [reading, writing, lock]) one.close();
    })();
    return this.#closing;
  }
}

/** Everything committed is settled, since one writer draws the numbers and commits in their order. */
const endOfLog = (connection: Asked): number =>
  connection.get<{ end: number }>(
    sql(
      `SELECT max(coalesce((SELECT max(sequence) FROM change), 0), coalesce((${forgottenStatement.sql}), 0)) AS "end"`,
    ),
  )?.end ?? 0;
