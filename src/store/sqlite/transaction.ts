import type { Caller } from '../../kernel/index.ts';
import type { Ref } from '../../model/index.ts';
import type { Family } from '../catalogue.ts';
import { foldText } from '../comparable.ts';
import { ephemeralOver } from '../ephemeral-rules.ts';
import { faults } from '../faults.ts';
import { type PlaceTrail, placeOf, scopeOf, trailOf } from '../scope.ts';
import type { NewRow, Row, StoreTransaction } from '../store.ts';
import { quoted, sql } from './connection.ts';
import { ephemeralTable } from './ephemeral.ts';
import { columnOf, type EntityColumns, hotValue, tableOf, tuplesOf } from './layout.ts';
import { etagOf, lookUp, sqliteReader, toRow } from './reader.ts';
import { record, type TransactionParts } from './record.ts';
import { remove } from './remove.ts';
import { refuseTaken, writeTuples } from './unique.ts';

export function sqliteTransaction(parts: TransactionParts): StoreTransaction {
  return {
    ...sqliteReader(parts),
    ephemeral: ephemeralOver(ephemeralTable(parts.connection, parts.tenantId, parts.next), parts.clock),
    insert: async (row, by) => insert(parts, row, by),
    update: async (row, by, properties, ifMatch) => update(parts, row, demand(parts, row.ref, ifMatch), by, properties),
    remove: async (ref, by, ifMatch) => remove(parts, demand(parts, ref, ifMatch), ref, by),
    link: async (source, navigation, target, by) => {
      const ends = linkBetween(parts, source, navigation, target);
      if (isLinked(parts, ends)) return false;
      const { from, to, name } = ends;
      const sequence = record(parts, from, 'updated', [name], by);
      parts.connection.run(
        sql(
          'INSERT INTO link (tenant, source, navigation, target, source_family, sequence) VALUES (?, ?, ?, ?, ?, ?)',
          ...[parts.tenantId, from.row, name, to.row, parts.catalogue.family(source.type).name, sequence],
        ),
      );
      return true;
    },
    unlink: async (source, navigation, target, by) => {
      if (!lookUp(parts, source) || !lookUp(parts, target)) return false;
      const ends = linkBetween(parts, source, navigation, target);
      if (!isLinked(parts, ends)) return false;
      const { from, to, name } = ends;
      parts.connection.run(
        sql(
          'DELETE FROM link WHERE tenant = ? AND source = ? AND navigation = ? AND target = ?',
          ...[parts.tenantId, from.row, name, to.row],
        ),
      );
      record(parts, from, 'updated', [name], by);
      return true;
    },
  };
}

function demand(parts: TransactionParts, ref: Ref, ifMatch?: string): EntityColumns {
  const found = lookUp(parts, ref);
  if (!found) throw faults.absent({ id: ref.id });
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== etagOf(found.etag)) throw faults.stale();
  return found;
}

const hotNames = (family: Family): string => family.hot.map((property) => `, ${quoted(columnOf(property))}`).join('');

function insert(parts: TransactionParts, { ref, values }: NewRow, by: Caller): Row {
  const { tenantId, connection, catalogue } = parts;
  const family = catalogue.family(ref.type);
  const type = catalogue.type(ref.type.name).name;
  const place = parentPlace(parts, ref);
  const [scope, key] = [scopeOf(ref.within), foldText(ref.id)];
  const table = quoted(tableOf(family));
  const taken = connection.get(
    sql(`SELECT 1 FROM ${table} WHERE tenant = ? AND scope = ? AND key = ?`, tenantId, scope, key),
  );
  if (taken) throw faults.exists({ property: 'id' });
  const body = JSON.stringify(values);
  const kept = JSON.parse(body) as Record<string, unknown>;
  refuseTaken(parts, family, kept, undefined);
  const etag = record(parts, { id: ref.id, type, place }, 'created', Object.keys(values), by);
  connection.run(
    sql(
      `INSERT INTO ${table} (row, tenant, scope, key, id, type, etag, place, body${hotNames(family)})
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?${', ?'.repeat(family.hot.length)})`,
      ...[etag, tenantId, scope, key, ref.id, type, etag, place, body],
      ...family.hot.map((property) => hotValue(kept, property)),
    ),
  );
  writeTuples(parts, family, kept, etag);
  return toRow({ id: ref.id, type, etag, place, body }, catalogue);
}

function update(
  parts: TransactionParts,
  { ref, values }: NewRow,
  current: EntityColumns,
  by: Caller,
  properties: readonly string[],
): Row {
  const { connection, catalogue } = parts;
  const family = catalogue.family(ref.type);
  const body = JSON.stringify(values);
  const kept = JSON.parse(body) as Record<string, unknown>;
  const changed = changedPart(family, JSON.parse(current.body), kept);
  refuseTaken(parts, changed, kept, current.row);
  const etag = record(parts, current, 'updated', properties, by);
  const assignments = changed.hot.map((property) => `, ${quoted(columnOf(property))} = ?`).join('');
  connection.run(
    sql(
      `UPDATE ${quoted(tableOf(family))} SET etag = ?, body = ?${assignments} WHERE row = ?`,
      ...[etag, body, ...changed.hot.map((property) => hotValue(kept, property)), current.row],
    ),
  );
  writeTuples(parts, changed, kept, current.row);
  return toRow({ ...current, etag, body }, catalogue);
}

/** Only the columns and side tables that will hold something else: SQLite rewrites every index of a column it is told to set. */
function changedPart(family: Family, before: unknown, next: Readonly<Record<string, unknown>>): Family {
  const stored = before as Readonly<Record<string, unknown>>;
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return {
    ...family,
    hot: family.hot.filter((property) => hotValue(stored, property) !== hotValue(next, property)),
    tuples: family.tuples.filter((tuple) => !same(tuplesOf(stored, tuple), tuplesOf(next, tuple))),
  };
}

/** Names the parent as it is stored: its concrete type, its id as written when it was made. Throws `store.absent`. */
function parentPlace(parts: TransactionParts, { within }: Ref): string | null {
  if (!within) return null;
  const { id, type, place } = demand(parts, within.parent);
  const around = place === null ? undefined : placeOf(JSON.parse(place) as PlaceTrail, parts.catalogue.type);
  const parent = { type: parts.catalogue.type(type), id, ...(around ? { within: around } : {}) };
  return JSON.stringify(trailOf({ parent, navigation: within.navigation }));
}

interface Ends {
  readonly from: EntityColumns;
  readonly to: EntityColumns;
  readonly name: string;
}

function linkBetween(parts: TransactionParts, source: Ref, navigation: string, target: Ref): Ends {
  const from = demand(parts, source);
  const to = demand(parts, target);
  const { name, target: family } = parts.catalogue.reference(parts.catalogue.type(from.type), navigation);
  if (family.name !== parts.catalogue.family(target.type).name) throw faults.absent({ id: target.id });
  return { from, to, name };
}

const isLinked = ({ connection, tenantId }: TransactionParts, { from, to, name }: Ends): boolean =>
  connection.get(
    sql(
      'SELECT 1 FROM link WHERE tenant = ? AND source = ? AND navigation = ? AND target = ?',
      ...[tenantId, from.row, name, to.row],
    ),
  ) !== undefined;
