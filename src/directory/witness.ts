import type { Caller } from '../kernel/index.ts';
import { complete, type EntityType } from '../model/index.ts';
import type { StoreTransaction } from '../store/index.ts';
import type { Note, Written } from './audit.ts';

/** An entry for a log, before it has an id. */
export interface LogEntry {
  readonly type: EntityType;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Is told of every write and every entry of a log before it is committed, and says what is to stand in the same commit: it is there exactly if
 * the write is, whatever happens to the process.
 */
export interface Witness {
  /** Asked before the transaction opens, of every write. Undefined: nobody wants to know anything. */
  attend(): Promise<Attendance | undefined>;
}

/** Of one transaction. */
export interface Attendance {
  /** Entries to be written too. May be asked more than once for one write, when the transaction is run again. */
  entriesOf(written: Written, caller: Caller): readonly LogEntry[];
  /** The commit is durable. */
  committed(): void;
}

/** Adds what the attendance has to tell of a write to the transaction, after the note. `nextId`: ids of entries, which grow. */
export const attended =
  (
    attendance: Attendance | undefined,
    { transaction, caller, nextId }: { transaction: StoreTransaction; caller: Caller; nextId: () => string },
    note?: Note,
  ): Note =>
  async (written) => {
    await note?.(written);
    if (!attendance) return;
    for (const { type, values } of attendance.entriesOf(written, caller)) {
      await transaction.insert({ ref: { type, id: nextId() }, values: complete(type, values) }, caller);
    }
  };
