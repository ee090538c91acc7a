import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createCatalogue } from '../catalogue.ts';
import { faults } from '../faults.ts';
import { usualLimits } from '../limits.ts';
import { logsOf, usualChangeRetentionDays } from '../retention.ts';
import { sql } from '../sql/fragment.ts';
import type { Database, OpenOptions } from '../store.ts';
import { createCheckpoints } from './checkpoints.ts';
import { Connection } from './connection.ts';
import { type Durability, flushing, relaxed } from './durability.ts';
import { SqliteEngine } from './engine.ts';
import { privateFile, readSqliteUrl } from './file.ts';
import { tryLock } from './lock.ts';
import { migrate, notMigratable } from './migrate.ts';
import { createScans } from './scans.ts';
import { createSteady, type Steady } from './steady.ts';
import { translatorFor, whileOpen } from './translate.ts';

/**
 * One file, one writing process. `sqlite:PATH`, relative to the working directory; the file and its folder are made when
 * absent, for this user only. Throws `store.unusable`.
 */
export async function sqliteDatabase(url: string, options: OpenOptions): Promise<Database> {
  return openSqlite(url, options).database();
}

/** The file, and what keeps other processes from writing it. Throws `store.unusable` when another one has it. */
function claim(path: string, url: string): { readonly file: string; readonly lock: { close(): void } } {
  const file = privateFile(path);
  const lock = tryLock(`${file}.lock`);
  if (lock) return { file, lock };
  const reason =
    'another process has it open, and only one may write a SQLite file. Stop it, or use another file with --data or --database, or --memory.';
  throw faults.unusable({ url, reason });
}

/** Whoever only looks may do so beside the one that writes. */
const beside = (path: string): ReturnType<typeof claim> => ({ file: resolve(path), lock: { close: () => undefined } });

/** The engine itself, which also tells how often it committed. Throws `store.unusable`. */
export function openSqlite(url: string, options: OpenOptions): SqliteEngine {
  const { path, isRelaxed } = readSqliteUrl(url);
  const translate = translatorFor(url);
  const opened: { close(): void }[] = [];
  const { clock, observe, changeRetentionDays = usualChangeRetentionDays, limits = usualLimits } = options;
  const { looksOnly = false } = options;
  const may = looksOnly ? 'never' : (options.migrate ?? 'always');
  try {
    if (may === 'never' && !existsSync(path)) throw notMigratable('empty');
    const { file, lock } = looksOnly ? beside(path) : claim(path, url);
    opened.unshift(lock);
    const catalogue = createCatalogue(options.types);
    // Nobody tells who looks beside a writer what that has written.
    const steady = looksOnly ? undefined : createSteady(catalogue);
    const writing = new Connection(file, looksOnly ? 'reader' : 'writer', steady);
    opened.unshift(writing);
    migrate(writing, { catalogue, clock, observe, migrate: may });
    const reading = new Connection(file, 'reader', steady);
    opened.unshift(reading);
    const logs = logsOf(catalogue);
    // Reading makes the log, if there is none.
    reading.get(sql('SELECT 1 FROM counter LIMIT 1'));
    const durability = isRelaxed || looksOnly ? relaxed : flushing(file, reading);
    return new SqliteEngine({
      writing,
      reading,
      durability: steady ? telling(durability, steady) : durability,
      checkpoints: createCheckpoints({ file, writing, observe }),
      scans: createScans({ file, observe }),
      lock,
      catalogue,
      clock,
      changeRetentionDays,
      limits,
      logs,
      translate: whileOpen(translate),
    });
  } catch (error) {
    for (const one of opened) one.close();
    throw translate(error);
  }
}

/** What is kept of answers ends in the moment in which readers see what has been written. */
const telling = (durability: Durability, steady: Steady): Durability => ({
  ...durability,
  release() {
    durability.release();
    steady.shown();
  },
});
