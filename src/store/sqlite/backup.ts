import { closeSync, existsSync, fsyncSync, mkdtempSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { silent } from '../../kernel/index.ts';
import type { EntityType } from '../../model/index.ts';
import { createCatalogue } from '../catalogue.ts';
import type { BackupOptions, Copied } from '../copied.ts';
import { faults } from '../faults.ts';
import { type Inspection, isInOrder } from '../inspection.ts';
import { readSqliteUrl } from './file.ts';
import { inspectSqlite } from './inspect.ts';
import { openSqlite } from './sqlite.ts';
import { type Ask, stateOf, tablesIn } from './state.ts';

/** Pages that are copied before progress is told: 4 MB. */
const pagesAtOnce = 1024;
const busyMilliseconds = 5000;

const uncopied = (reason: string, cause?: unknown) => faults.uncopied({ reason }, cause);

const asker =
  (database: DatabaseSync): Ask =>
  ({ sql, values }) =>
    database.prepare(sql).all(...values);

/** What is in a database, to compare a copy with: rows by table. */
function rowsIn(database: DatabaseSync): ReadonlyMap<string, number> {
  const ask = asker(database);
  const counted = (table: string) => {
    const text = `SELECT count(*) AS n FROM "${table.replaceAll('"', '""')}"`;
    return Number(database.prepare(text).get()?.['n']);
  };
  return new Map(tablesIn(ask).map((table) => [String(table), counted(String(table))]));
}

function found(path: string, database: DatabaseSync, state: Inspection['state']): Copied {
  const rows = rowsIn(database);
  const all = [...rows.values()].reduce((sum, count) => sum + count, 0);
  return { bytes: statSync(path).size, tenants: rows.get('tenant') ?? 0, rows: all, state };
}

/** Opens it as a server would, and brings it back to one file that may be read where nothing can be written. */
async function tryOut(file: string, { clock, types }: BackupOptions, state: Inspection['state']): Promise<void> {
  if (isInOrder(state)) {
    const opened = openSqlite(`sqlite:${file}`, { clock, observe: silent, types, migrate: 'never' }).database();
    try {
      await opened.tenants.list();
    } finally {
      await opened.close();
    }
  }
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA journal_mode = DELETE');
  } finally {
    database.close();
  }
}

function demandSame(source: ReadonlyMap<string, number>, file: string): void {
  const copy = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = rowsIn(copy);
    for (const [table, count] of source)
      if (rows.get(table) !== count)
        throw uncopied(`the copy has ${rows.get(table) ?? 'no'} rows in '${table}' where there are ${count}.`);
  } finally {
    copy.close();
  }
}

/** Onto the disk: a file, or the names in a folder. */
function settle(path: string): void {
  const opened = openSync(path, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** Copies what is committed at this moment, however much is written meanwhile: all parts are read in one transaction. */
async function copyInto(file: string, source: DatabaseSync, { progress }: BackupOptions): Promise<void> {
  // What a password hash is in is for this user only, from its first byte.
  closeSync(openSync(file, 'wx', 0o600));
  await backup(source, file, {
    rate: pagesAtOnce,
    progress: ({ totalPages, remainingPages }) => progress?.({ done: totalPages - remainingPages, of: totalPages }),
  });
}

async function copied(source: DatabaseSync, target: string, options: BackupOptions): Promise<Copied> {
  const folder = mkdtempSync(`${target}.partial-`);
  try {
    const file = join(folder, 'copy.db');
    source.exec('BEGIN');
    const rows = rowsIn(source);
    const state = stateOf(asker(source), createCatalogue(options.types));
    await copyInto(file, source, options);
    await tryOut(file, options, state);
    demandSame(rows, file);
    const { bytes, ...checked } = verifySqlite(file, options.types);
    settle(file);
    if (existsSync(target)) throw uncopied(`there is a file '${target}' by now.`);
    renameSync(file, target);
    settle(dirname(target));
    return { bytes, ...checked };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Copies a database that a server may be writing, at one moment, into a new file for this user only; the file gets its name when it has been
 * checked and is on the disk. It asks nothing of the server: it reads beside it, in the thread pool of its own process. Throws
 * `store.uncopied`.
 */
export async function backUpSqlite(url: string, to: string, options: BackupOptions): Promise<Copied> {
  const [{ path }, target] = [readSqliteUrl(url), resolve(to)];
  if (!existsSync(path)) throw uncopied(`there is no database '${path}'.`);
  if (existsSync(target)) throw uncopied(`there is a file '${target}' already; a copy replaces none.`);
  try {
    const source = new DatabaseSync(path, { readOnly: true, timeout: busyMilliseconds });
    try {
      return await copied(source, target, options);
    } finally {
      source.close();
    }
  } catch (cause) {
    throw asUncopied(cause);
  }
}

/** Looks through a copy: it is whole, ours, and of which version. Writes nothing. Throws `store.uncopied` with what is wrong. */
export function verifySqlite(file: string, types: readonly EntityType[]): Copied {
  const path = resolve(file);
  try {
    const inspection = inspectSqlite(`sqlite:${path}`, types);
    if (!inspection) throw uncopied(`there is no file '${path}'.`);
    if (inspection.state === 'empty') throw uncopied(`'${path}' holds nothing.`);
    const [defect] = inspection.defects;
    if (defect) throw uncopied(`'${path}': ${defect.words}`);
    const database = new DatabaseSync(path, { readOnly: true, timeout: busyMilliseconds });
    try {
      return found(path, database, inspection.state);
    } finally {
      database.close();
    }
  } catch (cause) {
    throw asUncopied(cause);
  }
}

function asUncopied(error: unknown): unknown {
  if (!(error instanceof Error) || ('code' in error && error.code === 'store.uncopied')) return error;
  return uncopied(`${error.message.replace(/\.$/, '')}.`, error);
}
