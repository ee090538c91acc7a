/** Where entities and short-lived records live: the ports, and one engine a folder. Knows no rule about what it keeps. */

export { backUpDatabase, verifyBackup } from './backup.ts';
export type { Copied } from './copied.ts';
export { matches } from './evaluate.ts';
export { faults as storeFaults } from './faults.ts';
export { type Defect, type Inspection, isInOrder, type State } from './inspection.ts';
export { inspectDatabase, openDatabase } from './open.ts';
export { scopeOf } from './scope.ts';
export { sortedPage } from './sorted-page.ts';
export type {
  Answered,
  Change,
  Committed,
  Database,
  Ephemeral,
  EphemeralKind,
  EphemeralRecord,
  EphemeralWrite,
  Held,
  Logged,
  LogQuery,
  Migrate,
  NewRow,
  OpenOptions,
  Row,
  Store,
  StoreReader,
  StoreTransaction,
  Tenant,
  Tenants,
} from './store.ts';
export { missedChanges, removedTenant } from './store.ts';
export { sweepAll } from './sweep.ts';
