import type { EphemeralTable, Glimpse, KeptEphemeral } from '../ephemeral-rules.ts';
import { sql } from '../sql/fragment.ts';
import type { EphemeralKind } from '../store.ts';
import { mostSweptAtOnce } from '../sweep.ts';
import type { Asked } from './whichever.ts';

interface EphemeralColumns {
  readonly id: string;
  readonly payload: string;
  readonly revision: number;
  readonly expires: number;
  readonly consumed: number | null;
  readonly indexes: string;
}

const columns = 'e.id, e.payload, e.revision, e.expires, e.consumed, e.indexes';

export function ephemeralTable(connection: Asked, tenantId: string, nextStamp: () => number): EphemeralTable {
  const read = (kind: EphemeralKind, id: string) => {
    const found = connection.get<EphemeralColumns>(
      sql(`SELECT ${columns} FROM ephemeral AS e WHERE e.tenant = ? AND e.kind = ? AND e.id = ?`, tenantId, kind, id),
    );
    return found && kept(kind, found);
  };
  return {
    read,
    glimpse(kind, id) {
      const found = connection.get<Omit<EphemeralColumns, 'payload'>>(
        sql(
          'SELECT id, revision, expires, consumed, indexes FROM ephemeral WHERE tenant = ? AND kind = ? AND id = ?',
          ...[tenantId, kind, id],
        ),
      );
      return found && glimpsed(kind, found);
    },
    write(record, before) {
      upsert(connection, tenantId, record, nextStamp());
      if (before && JSON.stringify(before.indexes) === JSON.stringify(record.indexes)) return;
      if (before) removeIndexes(connection, tenantId, before);
      for (const [name, value] of Object.entries(record.indexes)) {
        connection.run(
          sql(
            'INSERT INTO ephemeral_index (tenant, kind, name, value, id) VALUES (?, ?, ?, ?, ?)',
            ...[tenantId, record.kind, name, value, record.id],
          ),
        );
      }
    },
    amend({ kind, id, payload, revision, expires, consumed }) {
      connection.run(
        sql(
          `UPDATE ephemeral SET payload = ?, revision = ?, expires = ?, consumed = ?
           WHERE tenant = ? AND kind = ? AND id = ?`,
          ...[jsonOf(payload), revision, expires, consumed ?? null, tenantId, kind, id],
        ),
      );
    },
    mark(kind, id, now) {
      const marked = connection.run(
        sql(
          `UPDATE ephemeral SET consumed = ?, revision = revision + 1
           WHERE tenant = ? AND kind = ? AND id = ? AND expires > ? AND consumed IS NULL`,
          ...[now, tenantId, kind, id, now],
        ),
      );
      return marked > 0;
    },
    delete(record) {
      removeIndexes(connection, tenantId, record);
      const { kind, id } = record;
      connection.run(sql('DELETE FROM ephemeral WHERE tenant = ? AND kind = ? AND id = ?', tenantId, kind, id));
    },
    withIndex: (kind, index, value) =>
      connection
        .all<EphemeralColumns>(
          sql(
            `SELECT ${columns} FROM ephemeral_index AS i
             JOIN ephemeral AS e ON e.tenant = i.tenant AND e.kind = i.kind AND e.id = i.id
             WHERE i.tenant = ? AND i.kind = ? AND i.name = ? AND i.value = ? ORDER BY e.stamp DESC`,
            ...[tenantId, kind, index, value],
          ),
        )
        .map((found) => kept(kind, found)),
  };
}

const jsonOf = (payload: unknown): string => JSON.stringify(payload ?? null);

function glimpsed(kind: EphemeralKind, found: Omit<EphemeralColumns, 'payload'>): Glimpse {
  const { id, revision, expires, consumed } = found;
  const indexes = JSON.parse(found.indexes) as Record<string, string>;
  return { kind, id, revision, expires, indexes, ...(consumed === null ? {} : { consumed }) };
}

function kept(kind: EphemeralKind, found: EphemeralColumns): KeptEphemeral {
  const payload: unknown = JSON.parse(found.payload);
  return { ...glimpsed(kind, found), payload };
}

function upsert(connection: Asked, tenantId: string, record: KeptEphemeral, stamp: number): void {
  const { kind, id, payload, revision, expires, consumed, indexes } = record;
  connection.run(
    sql(
      `INSERT INTO ephemeral (tenant, kind, id, payload, revision, expires, consumed, indexes, stamp)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (tenant, kind, id) DO UPDATE SET payload = excluded.payload, revision = excluded.revision,
         expires = excluded.expires, consumed = excluded.consumed, indexes = excluded.indexes, stamp = excluded.stamp`,
      ...[tenantId, kind, id, jsonOf(payload), revision, expires, consumed ?? null, JSON.stringify(indexes), stamp],
    ),
  );
}

function removeIndexes(
  connection: Asked,
  tenantId: string,
  { kind, id, indexes }: Pick<Glimpse, 'kind' | 'id' | 'indexes'>,
): void {
  for (const [name, value] of Object.entries(indexes)) {
    connection.run(
      sql(
        'DELETE FROM ephemeral_index WHERE tenant = ? AND kind = ? AND name = ? AND value = ? AND id = ?',
        ...[tenantId, kind, name, value, id],
      ),
    );
  }
}

/** Removes expired records of every tenant, the oldest first; returns how many. */
export function sweep(connection: Asked, now: number): number {
  const expired = connection.all<{ tenant: string; kind: EphemeralKind; id: string }>(
    sql('SELECT tenant, kind, id FROM ephemeral WHERE expires <= ? ORDER BY expires LIMIT ?', now, mostSweptAtOnce),
  );
  for (const { tenant, kind, id } of expired) {
    const table = ephemeralTable(connection, tenant, () => 0);
    const found = table.glimpse(kind, id);
    if (found) table.delete(found);
  }
  return expired.length;
}
