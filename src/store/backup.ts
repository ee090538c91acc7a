import { maskedUrl } from '../kernel/index.ts';
import type { EntityType } from '../model/index.ts';
import type { BackupOptions, Copied } from './copied.ts';
import { faults } from './faults.ts';

/** Copies a running database into a new file. Throws `store.uncopied`, also for engines that bring tools of their own. */
export async function backUpDatabase(url: string, target: string, options: BackupOptions): Promise<Copied> {
  if (!url.startsWith('sqlite:')) {
    const reason = `${maskedUrl(url)} is no SQLite file; a PostgreSQL database is copied with pg_dump (docs/backup.md).`;
    throw faults.uncopied({ reason });
  }
  return (await import('./sqlite/backup.ts')).backUpSqlite(url, target, options);
}

/** Looks through a copy that `backUpDatabase` made. Throws `store.uncopied` with what is wrong. */
export async function verifyBackup(file: string, types: readonly EntityType[]): Promise<Copied> {
  return (await import('./sqlite/backup.ts')).verifySqlite(file, types);
}
