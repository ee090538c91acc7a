import type { Caller, Clock, Observe } from '../kernel/index.ts';
import type { Store, StoreReader, StoreTransaction, Tenant } from '../store/index.ts';
import type { Note } from './audit.ts';
import type { Behaviour } from './behaviour.ts';
import type { BuiltIns } from './built-ins.ts';
import type { Rules } from './rules.ts';
import type { SecretBox } from './secret-box.ts';
import type { Witness } from './witness.ts';

/** What a directory is built from. */
export interface DirectoryServices {
  readonly tenant: Tenant;
  /** The view of the same tenant. */
  readonly store: Store;
  readonly behaviours: readonly Behaviour[];
  readonly clock: Clock;
  readonly observe: Observe;
  readonly box: SecretBox;
  /** Absent: what is written is told to listeners alone. */
  readonly witness?: Witness;
}

/** What the operations of one directory share. */
export interface Room extends Omit<DirectoryServices, 'behaviours' | 'observe' | 'witness'> {
  readonly rules: Rules;
  readonly builtIns: BuiltIns;
  /** Stored and built-in entities. Reads one by one, so that nothing in the store is held while a behaviour hashes or waits. */
  readonly reader: StoreReader;
  /** What a reader of the store sees, and the built-in entities. */
  merged(reader: StoreReader): StoreReader;
  /**
   * Commits what `run` does and notes for the audit log, tells the listeners, then answers, so that a writer finds no cache older
   * than its write.
   */
  write<T>(caller: Caller, run: (transaction: StoreTransaction, note: Note) => Promise<T>): Promise<T>;
}

/** The server itself may set what it alone decides: seeds, imports and journeys call as `system`. */
export const isTrusted = (caller: Caller): boolean => caller.kind === 'system';

/** Each call reads the state of its own moment. */
export const readerOver = (store: Store): StoreReader => ({
  get: (ref) => store.read((reader) => reader.get(ref)),
  find: (query) => store.read((reader) => reader.find(query)),
  linked: (sources, navigation, most) => store.read((reader) => reader.linked(sources, navigation, most)),
});
