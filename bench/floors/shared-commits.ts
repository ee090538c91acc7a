import { closeSync, fdatasync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';

const sync = promisify(fdatasync);

/**
 * Writes that come while the disk is at work share the next commit, and the disk works in the thread pool: as durable as a commit with
 * `synchronous = FULL` for each, without the event loop waiting for it. The database must have a write-ahead log and `synchronous = NORMAL`.
 */
export function sharedCommits(database: DatabaseSync, file: string): (write: () => void) => Promise<void> {
  const log = openSync(`${file}-wal`, 'r+');
  process.once('exit', () => closeSync(log));
  let waiting: (() => void)[] = [];
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();

  async function commit(before: Promise<void>): Promise<void> {
    await before;
    const writes = waiting;
    waiting = [];
    next = undefined;
    database.exec('BEGIN');
    for (const write of writes) write();
    database.exec('COMMIT');
    await sync(log);
  }

  return (write) => {
    waiting.push(write);
    if (!next) {
      next = commit(last);
      last = next;
    }
    return next;
  };
}
