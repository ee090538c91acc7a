// The thread that moves the write-ahead log of a SQLite file into the file, beside those who read and write it: answers each message with
// one `Pass`. JavaScript, because in a checkout Node would load its TypeScript stripper into the thread.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

const database = new DatabaseSync(workerData.file, { timeout: 0 });
database.exec('PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF;');
const pass = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');

parentPort?.on('message', () => {
  try {
    parentPort?.postMessage(pass.get());
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : 'unknown' });
  }
});
