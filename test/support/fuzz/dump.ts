import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Tables whose rows come and go without a write of the directory: tokens, codes, counters, locks, the record of what happened. */
const passing = /^(sqlite_|ephemeral|o_|locks?$|e_signIn|e_usher_signIn)/;

/** Everything a SQLite store keeps of entities, as text: the same text means that nothing was written. */
export function dumpOf(folder: string): string {
  const file = readdirSync(folder).find((name) => /\.(db|sqlite3?)$/.test(name));
  const path = join(folder, file ?? '');
  if (!file || !existsSync(path))
    throw new Error(`There is no database in ${folder}: ${readdirSync(folder).join(', ')}`);
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
    return tables
      .map(({ name }) => String(name))
      .filter((name) => !passing.test(name))
      .map((name) => `${name}\n${JSON.stringify(database.prepare(`SELECT * FROM "${name}" ORDER BY 1, 2`).all())}`)
      .join('\n');
  } finally {
    database.close();
  }
}
