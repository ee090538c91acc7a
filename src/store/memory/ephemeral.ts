import type { EphemeralTable, KeptEphemeral } from '../ephemeral-rules.ts';
import type { StoredEphemeral, TenantTables } from './state.ts';

const keyOf = (kind: string, id: string): string => `${kind}\n${id}`;

export function ephemeralTable(
  { ephemerals }: Pick<TenantTables, 'ephemerals'>,
  nextStamp: () => number,
): EphemeralTable {
  const keep = (record: KeptEphemeral, stamp: number) => {
    const payload: unknown = record.payload === undefined ? null : JSON.parse(JSON.stringify(record.payload));
    ephemerals.set(keyOf(record.kind, record.id), { ...record, payload, stamp });
  };
  return {
    read: (kind, id) => copy(ephemerals.get(keyOf(kind, id))),
    glimpse: (kind, id) => ephemerals.get(keyOf(kind, id)),
    write: (record) => keep(record, nextStamp()),
    amend: (record) => keep(record, ephemerals.get(keyOf(record.kind, record.id))?.stamp ?? nextStamp()),
    mark(kind, id, now) {
      const kept = ephemerals.get(keyOf(kind, id));
      if (!kept || kept.expires <= now || kept.consumed !== undefined) return false;
      ephemerals.set(keyOf(kind, id), { ...kept, revision: kept.revision + 1, consumed: now });
      return true;
    },
    delete: ({ kind, id }) => void ephemerals.delete(keyOf(kind, id)),
    withIndex: (kind, index, value) =>
      [...ephemerals.values()]
        .filter((kept) => kept.kind === kind && Object.hasOwn(kept.indexes, index) && kept.indexes[index] === value)
        .sort((a, b) => b.stamp - a.stamp)
        .map((kept) => copy(kept) ?? kept),
  };
}

/** A payload handed out is the receiver's own. */
const copy = (kept: StoredEphemeral | undefined): StoredEphemeral | undefined =>
  kept && { ...kept, payload: structuredClone(kept.payload) };
