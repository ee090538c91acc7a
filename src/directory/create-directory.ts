import { type Caller, Fault } from '../kernel/index.ts';
import type { EntityType, Page, Query, Ref } from '../model/index.ts';
import type { Change, StoreReader, StoreTransaction } from '../store/index.ts';
import { createAnnouncer } from './announcer.ts';
import { createBuiltIns, isBuiltIn } from './built-ins.ts';
import { createPlanned, planCreation } from './creation.ts';
import type { CreateOptions, Directory, Versioned } from './directory.ts';
import { faults } from './faults.ts';
import { invokeOperation } from './invoke.ts';
import { linkEntities, unlinkEntities } from './links.ts';
import { mergedReader } from './merged-reader.ts';
import { navigationOf } from './navigation.ts';
import { concreteType, entityOf, present } from './present.ts';
import { type DirectoryServices, type Room, readerOver } from './room.ts';
import { createRules } from './rules.ts';
import { openSecrets } from './secrets.ts';
import { updateEntity } from './update.ts';

/** A directory, and the way to tell it what other processes have changed. */
export type OpenDirectory = Directory & { receive(change: Change): void };

export function createDirectory(services: DirectoryServices): OpenDirectory {
  const { tenant, store, observe } = services;
  const announcer = createAnnouncer(tenant.id, observe);
  const rules = createRules(services.behaviours);
  const builtIns = createBuiltIns(rules, tenant, services.clock);
  const merged = (reader: StoreReader): StoreReader => mergedReader(builtIns, reader);
  const room: Room = {
    ...services,
    rules,
    builtIns,
    merged,
    reader: merged(readerOver(store)),
    async write(run) {
      const { value, changes } = await translated(() => store.write(run));
      announcer.publish(changes);
      return value;
    },
  };
  const read = <T>(run: (reader: StoreReader) => Promise<T>): Promise<T> =>
    translated(() => store.read((reader) => run(merged(reader))));

  const directory: OpenDirectory = {
    tenant,
    async get<E extends EntityType>(ref: Ref<E>) {
      const row = await read((reader) => reader.get(ref));
      return row && present(ref.type, row);
    },
    async find<E extends EntityType>(query: Query<E>): Promise<Page<Versioned<E>>> {
      const page = await read((reader) => reader.find(query));
      return { ...page, items: page.items.map((row) => present(query.type, row)) };
    },
    async linked(sources, name) {
      const [first] = sources;
      if (!first) return new Map();
      const navigation = navigationOf(first.type, name, 'references');
      const rows = await read((reader) => reader.linked(sources, navigation.name));
      const target = navigation.target();
      return new Map([...rows].map(([id, found]) => [id, found.map((row) => present(target, row))]));
    },
    async reveal(ref) {
      const row = await read((reader) => reader.get(ref));
      if (!row) throw faults.notFound({ id: ref.id });
      return openSecrets(room.box, tenant.id, concreteType(ref.type, row.type), row.id, row.values);
    },
    async create<E extends EntityType>(
      caller: Caller,
      type: E,
      draft: Readonly<Record<string, unknown>>,
      options: CreateOptions = {},
    ) {
      const planned = await planCreation(room, caller, type, draft, options);
      return present(type, await room.write((transaction) => createPlanned(room, caller, transaction, planned)));
    },
    async update<E extends EntityType>(
      caller: Caller,
      ref: Ref<E>,
      patch: Readonly<Record<string, unknown>>,
      ifMatch?: string,
    ) {
      return present(ref.type, await updateEntity(room, caller, ref, patch, ifMatch));
    },
    remove: (caller, ref, ifMatch) =>
      room.write((transaction) => removeEntity(room, caller, transaction, ref, ifMatch)),
    invoke: (caller, target, operation, parameters) =>
      invokeOperation(room, directory, caller, target, operation, parameters),
    link: (caller, source, navigation, targetId) => linkEntities(room, caller, source, navigation, targetId),
    unlink: (caller, source, navigation, targetId) => unlinkEntities(room, caller, source, navigation, targetId),
    onChange: (type, listener) => announcer.listen(type, listener),
    receive: (change) => announcer.receive(change),
  };
  return directory;
}

async function removeEntity(
  room: Room,
  caller: Caller,
  transaction: StoreTransaction,
  ref: Ref,
  ifMatch: string | undefined,
): Promise<void> {
  const reader = room.merged(transaction);
  const row = await reader.get(ref);
  if (!row) throw faults.notFound({ id: ref.id });
  const type = concreteType(ref.type, row.type);
  const within = row.within ? { within: row.within } : {};
  const context = { caller, tenant: room.tenant, reader, ...within };
  await room.rules.checkRemove(type, entityOf(type, row.id, row.values), context);
  if (isBuiltIn(row)) throw faults.notFound({ id: ref.id });
  await transaction.remove({ type, id: row.id, ...within }, caller, ifMatch);
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
