import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Inspection } from '../inspection.ts';

/**
 * What SQLite finds wrong in the file, at most 10 findings. Reads only, so it may run beside the process that writes.
 * Undefined when there is no such file yet. Throws the driver's errors.
 */
export function inspectSqlite(path: string): Inspection | undefined {
  if (!existsSync(path)) return undefined;
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    const found = database.prepare('PRAGMA integrity_check(10)').all();
    const damages = found.map((row) => String(row['integrity_check'])).filter((text) => text !== 'ok');
    const cure = 'Stop the server and restore a copy.';
    return {
      about: 'SQLite',
      state: 'current',
      defects: damages.map((damage) => ({ words: `it is damaged: ${damage}`, cure, minor: false })),
    };
  } finally {
    database.close();
  }
}
