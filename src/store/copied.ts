import type { Clock } from '../kernel/index.ts';
import type { EntityType } from '../model/index.ts';
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
