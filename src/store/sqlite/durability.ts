import { close, fdatasync, openSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { faults } from '../faults.ts';
import { sql } from '../sql/fragment.ts';
import type { Connection } from './connection.ts';

/** When a commit is on the disk, and what is seen of it until then. */
export interface Durability {
  /** Before a commit: whoever reads from here on sees what is on the disk, and not what a loss of power could still take back. */
  hold(): void;
  /** Resolves when all that was committed is on the disk, under the names it will be looked for. Rejects with the error of the file system, `store.moved`. */
  flush(): Promise<void>;
  /** Readers see everything again. */
  release(): void;
  close(): Promise<void>;
}

const sync = promisify(fdatasync);
const shut = promisify(close);

/** Tells one file from another, also where it took its name over. */
function identityOf(path: string): string | undefined {
  const { dev, ino } = statSync(path, { bigint: true, throwIfNoEntry: false }) ?? {};
  return ino === undefined ? undefined : `${dev} ${ino}`;
}

/** Looks whether a file still has its name: what is written into one that was removed is gone with the process. */
function nameKeeper(path: string): () => void {
  const opened = identityOf(path);
  return () => {
    if (identityOf(path) !== opened) throw faults.moved();
  };
}

/**
 * Brings commits onto the disk in the thread pool, so that nobody waits for the disk but who has written. The writing connection must be one
 * that leaves it to us (`synchronous = NORMAL`): it then appends to the write-ahead log, whose frames bear checksums, and syncs only a new
 * header of it; whatever the log holds when it has been synced survives (https://sqlite.org/wal.html §5). `reading` has to have been asked
 * before, so that the log is there. SQLite takes no locks on that file, so it may be opened and closed beside it.
 */
export function flushing(file: string, reading: Connection): Durability {
  const log = openSync(`${file}-wal`, 'r+');
  const keepers = [file, `${file}-wal`].map(nameKeeper);
  return {
    hold() {
      reading.run(sql('BEGIN'));
      // The view of a transaction begins with its first question.
      reading.get(sql('SELECT 1 FROM counter LIMIT 1'));
    },
    async flush() {
      await sync(log);
      for (const demand of keepers) demand();
    },
    release() {
      if (reading.inTransaction) reading.run(sql('COMMIT'));
    },
    close: () => shut(log),
  };
}

/** For measuring: a commit counts when the system has it. */
export const relaxed: Durability = {
  hold: () => undefined,
  flush: async () => undefined,
  release: () => undefined,
  close: async () => undefined,
};
