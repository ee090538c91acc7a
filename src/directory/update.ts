import type { Caller } from '../kernel/index.ts';
import { complete, type EntityType, merge, type Ref } from '../model/index.ts';
import { type Row, type StoreTransaction, storeFaults } from '../store/index.ts';
import type { Note } from './audit.ts';
import type { PrepareContext } from './behaviour.ts';
import { isBuiltIn } from './built-ins.ts';
import type { UpdateOptions } from './directory.ts';
import { faults } from './faults.ts';
import { idsByNavigation, type PlannedLink, planLinks, setLinks } from './links.ts';
import { type Changed, readPatch, readReplacement } from './patch.ts';
import { concreteType, entityOf } from './present.ts';
import type { Room } from './room.ts';
import { dropWriteOnly, sealSecrets } from './secrets.ts';
import { insertBuiltIn } from './storing.ts';

type Values = Readonly<Record<string, unknown>>;

/** How often a write starts over because others wrote the same entity meanwhile. */
export const maxAttempts = 5;

/** A write to an entity that is there. */
export interface Edit extends UpdateOptions {
  readonly values: Values;
  readonly ifMatch?: string | undefined;
  /** The values are all there are to be, and not only those that change. */
  readonly whole?: boolean;
}

interface Prepared extends Pick<Changed, 'dropped' | 'keep'> {
  readonly seen: Row;
  readonly type: EntityType;
  /** Prepared, secrets sealed, without what is never stored. */
  readonly values: Values;
  readonly properties: readonly string[];
  readonly links: readonly PlannedLink[];
  readonly edit: Edit;
}

/** Throws `model.*`, `directory.notFound`, and `store.stale` (412) when `ifMatch` is not met or others write without pause. */
export async function updateEntity(room: Room, caller: Caller, ref: Ref, edit: Edit): Promise<Row> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const seen = await room.reader.get(ref);
    if (!seen) throw faults.notFound({ id: ref.id });
    const row = await editSeen(room, caller, ref, seen, edit);
    if (row) return row;
  }
  throw storeFaults.stale({ id: ref.id });
}

/** One attempt. Undefined when the entity is no longer the one that was seen. */
export async function editSeen(room: Room, caller: Caller, ref: Ref, seen: Row, edit: Edit): Promise<Row | undefined> {
  const prepared = await prepareEdit(room, caller, ref, seen, edit);
  if (prepared.properties.length === 0 && prepared.links.length === 0) return seen;
  return room.write(caller, (transaction, note) => writeEdit(room, caller, transaction, note, ref, prepared));
}

async function prepareEdit(room: Room, caller: Caller, ref: Ref, seen: Row, edit: Edit): Promise<Prepared> {
  // Asked before hashing and again at the write, which alone can be sure.
  demandMatch(edit.ifMatch, seen);
  const type = concreteType(ref.type, seen.type);
  const changed = (edit.whole ? readReplacement : readPatch)(type, seen, edit.values, caller);
  const named = planLinks(type, edit.links ?? {});
  const context: PrepareContext = {
    caller,
    clock: room.clock,
    tenant: room.tenant,
    verb: 'update',
    type,
    current: entityOf(type, seen.id, seen.values),
    links: idsByNavigation(named),
    reader: room.reader,
    ...(seen.within ? { within: seen.within } : {}),
  };
  const { id: _, ...prepared } = await room.rules.prepare(changed.values, context);
  const links = planLinks(type, { ...(await room.rules.relink(prepared, context)), ...idsByNavigation(named) });
  return {
    ...changed,
    seen,
    type,
    values: sealSecrets(room.box, room.tenant.id, type, seen.id, dropWriteOnly(type, prepared)),
    properties: [...new Set([...Object.keys(changed.values), ...Object.keys(prepared), ...changed.dropped])],
    links,
    edit,
  };
}

async function writeEdit(
  room: Room,
  caller: Caller,
  transaction: StoreTransaction,
  note: Note,
  ref: Ref,
  prepared: Prepared,
): Promise<Row | undefined> {
  const { seen, type, properties, links, edit } = prepared;
  const reader = room.merged(transaction);
  const row = await reader.get(ref);
  if (!row) throw faults.notFound({ id: ref.id });
  const mattered = edit.whole || room.rules.prepares(type);
  if ((row.etag !== seen.etag && !isExact(edit.ifMatch) && mattered) || row.type !== seen.type) return undefined;
  demandMatch(edit.ifMatch, row);
  const within = row.within ? { within: row.within } : {};
  const at: Ref = { type, id: row.id, ...within };
  const next = complete(type, nextValues(prepared, row), new Set(properties));
  const context = { caller, tenant: room.tenant, verb: 'update', reader, ...within } as const;
  await room.rules.check(type, entityOf(type, row.id, next), context);
  const written = await write(room, caller, transaction, at, row, next, properties);
  await setLinks(room, caller, transaction, at, links);
  const names = [...properties, ...links.map(({ navigation }) => navigation.name)];
  await note({ deed: 'updated', type, row: { ...row, values: next }, properties: names });
  return written;
}

/** A row that is built in so far is stored with the first change, also with a first link. */
async function write(
  room: Room,
  caller: Caller,
  transaction: StoreTransaction,
  ref: Ref,
  row: Row,
  values: Values,
  properties: readonly string[],
): Promise<Row> {
  if (isBuiltIn(row)) return insertBuiltIn(room, caller, transaction, ref, row, values);
  return properties.length === 0 ? row : transaction.update({ ref, values }, caller, properties, row.etag);
}

function nextValues({ type, values, dropped, keep, edit }: Prepared, row: Row): Values {
  if (!edit.whole) return merge(type, row.values, values);
  const gone = new Set(dropped);
  const left = Object.fromEntries(Object.entries(row.values).filter(([name]) => !gone.has(name)));
  return keep({ ...left, ...values }, row.values);
}

/** `*` asks only that the entity exists (RFC 9110 §13.1.1). */
const isExact = (ifMatch: string | undefined): ifMatch is string => ifMatch !== undefined && ifMatch !== '*';

function demandMatch(ifMatch: string | undefined, row: Row): void {
  if (isExact(ifMatch) && ifMatch !== row.etag) throw storeFaults.stale({ id: row.id });
}
