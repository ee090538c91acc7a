import type { Clock } from '../../kernel/index.ts';
import { faults } from '../faults.ts';
import { type Fragment, sql } from '../sql/fragment.ts';
import type { Ephemeral, EphemeralKind, EphemeralRecord, Held } from '../store.ts';
import { arrayText } from './dialect.ts';

interface EphemeralColumns {
  readonly id: string;
  readonly payload: string;
  readonly revision: number;
  readonly expires: number;
  readonly consumed: number | null;
}

const columns = 'e.id, e.payload, e.revision, e.expires, e.consumed';

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
      const [written] = await write<{ revision: number }>(put(tenantId, kind, record, ifRevision, clock.now()));
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
      return (await write(marking(tenantId, kind, id, clock.now()))).length > 0;
    },
    async exchange(kind, id, into, record) {
      const now = clock.now();
      const marked = marking(tenantId, kind, id, now);
      return (await write(inPlaceOf(marked, tenantId, into, record, now))).length > 0;
    },
    async take(kind, id) {
      return (await write<EphemeralColumns>(removal(tenantId, kind, id, clock.now()))).map(toHeld)[0];
    },
    async increment(kind, id, ttlSeconds) {
      const [counted] = await write<{ payload: string }>(increment(tenantId, kind, id, clock.now(), ttlSeconds));
      return Number(counted?.payload);
    },
    async remove(kind, id) {
      await write(removal(tenantId, kind, id));
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

/** Gives the new revision, or no row when `ifRevision` is not the stored one. An expired record counts as none. */
function put(
  tenantId: string,
  kind: EphemeralKind,
  { id, payload, ttlSeconds, indexes = {} }: EphemeralRecord,
  ifRevision: number | undefined,
  now: number,
): Fragment {
  const body = JSON.stringify(payload ?? null);
  const expires = now + ttlSeconds;
  const record = [tenantId, kind, id];
  if (ifRevision !== undefined && ifRevision > 0) {
    const replaced = sql(
      `UPDATE ephemeral SET payload = ?, revision = revision + 1, expires = ?, consumed = NULL,
         stamp = nextval('ephemeral_stamp')
       WHERE tenant = ? AND kind = ? AND id = ? AND expires > ? AND revision = ? RETURNING revision`,
      ...[body, expires, ...record, now, ifRevision],
    );
    return withIndexes(replaced, record, indexes);
  }
  const written = sql(
    `INSERT INTO ephemeral AS e (tenant, kind, id, payload, revision, expires, stamp)
     VALUES (?, ?, ?, ?, 1, ?, nextval('ephemeral_stamp'))
     ON CONFLICT (tenant, kind, id) DO UPDATE SET payload = excluded.payload, expires = excluded.expires, consumed = NULL,
       stamp = excluded.stamp, revision = CASE WHEN e.expires > ? THEN e.revision + 1 ELSE 1 END
     ${ifRevision === 0 ? 'WHERE e.expires <= ? ' : ''}RETURNING revision`,
    ...[...record, body, expires, now, ...(ifRevision === 0 ? [now] : [])],
  );
  return withIndexes(written, record, indexes);
}

/** Marks a record used that lives and was not used. */
const marking = (tenantId: string, kind: EphemeralKind, id: string, now: number): Fragment =>
  sql(
    `UPDATE ephemeral SET consumed = ?, revision = revision + 1
     WHERE tenant = ? AND kind = ? AND id = ? AND expires > ? AND consumed IS NULL RETURNING 1`,
    ...[now, tenantId, kind, id, now],
  );

/** Puts a record if another one could be marked, in the one statement. */
function inPlaceOf(
  marked: Fragment,
  tenantId: string,
  kind: EphemeralKind,
  { id, payload, ttlSeconds, indexes = {} }: EphemeralRecord,
  now: number,
): Fragment {
  const record = [tenantId, kind, id];
  const written = sql(
    `INSERT INTO ephemeral AS e (tenant, kind, id, payload, revision, expires, stamp)
     SELECT ?::text, ?::text, ?::text, ?::text, 1, ?::bigint, nextval('ephemeral_stamp') FROM marked
     ON CONFLICT (tenant, kind, id) DO UPDATE SET payload = excluded.payload, expires = excluded.expires, consumed = NULL,
       stamp = excluded.stamp, revision = CASE WHEN e.expires > ? THEN e.revision + 1 ELSE 1 END
     RETURNING revision`,
    ...[...record, JSON.stringify(payload ?? null), now + ttlSeconds, now],
  );
  const { sql: rest, values } = withIndexes(written, record, indexes);
  return sql(rest.replace('WITH ', `WITH marked AS (${marked.sql}), `), ...marked.values, ...values);
}

/** Writes the lookup keys along with the record, if that is written, and removes those it no longer has. */
function withIndexes(
  written: Fragment,
  record: readonly string[],
  indexes: Readonly<Record<string, string>>,
): Fragment {
  const names = arrayText(Object.keys(indexes));
  const named = sql(
    `INSERT INTO ephemeral_index (tenant, kind, id, name, value)
     SELECT ?, ?, ?, n.name, n.value FROM written, unnest(?::text[], ?::text[]) AS n(name, value)
     ON CONFLICT (tenant, kind, id, name) DO UPDATE SET value = excluded.value`,
    ...[...record, names, arrayText(Object.values(indexes))],
  );
  const others = sql(
    `DELETE FROM ephemeral_index WHERE tenant = ? AND kind = ? AND id = ? AND name <> ALL (?)
       AND EXISTS (SELECT 1 FROM written)`,
    ...[...record, names],
  );
  return sql(
    `WITH written AS (${written.sql}), named AS (${named.sql}), others AS (${others.sql}) SELECT revision FROM written`,
    ...[...written.values, ...named.values, ...others.values],
  );
}

/** Adds 1 to a counter that lives, or begins a new one. */
function increment(tenantId: string, kind: EphemeralKind, id: string, now: number, ttlSeconds: number): Fragment {
  const alive = 'e.expires > ?';
  return sql(
    `INSERT INTO ephemeral AS e (tenant, kind, id, payload, revision, expires, stamp)
     VALUES (?, ?, ?, '1', 1, ?, nextval('ephemeral_stamp'))
     ON CONFLICT (tenant, kind, id) DO UPDATE SET
       payload = CASE WHEN ${alive} AND e.payload ~ '^[0-9]{1,15}$' THEN (e.payload::bigint + 1)::text ELSE '1' END,
       revision = CASE WHEN ${alive} THEN e.revision + 1 ELSE 1 END,
       expires = CASE WHEN ${alive} THEN e.expires ELSE excluded.expires END,
       consumed = CASE WHEN ${alive} THEN e.consumed END,
       stamp = CASE WHEN ${alive} THEN e.stamp ELSE excluded.stamp END
     RETURNING payload`,
    ...[tenantId, kind, id, now + ttlSeconds, now, now, now, now, now],
  );
}

/** Removes a record that lives at this moment, or at all events, with its lookup keys, and gives it. */
function removal(tenantId: string, kind: EphemeralKind, id: string, aliveAt?: number): Fragment {
  const alive = aliveAt === undefined ? [] : [aliveAt];
  const named = [tenantId, kind, id];
  return sql(
    // An expired record is found by nothing, so its keys may go before it does.
    `WITH keys AS (DELETE FROM ephemeral_index WHERE tenant = ? AND kind = ? AND id = ?)
     DELETE FROM ephemeral AS e WHERE e.tenant = ? AND e.kind = ? AND e.id = ?${aliveAt === undefined ? '' : ' AND e.expires > ?'}
     RETURNING ${columns}`,
    ...[...named, ...named, ...alive],
  );
}

/** Removes the records `e` that the condition names, with their lookup keys; gives their ids. */
const removals = (where: string, ...values: readonly (string | number)[]): Fragment =>
  sql(
    `WITH gone AS (DELETE FROM ephemeral AS e WHERE ${where} RETURNING e.tenant, e.kind, e.id),
       keys AS (DELETE FROM ephemeral_index AS i USING gone AS g
                WHERE i.tenant = g.tenant AND i.kind = g.kind AND i.id = g.id)
     SELECT id FROM gone`,
    ...values,
  );

/** Removes expired records of every tenant, the oldest first; gives them. Those that somebody else removes are passed over. */
export const expired = (now: number, most: number): Fragment =>
  removals(
    `(e.tenant, e.kind, e.id) IN (SELECT o.tenant, o.kind, o.id FROM ephemeral AS o WHERE o.expires <= ?
       ORDER BY o.expires LIMIT ? FOR UPDATE SKIP LOCKED)`,
    now,
    most,
  );
