import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { EntityType } from '../../model/index.ts';
import { createCatalogue } from '../catalogue.ts';
import { faults } from '../faults.ts';
import type { Defect, Inspection } from '../inspection.ts';
import { reconcile } from '../sql/reconcile.ts';
import { sqliteDefinitions } from './definitions.ts';
import { anotherProgram, newerVersion } from './migrate.ts';
import { steps } from './steps.ts';

/**
 * What a start would refuse, and what SQLite finds wrong in the file, at most 10 findings. Reads only, so it may run beside the process
 * that writes. Undefined when there is no such file yet. Throws `store.unusable` for what is no database.
 */
export function inspectSqlite(url: string, types: readonly EntityType[]): Inspection | undefined {
  const path = url.slice('sqlite:'.length);
  if (!existsSync(path)) return undefined;
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    try {
      return {
        about: 'SQLite',
        state: stateOf(database, types),
        defects: [...refused(database), ...damages(database)],
      };
    } finally {
      database.close();
    }
  } catch (cause) {
    throw faults.unusable({ url, reason: cause instanceof Error ? cause.message : String(cause) }, cause);
  }
}

const tablesIn = (database: DatabaseSync): readonly unknown[] =>
  database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map((row) => row['name']);

/** The numbered steps that were taken; undefined where nobody has counted any. */
function versionOf(database: DatabaseSync): number | undefined {
  if (!tablesIn(database).includes('migration')) return undefined;
  return Number(database.prepare('SELECT max(version) AS version FROM migration').get()?.['version'] ?? 0);
}

function stateOf(database: DatabaseSync, types: readonly EntityType[]): Inspection['state'] {
  if (tablesIn(database).length === 0) return 'empty';
  return versionOf(database) === steps.length && isReconciled(database, types) ? 'current' : 'other';
}

/** The script looks first; the first definition it wants would be a change. */
function isReconciled(database: DatabaseSync, types: readonly EntityType[]): boolean {
  const script = reconcile(createCatalogue(types), sqliteDefinitions);
  let step = script.next();
  while (!step.done) {
    const ask = step.value;
    if (ask.wanted !== 'rows') return false;
    step = script.next(database.prepare(ask.statement.sql).all(...ask.statement.values));
  }
  return true;
}

function refused(database: DatabaseSync): readonly Defect[] {
  const version = versionOf(database);
  if (version === undefined && tablesIn(database).length > 0) {
    return [{ words: anotherProgram, cure: 'Use another folder with --data.', minor: false }];
  }
  if (version === undefined || version <= steps.length) return [];
  const cure = 'Run the newer version, or restore a copy from before.';
  return [{ words: newerVersion(version), cure, minor: false }];
}

function damages(database: DatabaseSync): readonly Defect[] {
  const found = database.prepare('PRAGMA integrity_check(10)').all();
  const cure = 'Stop the server and restore a copy.';
  return found
    .map((row) => String(row['integrity_check']))
    .filter((text) => text !== 'ok')
    .map((damage) => ({ words: `it is damaged: ${damage}`, cure, minor: false }));
}
