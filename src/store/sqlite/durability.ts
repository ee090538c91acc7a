import { close, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { sql } from '../sql/fragment.ts';
import type { Connection } from './connection.ts';

/** When a commit is on the disk, and what is seen of it until then. */
export interface Durability {
  /** Before a commit: whoever reads from here on sees what is on the disk, and not what a loss of power could still take back. */
  hold(): void;
  /** Resolves when all that was committed is on the disk. Rejects with the error of the file system. */
  flush(): Promise<void>;
  /** Readers see everything again. */
  release(): void;
  close(): Promise<void>;
}

const sync = promisify(fdatasync);
const shut = promisify(close);

/**
 * Brings commits onto the disk in the thread pool, so that nobody waits for the disk but who has written. The writing connection must be one
 * that leaves it to us (`synchronous = NORMAL`): it then appends to the write-ahead log, whose frames bear checksums, and syncs only a new
 * header of it; whatever the log holds when it has been synced survives (https://sqlite.org/wal.html §5). `reading` has to have been asked
 * before, so that the log is there. SQLite takes no locks on that file, so it may be opened and closed beside it.
 */
export function flushing(file: string, reading: Connection): Durability {
  const log = openSync(`${file}-wal`, 'r+');
  return {
    hold() {
      reading.run(sql('BEGIN'));
      // The view of a transaction begins with its first question.
      reading.get(sql('SELECT 1 FROM counter LIMIT 1'));
    },
    flush: () => sync(log),
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
