import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Filter } from '../../model/index.ts';
import { comparable, valueAt } from '../comparable.ts';
import { matches } from '../evaluate.ts';
import type { Fragment } from '../sql/fragment.ts';
import type { Steady } from './steady.ts';

/** A user can shape the text of a filter, so the cache has an end. */
const mostStatements = 400;
const busyMilliseconds = 5000;
/**
 * Measured against the defaults on scattered data: lists take two thirds of the time. Caps, not allocations. What writes keeps no more than
 * the log may hold, since its map has the rest, and every commit that has balanced a tree looks at each page of the cache.
 */
const cacheKibibytes = { reader: 32 * 1024, writer: 16 * 1024, scanner: 16 * 1024 };
/** What is left of a log that was long, when it begins anew. */
const journalBytes = 64 * 1024 * 1024;
/** A map is thrown away with every commit of another connection, so who reads beside a writer is better off without. */
const mappedBytes = { reader: 0, writer: 256 * 1024 * 1024, scanner: 256 * 1024 * 1024 };

type Values = readonly unknown[];

interface Prepared {
  readonly statement: StatementSync;
  /** Of the columns of its rows. */
  readonly names: readonly string[];
  /** Whether its answers are kept; of a writer, whether what is kept must know of it. */
  readonly isSteady: boolean;
}

/** The driver makes objects that are dictionaries, which take twice as long to make and to read as those that share a shape. */
function rowOf<R>(names: readonly string[], values: Values): R {
  const row: Record<string, unknown> = {};
  for (let at = 0; at < names.length; at += 1) row[names[at] ?? ''] = values[at];
  return row as R;
}

// With `setReturnArrays` a row is the list of its values, of which the types of the driver know nothing.
const readRows = ({ statement, names }: Prepared, { values }: Fragment): readonly object[] =>
  (statement.all(...values) as unknown as readonly Values[]).map((row) => rowOf<object>(names, row));

/** One SQLite connection with its prepared statements. Calls answer at once and throw the driver's own errors. */
export class Connection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();
  readonly #role: keyof typeof cacheKibibytes;
  readonly #steady: Steady | undefined;

  /** `steady`: where answers are kept; shared with the writer, of which it has to hear. */
  constructor(path: string, role: keyof typeof cacheKibibytes, steady?: Steady) {
    this.#role = role;
    this.#steady = steady;
    this.#database = new DatabaseSync(path, { timeout: busyMilliseconds });
    try {
      if (role === 'writer')
        this.#database.exec(
          // Commits are brought onto the disk by `durability.ts`, and the log into the file by `checkpoints.ts`.
          `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;
           PRAGMA journal_size_limit = ${journalBytes};`,
        );
      else this.#database.exec('PRAGMA query_only = ON;');
      this.#database.exec(`PRAGMA cache_size = -${cacheKibibytes[role]}; PRAGMA mmap_size = ${mappedBytes[role]};`);
      this.#database.exec('PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;');
      registerFunctions(this.#database);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** False also after SQLite itself has undone a transaction, e.g. when the disk is full. */
  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** The row type is the caller's claim about its own SQL. */
  all<R>(statement: Fragment): readonly R[] {
    const prepared = this.#prepare(statement.sql);
    const read = () => readRows(prepared, statement);
    if (!prepared.isSteady || !this.#steady) return read() as readonly R[];
    if (this.#role === 'reader') return this.#steady.answer(statement, read) as readonly R[];
    this.#steady.wrote();
    return read() as readonly R[];
  }

  get<R>(statement: Fragment): R | undefined {
    return this.all<R>(statement)[0];
  }

  /** Whether answers to the statement are kept. */
  keeps({ sql }: Fragment): boolean {
    return this.#prepare(sql).isSteady;
  }

  /** Resolves to the number of rows changed. */
  run({ sql, values }: Fragment): number {
    const { statement, isSteady } = this.#prepare(sql);
    if (isSteady) this.#steady?.wrote();
    return Number(statement.run(...values).changes);
  }

  /** For text without values: transaction control and schema. */
  exec(text: string): void {
    this.#database.exec(text);
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(text: string): Prepared {
    const known = this.#statements.get(text);
    if (known) return known;
    const statement = this.#database.prepare(text);
    statement.setReturnArrays(true);
    const isSteady = (this.#role === 'reader' ? this.#steady?.reads(text) : this.#steady?.writes(text)) ?? false;
    const prepared = { statement, names: statement.columns().map(({ name }) => name), isSteady };
    const [oldest] = this.#statements.keys();
    if (oldest !== undefined && this.#statements.size >= mostStatements) this.#statements.delete(oldest);
    this.#statements.set(text, prepared);
    return prepared;
  }
}

/**
 * `usher_matches(body, id, filter)` asks the reference evaluator about what has no column; `usher_key(body, path)` gives
 * the value of a path in the form in which it is ordered. Filter and path are JSON text.
 */
function registerFunctions(database: DatabaseSync): void {
  const filterOf = lastParsed<Filter>(64);
  const pathOf = lastParsed<readonly string[]>(64);
  const bodyOf = lastParsed<unknown>(1);
  const pure = { deterministic: true, directOnly: true } as const;
  database.function('usher_matches', pure, (body, id, filter) =>
    matches(filterOf(String(filter)), { id: String(id), values: bodyOf(String(body)) }) ? 1 : 0,
  );
  database.function('usher_key', pure, (body, path) => comparable(valueAt(bodyOf(String(body)), pathOf(String(path)))));
}

/** One filter is parsed for many rows, and one row for many conditions. */
function lastParsed<T>(most: number): (text: string) => T {
  const parsed = new Map<string, T>();
  return (text) => {
    const known = parsed.get(text);
    if (known !== undefined) return known;
    if (parsed.size >= most) parsed.clear();
    const value = JSON.parse(text) as T;
    parsed.set(text, value);
    return value;
  };
}
