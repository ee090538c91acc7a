import { DatabaseSync } from 'node:sqlite';

/**
 * Makes this process the only one to write a database: an exclusive SQLite lock on an empty file beside it, held by an open
 * transaction. The operating system drops it with the process, however that ends. Returns undefined when another has it.
 */
export function tryLock(path: string): { close(): void } | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
    return { close: () => database.close() };
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

const busyCode = 5;

const isBusy = (error: unknown): boolean =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  (error.errcode & 0xff) === busyCode;
