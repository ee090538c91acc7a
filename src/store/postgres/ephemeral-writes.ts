import { type Fragment, list, sql } from '../sql/fragment.ts';
import type { EphemeralKind, EphemeralRecord, EphemeralWrite } from '../store.ts';
import { arrayText } from './dialect.ts';

/** What writes short-lived records, each in one statement with their lookup keys. */

/** A statement before the last one, by the name under which later ones see its rows. */
interface Part {
  readonly name: string;
  readonly as: Fragment;
}

function inOne(parts: readonly Part[], last: Fragment): Fragment {
  const named = parts.map(({ name, as }) => sql(`${name} AS (${as.sql})`, ...as.values));
  const { sql: before, values } = list(named);
  return sql(`WITH ${before} ${last.sql}`, ...values, ...last.values);
}

const keyOf = ({ tenantId, kind, id }: RecordKey) => [tenantId, kind, id] as const;
export const columns = 'e.id, e.payload, e.revision, e.expires, e.consumed';
const isKey = 'e.tenant = ? AND e.kind = ? AND e.id = ?';

interface RecordKey {
  readonly tenantId: string;
  readonly kind: EphemeralKind;
  readonly id: string;
}

/** A record to be written, at what time, and the part whose rows are there when it may be; none: it may. */
interface ToWrite {
  readonly tenantId: string;
  readonly kind: EphemeralKind;
  readonly record: EphemeralRecord;
  readonly now: number;
  readonly gate?: string;
}

/** Gives the new revision, or no row when `ifRevision` is not the stored one. An expired record counts as none. */
export function put(to: ToWrite, ifRevision: number | undefined): Fragment {
  const written = ifRevision ? replacing(to, ifRevision) : inserting(to, ifRevision === 0);
  return inOne(withKeys('', to, written), sql('SELECT revision FROM written'));
}

/** What is there already, of a revision. */
function replacing({ tenantId, kind, record, now, gate }: ToWrite, revision: number): Fragment {
  const { id, payload, ttlSeconds } = record;
  return sql(
    `UPDATE ephemeral AS e SET payload = ?, revision = revision + 1, expires = ?, consumed = NULL,
       stamp = nextval('ephemeral_stamp')
     WHERE ${isKey} AND expires > ? AND revision = ?${through(gate)} RETURNING revision`,
    ...[bodyOf(payload), now + ttlSeconds, tenantId, kind, id, now, revision],
  );
}

/** Whatever is there; `onlyIfNone`: no row when something is. */
function inserting({ tenantId, kind, record, now, gate }: ToWrite, onlyIfNone: boolean): Fragment {
  const { id, payload, ttlSeconds } = record;
  return sql(
    `INSERT INTO ephemeral AS e (tenant, kind, id, payload, revision, expires, stamp)
     SELECT ?::text, ?::text, ?::text, ?::text, 1, ?::bigint, nextval('ephemeral_stamp')${gate === undefined ? '' : ` FROM ${gate}`}
     ON CONFLICT (tenant, kind, id) DO UPDATE SET payload = excluded.payload, expires = excluded.expires, consumed = NULL,
       stamp = excluded.stamp, revision = CASE WHEN e.expires > ? THEN e.revision + 1 ELSE 1 END
     ${onlyIfNone ? 'WHERE e.expires <= ? ' : ''}RETURNING revision`,
    ...[tenantId, kind, id, bodyOf(payload), now + ttlSeconds, now, ...(onlyIfNone ? [now] : [])],
  );
}

const bodyOf = (payload: unknown): string => JSON.stringify(payload ?? null);
const through = (gate: string | undefined): string => (gate === undefined ? '' : ` AND EXISTS (SELECT FROM ${gate})`);

/** Writes the lookup keys along with the record, if that is written, and removes those it no longer has. */
function withKeys(suffix: string, { tenantId, kind, record }: ToWrite, written: Fragment): readonly Part[] {
  const { id, indexes = {} } = record;
  const names = arrayText(Object.keys(indexes));
  const named = sql(
    `INSERT INTO ephemeral_index (tenant, kind, id, name, value)
     SELECT ?, ?, ?, n.name, n.value FROM written${suffix}, unnest(?::text[], ?::text[]) AS n(name, value)
     ON CONFLICT (tenant, kind, id, name) DO UPDATE SET value = excluded.value`,
    ...[tenantId, kind, id, names, arrayText(Object.values(indexes))],
  );
  const others = sql(
    `DELETE FROM ephemeral_index WHERE tenant = ? AND kind = ? AND id = ? AND name <> ALL (?)
       AND EXISTS (SELECT 1 FROM written${suffix})`,
    ...[tenantId, kind, id, names],
  );
  return [
    { name: `written${suffix}`, as: written },
    { name: `named${suffix}`, as: named },
    { name: `others${suffix}`, as: others },
  ];
}

/** Marks a record used that lives and was not used. */
export const marking = (of: RecordKey, now: number, gate?: string): Fragment =>
  sql(
    `UPDATE ephemeral AS e SET consumed = ?, revision = revision + 1
     WHERE ${isKey} AND expires > ? AND consumed IS NULL${through(gate)} RETURNING 1`,
    ...[now, ...keyOf(of), now],
  );

/** Adds 1 to a counter that lives, or begins a new one. */
export function increment({ tenantId, kind, id }: RecordKey, now: number, ttlSeconds: number): Fragment {
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
export function removal(of: RecordKey, aliveAt?: number): Fragment {
  const alive = aliveAt === undefined ? [] : [aliveAt];
  return inOne(
    // An expired record is found by nothing, so its keys may go before it does.
    [{ name: 'keys', as: forgetting(of) }],
    sql(
      `DELETE FROM ephemeral AS e WHERE ${isKey}${aliveAt === undefined ? '' : ' AND e.expires > ?'} RETURNING ${columns}`,
      ...[...keyOf(of), ...alive],
    ),
  );
}

/** Removes the lookup keys of a record. */
const forgetting = (of: RecordKey, gate?: string): Fragment =>
  sql(`DELETE FROM ephemeral_index WHERE tenant = ? AND kind = ? AND id = ?${through(gate)}`, ...keyOf(of));

/** Removes the records `e` that the condition names, with their lookup keys; gives their ids. */
export const removals = (where: string, ...values: readonly (string | number)[]): Fragment =>
  sql(
    `WITH gone AS (DELETE FROM ephemeral AS e WHERE ${where} RETURNING e.tenant, e.kind, e.id),
       keys AS (DELETE FROM ephemeral_index AS i USING gone AS g
                WHERE i.tenant = g.tenant AND i.kind = g.kind AND i.id = g.id)
     SELECT id FROM gone`,
    ...values,
  );

/**
 * Gives a row when all is done, none when nothing is. What has to be as it was is locked first, so it stays so until the statement has
 * committed: whoever waited for a lock and finds that the row is another one by then has a lock less than wanted.
 */
export function together(tenantId: string, writes: readonly EphemeralWrite[], now: number): Fragment {
  // In one order, so that nobody who wants the same waits for a lock while holding the other.
  const wanted = writes.toSorted(byKey).flatMap((write) => conditionOf(tenantId, write, now) ?? []);
  const locked = wanted.map((as, at) => ({ name: `locked${at}`, as }));
  const all = locked.map(({ name }) => `EXISTS (SELECT FROM ${name})`).join(' AND ');
  const gate = { name: 'gate', as: sql(`SELECT 1${all === '' ? '' : ` WHERE ${all}`}`) };
  const done = writes.flatMap((write, at) => partsOf(tenantId, write, now, at));
  return inOne([...locked, gate, ...done], sql('SELECT 1 FROM gate'));
}

const idOf = (write: EphemeralWrite): string => (write.act === 'put' ? write.record.id : write.id);
const byKey = (a: EphemeralWrite, b: EphemeralWrite): number =>
  `${a.kind}\n${idOf(a)}` < `${b.kind}\n${idOf(b)}` ? -1 : 1;

/** Finds and locks the record if it is as it has to be. Undefined: it may be as it likes. */
function conditionOf(tenantId: string, write: EphemeralWrite, now: number): Fragment | undefined {
  const { kind } = write;
  const find = (id: string, how: string, ...values: readonly number[]) =>
    sql(
      `SELECT 1 FROM ephemeral AS e WHERE ${isKey} AND e.expires > ? AND ${how} FOR UPDATE`,
      ...[tenantId, kind, id, now, ...values],
    );
  if (write.act === 'consume') return find(write.id, 'e.consumed IS NULL');
  if (write.was === undefined) return undefined;
  return find(idOf(write), 'e.revision = ?', write.was);
}

function partsOf(tenantId: string, write: EphemeralWrite, now: number, at: number): readonly Part[] {
  const { kind } = write;
  const gate = 'gate';
  if (write.act === 'put') {
    const to: ToWrite = { tenantId, kind, record: write.record, now, gate };
    return withKeys(String(at), to, write.was === undefined ? inserting(to, false) : replacing(to, write.was));
  }
  const of = { tenantId, kind, id: write.id };
  if (write.act === 'consume') return [{ name: `marked${at}`, as: marking(of, now, gate) }];
  const removed = sql(`DELETE FROM ephemeral AS e WHERE ${isKey}${through(gate)}`, ...keyOf(of));
  return [
    { name: `keys${at}`, as: forgetting(of, gate) },
    { name: `removed${at}`, as: removed },
  ];
}
