import type { Caller } from '../../kernel/index.ts';
import type { Ref } from '../../model/index.ts';
import type { Family } from '../catalogue.ts';
import { foldText } from '../comparable.ts';
import { faults } from '../faults.ts';
import { type PlaceTrail, placeOf, scopeOf, trailOf } from '../scope.ts';
import type { NewRow, Row } from '../store.ts';
import { quoted, sql } from './fragment.ts';
import { columnOf, type EntityColumns, hotValue, tableOf, tuplesOf, tupleTableOf } from './layout.ts';
import { hasPostings, replacePostings } from './posting.ts';
import { record, recordAs, type TransactionParts } from './record.ts';
import { etagOf, getStatement, isNamed, toRow } from './rows.ts';
import { first, nextNumber, run, type Script } from './script.ts';
import { addTuples, replaceTuples, takenClaim } from './unique.ts';
import type { View } from './view.ts';

type Values = Readonly<Record<string, unknown>>;

export function* lookUp({ tenantId, catalogue }: View, ref: Ref): Script<EntityColumns | undefined> {
  const family = catalogue.family(ref.type);
  const found = yield* first<EntityColumns>(getStatement(family, tenantId, ref));
  return found && isNamed(family, found.type, ref.type) ? found : undefined;
}

/** Throws `store.absent`, `store.stale`. */
export function* demand(view: View, ref: Ref, ifMatch?: string): Script<EntityColumns> {
  const found = yield* lookUp(view, ref);
  if (!found) throw faults.absent({ id: ref.id });
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== etagOf(found.etag)) throw faults.stale();
  return found;
}

const insertions = new WeakMap<Family, string>();

function insertionInto(family: Family): string {
  const known = insertions.get(family);
  if (known !== undefined) return known;
  const hot = family.hot.map((property) => `, ${quoted(columnOf(property))}`).join('');
  const text = `INSERT INTO ${quoted(tableOf(family))} (row, tenant, scope, key, id, type, etag, place, body${hot})
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?${', ?'.repeat(family.hot.length)}) ON CONFLICT DO NOTHING`;
  insertions.set(family, text);
  return text;
}

/** Throws `store.exists`, `store.absent`. */
export function* insert(parts: TransactionParts, { ref, values }: NewRow, by: Caller): Script<Row> {
  const { tenantId, catalogue } = parts;
  const family = catalogue.family(ref.type);
  const type = catalogue.type(ref.type.name).name;
  const place = yield* parentPlace(parts, ref);
  const body = JSON.stringify(values);
  const kept = JSON.parse(body) as Record<string, unknown>;
  const row = yield* nextNumber();
  const inserted = yield* run(
    sql(
      insertionInto(family),
      ...[row, tenantId, scopeOf(ref.within), foldText(ref.id), ref.id, type, row, place, body],
      ...family.hot.map((property) => hotValue(kept, property)),
    ),
  );
  if (inserted === 0) throw faults.exists({ property: (yield* takenProperty(parts, family, ref, kept)) ?? 'id' });
  const refused = yield* addTuples(parts, family, kept, row);
  if (refused !== undefined) {
    yield* deleteRow(parts, family, row);
    throw faults.exists({ property: refused });
  }
  yield* replacePostings(tenantId, family, undefined, kept, row);
  yield* recordAs(row, parts, { id: ref.id, type, place }, 'created', Object.keys(values), by);
  return toRow({ id: ref.id, type, etag: row, place, body }, catalogue, kept);
}

/** Why a row could not be inserted. */
function* takenProperty(view: View, family: Family, ref: Ref, values: Values): Script<string | undefined> {
  const holder = yield* first(getStatement(family, view.tenantId, ref));
  return holder ? 'id' : yield* takenClaim(view, family, values, undefined);
}

/** Removes a row and what its side tables hold about it. */
export function* deleteRow({ tenantId }: View, family: Family, row: number): Script<void> {
  if (hasPostings(family)) yield* forgetPostings(tenantId, family, row);
  const tables = [tableOf(family), ...family.tuples.map((tuple) => tupleTableOf(family, tuple))];
  for (const table of tables) {
    yield* run(sql(`DELETE FROM ${quoted(table)} WHERE tenant = ? AND row = ?`, tenantId, row));
  }
}

function* forgetPostings(tenantId: string, family: Family, row: number): Script<void> {
  const stored = yield* first<Pick<EntityColumns, 'body'>>(
    sql(`SELECT body FROM ${quoted(tableOf(family))} WHERE tenant = ? AND row = ?`, tenantId, row),
  );
  if (stored) yield* replacePostings(tenantId, family, JSON.parse(stored.body), undefined, row);
}

/** Throws `store.absent`, `store.stale`, `store.exists`. */
export function* update(
  parts: TransactionParts,
  { ref, values }: NewRow,
  by: Caller,
  properties: readonly string[],
  ifMatch: string | undefined,
): Script<Row> {
  const { tenantId, catalogue } = parts;
  const current = yield* demand(parts, ref, ifMatch);
  const family = catalogue.family(ref.type);
  const body = JSON.stringify(values);
  const kept = JSON.parse(body) as Record<string, unknown>;
  const changed = changedPart(family, JSON.parse(current.body), kept);
  const taken = yield* takenClaim(parts, changed, kept, current.row);
  if (taken !== undefined) throw faults.exists({ property: taken });
  const etag = yield* record(parts, current, 'updated', properties, by);
  const assignments = changed.hot.map((property) => `, ${quoted(columnOf(property))} = ?`).join('');
  yield* run(
    sql(
      `UPDATE ${quoted(tableOf(family))} SET etag = ?, body = ?${assignments} WHERE tenant = ? AND row = ?`,
      ...[etag, body, ...changed.hot.map((property) => hotValue(kept, property)), tenantId, current.row],
    ),
  );
  const refused = yield* replaceTuples(parts, changed, kept, current.row);
  // Asked just before, so only an engine that lets others write in between can come here.
  if (refused !== undefined) throw faults.exists({ property: refused });
  yield* replacePostings(tenantId, family, JSON.parse(current.body), kept, current.row);
  return toRow({ ...current, etag, body }, catalogue, kept);
}

/** Only the columns and side tables that will hold something else: an engine rewrites every index of a column it is told to set. */
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
function* parentPlace(parts: TransactionParts, { within }: Ref): Script<string | null> {
  if (!within) return null;
  const { id, type, place } = yield* demand(parts, within.parent);
  const around = place === null ? undefined : placeOf(JSON.parse(place) as PlaceTrail, parts.catalogue.type);
  const parent = { type: parts.catalogue.type(type), id, ...(around ? { within: around } : {}) };
  return JSON.stringify(trailOf({ parent, navigation: within.navigation }));
}
