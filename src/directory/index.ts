/** The one way to read and write entities: validate, prepare, check, commit, announce. */

export type { Deed } from './activities.ts';
export type { Written } from './audit.ts';
export {
  type Behaviour,
  type BuiltIn,
  type BuiltInContext,
  behaviour,
  type CheckContext,
  type CreationCall,
  type DeriveContext,
  type OperationCall,
  type PrepareContext,
} from './behaviour.ts';
export { type ChangeCache, type ChangeCacheOptions, changedId, createChangeCache } from './change-cache.ts';
export { createDirectory, type OpenDirectory } from './create-directory.ts';
export type {
  ContainedDraft,
  CreateOptions,
  Directory,
  OperationTarget,
  Put,
  UpdateOptions,
  Versioned,
} from './directory.ts';
export { faults as directoryFaults } from './faults.ts';
export type { DirectoryServices } from './room.ts';
export { createSecretBox, type SecretBox, type SecretPlace } from './secret-box.ts';
export { mask as secretMask } from './secrets.ts';
export { bytesOf } from './size.ts';
export { createTermIndex, type TermIndex, type TermIndexOptions } from './term-index.ts';
export type { Attendance, LogEntry, Witness } from './witness.ts';
