import type { Caller } from '../kernel/index.ts';
import { complete, type EntityType, fold, merge, type Ref, validate } from '../model/index.ts';
import { type Row, storeFaults } from '../store/index.ts';
import { isBuiltIn } from './built-ins.ts';
import { faults } from './faults.ts';
import { concreteType, entityOf } from './present.ts';
import { isTrusted, type Room } from './room.ts';
import { dropMasks, dropWriteOnly, sealSecrets } from './secrets.ts';
import { insertBuiltIn } from './storing.ts';

type Values = Readonly<Record<string, unknown>>;

/** How often an update starts over because others wrote the same entity meanwhile. */
const maxAttempts = 5;

interface Patch {
  readonly seen: Row;
  readonly type: EntityType;
  /** Prepared, secrets sealed, without what is never stored. */
  readonly values: Values;
  readonly properties: readonly string[];
  readonly ifMatch: string | undefined;
}

/** Throws `model.*`, `directory.notFound`, and `store.stale` (412) when `ifMatch` is not met or others write without pause. */
export async function updateEntity(
  room: Room,
  caller: Caller,
  ref: Ref,
  patch: Values,
  ifMatch: string | undefined,
): Promise<Row> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const prepared = await preparePatch(room, caller, ref, patch, ifMatch);
    if (prepared.properties.length === 0) return prepared.seen;
    const row = await writePatch(room, caller, ref, prepared);
    if (row) return row;
  }
  throw storeFaults.stale({ id: ref.id });
}

async function preparePatch(
  room: Room,
  caller: Caller,
  ref: Ref,
  patch: Values,
  ifMatch: string | undefined,
): Promise<Patch> {
  const seen = await room.reader.get(ref);
  if (!seen) throw faults.notFound({ id: ref.id });
  // Asked before hashing and again by the store, which alone can be sure.
  if (isExact(ifMatch) && ifMatch !== seen.etag) throw storeFaults.stale({ id: ref.id });
  const type = concreteType(ref.type, seen.type);
  const named = validate(type, withoutOwnId(patch, seen.id), 'update', { trusted: isTrusted(caller) });
  const meant = dropMasks(type, named, 'update');
  const { id: _, ...prepared } = await room.rules.prepare(meant, {
    caller,
    clock: room.clock,
    tenant: room.tenant,
    verb: 'update',
    type,
    current: entityOf(type, seen.id, seen.values),
    links: {},
    reader: room.reader,
    ...(seen.within ? { within: seen.within } : {}),
  });
  return {
    seen,
    type,
    values: sealSecrets(room.box, room.tenant.id, type, seen.id, dropWriteOnly(type, prepared)),
    properties: [...new Set([...Object.keys(meant), ...Object.keys(prepared)])],
    ifMatch,
  };
}

/** Undefined when the entity is no longer the one that `prepare` saw. */
function writePatch(room: Room, caller: Caller, ref: Ref, patch: Patch): Promise<Row | undefined> {
  const { seen, type, values, properties, ifMatch } = patch;
  return room.write(async (transaction) => {
    const reader = room.merged(transaction);
    const row = await reader.get(ref);
    if (!row) throw faults.notFound({ id: ref.id });
    const moved = row.etag !== seen.etag && !isExact(ifMatch) && room.rules.prepares(type);
    if (moved || row.type !== seen.type) return undefined;
    const within = row.within ? { within: row.within } : {};
    const next = complete(type, merge(type, row.values, values), new Set(properties));
    await room.rules.check(type, entityOf(type, row.id, next), {
      caller,
      tenant: room.tenant,
      verb: 'update',
      reader,
      ...within,
    });
    if (isBuiltIn(row)) {
      if (isExact(ifMatch) && ifMatch !== row.etag) throw storeFaults.stale({ id: ref.id });
      return insertBuiltIn(room, caller, transaction, { type, id: row.id, ...within }, row, next);
    }
    return transaction.update({ ref: { type, id: row.id, ...within }, values: next }, caller, properties, ifMatch);
  });
}

/** `*` asks only that the entity exists (RFC 9110 §13.1.1). */
const isExact = (ifMatch: string | undefined): ifMatch is string => ifMatch !== undefined && ifMatch !== '*';

/** Clients that send back what they read send its `id`; one that names another entity is left for validation to refuse. */
const withoutOwnId = (patch: Values, id: string): Values =>
  Object.fromEntries(
    Object.entries(patch).filter(
      ([name, value]) => !(fold(name) === 'id' && typeof value === 'string' && fold(value) === fold(id)),
    ),
  );
