import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { EntityType } from '../../model/index.ts';
import { createCatalogue } from '../catalogue.ts';
import { faults } from '../faults.ts';
import { type Defect, type Inspection, isInOrder } from '../inspection.ts';
import { readSqliteUrl } from './file.ts';
import { anotherProgram, newerVersion } from './migrate.ts';
import { type Ask, stateOf, tablesIn, versionOf } from './state.ts';
import { steps } from './steps.ts';

/**
 * What a start would refuse, and what SQLite finds wrong in the file, at most 10 findings. Reads only, so it may run beside the process
 * that writes. Undefined when there is no such file yet. Throws `store.unusable` for what is no database.
 */
export function inspectSqlite(url: string, types: readonly EntityType[]): Inspection | undefined {
  const { path } = readSqliteUrl(url);
  if (!existsSync(path)) return undefined;
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    try {
      const ask: Ask = ({ sql, values }) => database.prepare(sql).all(...values);
      const state = stateOf(ask, createCatalogue(types));
      const refusals = isInOrder(state) ? [] : refused(ask);
      return { about: 'SQLite', state, defects: [...refusals, ...damages(database)] };
    } finally {
      database.close();
    }
  } catch (cause) {
    throw faults.unusable({ url, reason: cause instanceof Error ? cause.message : String(cause) }, cause);
  }
}

function refused(ask: Ask): readonly Defect[] {
  const version = versionOf(ask);
  if (version === undefined && tablesIn(ask).length > 0) {
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
