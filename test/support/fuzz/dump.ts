import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { lookInto } from '../sqlite.ts';

/** Tables whose rows come and go without a write of the directory: tokens, codes, counters, locks, the record of what happened. */
const passing = /^(sqlite_|ephemeral|o_|locks?$|e_signIn|e_usher_signIn)/;

/** Everything a SQLite store keeps of entities, as text: the same text means that nothing was written. */
export function dumpOf(folder: string): string {
  const file = readdirSync(folder).find((name) => /\.(db|sqlite3?)$/.test(name));
  if (!file) throw new Error(`There is no database in ${folder}: ${readdirSync(folder).join(', ')}`);
  return lookInto(join(folder, file), (query) =>
    query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .map(({ name }) => String(name))
      .filter((name) => !passing.test(name))
      .map((name) =>
        [
          name,
          ...query(`SELECT * FROM "${name}"`)
            .map((row) => JSON.stringify(row))
            .sort(),
        ].join('\n'),
      )
      .join('\n'),
  );
}
