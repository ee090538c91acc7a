import type { Clock } from '../kernel/index.ts';
import { faults } from './faults.ts';
import type { Answered, Ephemeral, EphemeralKind, EphemeralRecord, EphemeralWrite, Held } from './store.ts';

/** A short-lived record as an engine keeps it. */
export interface KeptEphemeral extends Held {
  readonly kind: EphemeralKind;
  readonly indexes: Readonly<Record<string, string>>;
}

/** What there is of a record without looking into it, also of one that has expired. */
export type Glimpse = Pick<KeptEphemeral, 'kind' | 'id' | 'revision' | 'expires' | 'consumed' | 'indexes'>;

/** What an engine whose calls answer at once has to provide; expiry, revisions and counting are done here. */
export interface EphemeralTable {
  read(kind: EphemeralKind, id: string): KeptEphemeral | undefined;
  glimpse(kind: EphemeralKind, id: string): Glimpse | undefined;
  /** Inserts, or replaces what was there before, and makes it the newest. */
  write(record: KeptEphemeral, before: Glimpse | undefined): void;
  /** Replaces without making it newer. */
  amend(record: KeptEphemeral): void;
  /** Marks used what lives and was not used; false: there is none. */
  mark(kind: EphemeralKind, id: string, now: number): boolean;
  delete(record: Glimpse): void;
  /** Newest first, expired ones too. */
  withIndex(kind: EphemeralKind, index: string, value: string): Iterable<KeptEphemeral>;
}

/** The rules of short-lived records over a table that one caller at a time may touch. */
export function ephemeralOver(table: EphemeralTable, clock: Clock): Ephemeral {
  const alive = <G extends Glimpse>(found: G | undefined) => (found && found.expires > clock.now() ? found : undefined);
  const live = (kind: EphemeralKind, id: string) => alive(table.read(kind, id));
  /** Gives the new revision. */
  const replace = (kind: EphemeralKind, record: EphemeralRecord, before: Glimpse | undefined): number => {
    const revision = (alive(before)?.revision ?? 0) + 1;
    table.write(fresh(kind, record, revision, clock), before);
    return revision;
  };
  const apply = (write: EphemeralWrite, before: Glimpse | undefined): void => {
    if (write.act === 'put') replace(write.kind, write.record, before);
    else if (write.act === 'consume') table.mark(write.kind, write.id, clock.now());
    else if (before) table.delete(before);
  };
  return {
    async put(kind, record, ifRevision) {
      const before = table.glimpse(kind, record.id);
      if (ifRevision !== undefined && ifRevision !== (alive(before)?.revision ?? 0)) throw faults.stale();
      return replace(kind, record, before);
    },
    async get(kind, id) {
      return held(live(kind, id));
    },
    async findBy(kind, index, value) {
      for (const kept of table.withIndex(kind, index, value)) if (kept.expires > clock.now()) return held(kept);
      return undefined;
    },
    async consume(kind, id) {
      return table.mark(kind, id, clock.now());
    },
    async together(writes) {
      const found = writes.map((write) => ({ write, before: table.glimpse(write.kind, idOf(write)) }));
      if (!found.every(({ write, before }) => isAsWanted(write, alive(before)))) return false;
      for (const { write, before } of found) apply(write, before);
      return true;
    },
    async take(kind, id) {
      const kept = live(kind, id);
      if (kept) table.delete(kept);
      return held(kept);
    },
    async increment(kind, id, ttlSeconds) {
      const before = table.read(kind, id);
      const kept = alive(before);
      const count = (typeof kept?.payload === 'number' ? kept.payload : 0) + 1;
      const counter = { ...(kept ?? fresh(kind, { id, payload: 0, ttlSeconds }, 0, clock)), payload: count };
      const next = { ...counter, revision: counter.revision + 1 };
      if (kept) table.amend(next);
      else table.write(next, before);
      return count;
    },
    async remove(kind, id) {
      const found = table.glimpse(kind, id);
      if (found) table.delete(found);
    },
    async drop(kinds, index, value) {
      for (const kind of kinds) for (const kept of [...table.withIndex(kind, index, value)]) table.delete(kept);
    },
  };
}

const idOf = (write: EphemeralWrite): string => (write.act === 'put' ? write.record.id : write.id);

/** `before`: what lives. */
function isAsWanted(write: EphemeralWrite, before: Glimpse | undefined): boolean {
  if (write.act === 'consume') return before !== undefined && before.consumed === undefined;
  return write.was === undefined || write.was === before?.revision;
}

/** Replacing a record starts it anew: its lifetime begins now and it is not consumed. */
function fresh(kind: EphemeralKind, record: EphemeralRecord, revision: number, clock: Clock): KeptEphemeral {
  const { id, payload, ttlSeconds, indexes = {} } = record;
  return { kind, id, payload, revision, expires: clock.now() + ttlSeconds, indexes };
}

function held(kept: KeptEphemeral | undefined): Held | undefined {
  if (!kept) return undefined;
  const { id, payload, revision, expires, consumed } = kept;
  return { id, payload, revision, expires, ...(consumed === undefined ? {} : { consumed }) };
}

/** Reads go straight to what is committed; writes become transactions of their own, in line with all others. */
export function ephemeralThrough(
  reader: Pick<Ephemeral, 'get' | 'findBy'>,
  write: <T>(run: (e: Ephemeral) => Promise<T>, answered?: Answered) => Promise<T>,
): Ephemeral {
  return {
    get: (kind, id) => reader.get(kind, id),
    findBy: (kind, index, value) => reader.findBy(kind, index, value),
    put: (kind, record, ifRevision) => write((e) => e.put(kind, record, ifRevision)),
    consume: (kind, id) => write((e) => e.consume(kind, id)),
    together: (writes, answered) => write((e) => e.together(writes), answered),
    take: (kind, id, answered) => write((e) => e.take(kind, id), answered),
    increment: (kind, id, ttlSeconds, answered) => write((e) => e.increment(kind, id, ttlSeconds), answered),
    remove: (kind, id) => write((e) => e.remove(kind, id)),
    drop: (kinds, index, value) => write((e) => e.drop(kinds, index, value)),
  };
}
