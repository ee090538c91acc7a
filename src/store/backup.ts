import { type Clock, maskedUrl } from '../kernel/index.ts';
import type { EntityType } from '../model/index.ts';
import { faults } from './faults.ts';
import type { Inspection } from './inspection.ts';

export interface BackupOptions {
  readonly clock: Clock;
  /** As in `OpenOptions`. */
  readonly types: readonly EntityType[];
  /** Told now and then, in pages of the file. */
  readonly progress?: (told: { readonly done: number; readonly of: number }) => void;
}

/** A copy that was checked. */
export interface Copied {
  readonly bytes: number;
  readonly tenants: number;
  /** In all tables together. */
  readonly rows: number;
  /** Whether this version opens it as it is; `other`: after a migration. */
  readonly state: Inspection['state'];
}

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
