import type { Clock } from '../../kernel/index.ts';
import { faults } from '../faults.ts';
import { type Fragment, sql } from '../sql/fragment.ts';
import type { Ephemeral, EphemeralKind, Held } from '../store.ts';
import { arrayText } from './dialect.ts';
import { columns, increment, marking, put, removal, removals, together } from './ephemeral-writes.ts';

interface EphemeralColumns {
  readonly id: string;
  readonly payload: string;
  readonly revision: number;
  readonly expires: number;
  readonly consumed: number | null;
}

/** Where statements go: one at a time on any connection, or all on that of a transaction. */
export interface EphemeralMeans {
  readonly tenantId: string;
  readonly clock: Clock;
  /** For what reads only. */
  readonly read: <R>(statement: Fragment) => Promise<readonly R[]>;
  readonly write: <R>(statement: Fragment) => Promise<readonly R[]>;
  /** In a transaction, what was read must still be so when it commits. */
  readonly hold: boolean;
}

/** Each operation is one statement, so it is atomic by itself and asks for no transaction. */
export function postgresEphemeral({ tenantId, clock, read, write, hold }: EphemeralMeans): Ephemeral {
  const live = (kind: EphemeralKind, id: string) => [tenantId, kind, id, clock.now()] as const;
  const held = hold ? ' FOR SHARE OF e' : '';
  return {
    async put(kind, record, ifRevision) {
      const [written] = await write<{ revision: number }>(
        put({ tenantId, kind, record, now: clock.now() }, ifRevision),
      );
      if (!written) throw faults.stale();
      return written.revision;
    },
    async get(kind, id) {
      const where = 'e.tenant = ? AND e.kind = ? AND e.id = ? AND e.expires > ?';
      const found = await read<EphemeralColumns>(
        sql(`SELECT ${columns} FROM ephemeral AS e WHERE ${where}${held}`, ...live(kind, id)),
      );
      return found.map(toHeld)[0];
    },
    async findBy(kind, index, value) {
      const found = await read<EphemeralColumns>(
        sql(
          `SELECT ${columns} FROM ephemeral_index AS i
           JOIN ephemeral AS e ON e.tenant = i.tenant AND e.kind = i.kind AND e.id = i.id
           WHERE i.tenant = ? AND i.kind = ? AND i.name = ? AND i.value = ? AND e.expires > ?
           ORDER BY e.stamp DESC LIMIT 1${held}`,
          ...[tenantId, kind, index, value, clock.now()],
        ),
      );
      return found.map(toHeld)[0];
    },
    async consume(kind, id) {
      return (await write(marking({ tenantId, kind, id }, clock.now()))).length > 0;
    },
    async together(writes) {
      return (await write(together(tenantId, writes, clock.now()))).length > 0;
    },
    async take(kind, id) {
      return (await write<EphemeralColumns>(removal({ tenantId, kind, id }, clock.now()))).map(toHeld)[0];
    },
    async increment(kind, id, ttlSeconds) {
      const [counted] = await write<{ payload: string }>(increment({ tenantId, kind, id }, clock.now(), ttlSeconds));
      return Number(counted?.payload);
    },
    async remove(kind, id) {
      await write(removal({ tenantId, kind, id }));
    },
    async drop(kinds, index, value) {
      const ids = `SELECT i.kind, i.id FROM ephemeral_index AS i
        WHERE i.tenant = ? AND i.kind = ANY (?) AND i.name = ? AND i.value = ?`;
      const named = [tenantId, arrayText(kinds), index, value];
      await write(removals(`e.tenant = ? AND (e.kind, e.id) IN (${ids})`, tenantId, ...named));
    },
  };
}

function toHeld({ id, payload, revision, expires, consumed }: EphemeralColumns): Held {
  const value: unknown = JSON.parse(payload);
  return { id, payload: value, revision, expires, ...(consumed === null ? {} : { consumed }) };
}

/** Removes expired records of every tenant, the oldest first; gives them. Those that somebody else removes are passed over. */
export const expired = (now: number, most: number): Fragment =>
  removals(
    `(e.tenant, e.kind, e.id) IN (SELECT o.tenant, o.kind, o.id FROM ephemeral AS o WHERE o.expires <= ?
       ORDER BY o.expires LIMIT ? FOR UPDATE SKIP LOCKED)`,
    now,
    most,
  );
