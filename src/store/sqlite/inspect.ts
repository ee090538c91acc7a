import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/**
 * What SQLite finds wrong in the file, at most 10 findings; empty when it is sound. Reads only, so it may run beside the
 * process that writes. Undefined when there is no such file yet.
 */
export function inspectSqlite(path: string): readonly string[] | undefined {
  if (!existsSync(path)) return undefined;
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    const found = database.prepare('PRAGMA integrity_check(10)').all();
    return found.map((row) => String(row['integrity_check'])).filter((text) => text !== 'ok');
  } finally {
    database.close();
  }
}
