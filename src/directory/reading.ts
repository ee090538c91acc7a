import type { EntityType, Page, Query, Ref } from '../model/index.ts';
import type { StoreReader } from '../store/index.ts';
import type { Directory, Versioned } from './directory.ts';
import { faults } from './faults.ts';
import { navigationOf } from './navigation.ts';
import { concreteType } from './present.ts';
import type { Room } from './room.ts';
import { openSecrets } from './secrets.ts';

/** Runs a read on one state of the store, built-in entities included. */
type Read = <T>(run: (reader: StoreReader) => Promise<T>) => Promise<T>;

/** The half of a directory that changes nothing. */
export function readingOf(
  { box, tenant, present }: Pick<Room, 'box' | 'tenant' | 'present'>,
  read: Read,
): Pick<Directory, 'get' | 'find' | 'linked' | 'reveal'> {
  return {
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
      return openSecrets(box, tenant.id, concreteType(ref.type, row.type), row.id, row.values);
    },
  };
}
