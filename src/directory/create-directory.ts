import { type Caller, createTimedIds, Fault } from '../kernel/index.ts';
import { derivedFrom, type EntityType, type Ref } from '../model/index.ts';
import type { Change, StoreReader } from '../store/index.ts';
import { type Announcer, createAnnouncer } from './announcer.ts';
import { appendTo } from './append.ts';
import { type Audit, createAudit } from './audit.ts';
import { createBuiltIns } from './built-ins.ts';
import { createEntity } from './create-entity.ts';
import { withDerived } from './derived.ts';
import type { CreateOptions, Directory, UpdateOptions } from './directory.ts';
import { faults } from './faults.ts';
import { invokeOperation } from './invoke.ts';
import { lean } from './lean.ts';
import { linkEntities, unlinkEntities } from './links.ts';
import { mergedReader } from './merged-reader.ts';
import { present } from './present.ts';
import { putEntity } from './put.ts';
import { readingOf } from './reading.ts';
import { removeEntity } from './removal.ts';
import { type DirectoryServices, type Room, readerOver } from './room.ts';
import { createRules } from './rules.ts';
import { bounded } from './size.ts';
import { updateEntity } from './update.ts';
import { withViews } from './views.ts';
import { attended } from './witness.ts';

/** A directory, and the way to tell it what other processes have changed. */
export type OpenDirectory = Directory & { receive(change: Change): void };

export function createDirectory(services: DirectoryServices): OpenDirectory {
  const { tenant, store, observe, witness } = services;
  const announcer = createAnnouncer(tenant.id, observe);
  const rules = createRules(services.behaviours);
  const builtIns = createBuiltIns(rules, tenant, services.clock);
  const merged = (reader: StoreReader): StoreReader => mergedReader(builtIns, reader);
  const reader = merged(readerOver(store));
  const nextLogId = createTimedIds();
  const audit = createAudit({ announcer, reader, clock: services.clock, nextId: nextLogId });
  const room: Room = {
    ...services,
    rules,
    builtIns,
    merged,
    reader,
    write: committing(services, { announcer, audit, nextId: nextLogId }),
  };
  const plain: OpenDirectory = {
    tenant,
    ...readingOf(room, (run) => translated(() => store.read((reader) => run(merged(reader))))),
    async create<E extends EntityType>(
      caller: Caller,
      type: E,
      draft: Readonly<Record<string, unknown>>,
      options: CreateOptions = {},
    ) {
      return createEntity(room, directory, caller, type, draft, options);
    },
    async update<E extends EntityType>(
      caller: Caller,
      ref: Ref<E>,
      values: Readonly<Record<string, unknown>>,
      ifMatch?: string,
      options: UpdateOptions = {},
    ) {
      return present(ref.type, await updateEntity(room, caller, ref, { values, ifMatch, ...options }));
    },
    async put<E extends EntityType>(
      caller: Caller,
      ref: Ref<E>,
      values: Readonly<Record<string, unknown>>,
      ifMatch?: string,
      options: UpdateOptions = {},
    ) {
      const { created, row } = await putEntity(room, caller, ref, { values, ifMatch, ...options });
      return { created, ...present(ref.type, row) };
    },
    append: (type, entries) => appendTo({ store, witness, nextId: nextLogId }, type, entries),
    remove: (caller, ref, ifMatch) => removeEntity(room, caller, ref, ifMatch),
    invoke: (caller, target, operation, parameters) =>
      invokeOperation(room, directory, caller, target, operation, parameters),
    link: (caller, source, navigation, targetId) => linkEntities(room, caller, source, navigation, targetId),
    unlink: (caller, source, navigation, targetId) => unlinkEntities(room, caller, source, navigation, targetId),
    onChange: (type, listener) => announcer.listen(type, listener),
    changes: (type, query) => store.changes({ ...query, types: [type, ...derivedFrom(type)].map(({ name }) => name) }),
    sequence: () => store.sequence(),
    receive: (change) => announcer.receive(change),
  };
  const directory = withViews(withDerived(plain, rules, room));
  return directory;
}

/** How every write is committed. `nextId`: ids of what is written about it. */
function committing(
  { store, witness }: DirectoryServices,
  parts: { readonly announcer: Announcer; readonly audit: Audit; readonly nextId: () => string },
): Room['write'] {
  const { announcer, audit, nextId } = parts;
  return async (caller, run) => {
    const noted = await audit.by(caller);
    const attendance = await witness?.attend();
    const { value, changes } = await translated(() =>
      store.write((opened) => {
        const transaction = lean(opened);
        return run(bounded(transaction), attended(attendance, { transaction, caller, nextId }, noted(transaction)));
      }),
    );
    announcer.publish(changes);
    attendance?.committed();
    return value;
  };
}

/** The store's "absent" in the directory's words; every other fault as it is. */
async function translated<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Fault && error.code === 'store.absent') throw faults.notFound({ id: error.data['id'] }, error);
    throw error;
  }
}
