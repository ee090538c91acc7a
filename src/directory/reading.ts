import type { EntityType, Page, Query, Ref } from '../model/index.ts';
import type { Row, StoreReader } from '../store/index.ts';
import type { Directory, Narrowing, Versioned } from './directory.ts';
import { faults } from './faults.ts';
import { pageOf } from './merged-reader.ts';
import { navigationOf } from './navigation.ts';
import { concreteType, present } from './present.ts';
import type { Room } from './room.ts';
import { openSecrets } from './secrets.ts';

/** Runs a read of what is stored and what is built in. */
type Read = <T>(run: (reader: StoreReader) => Promise<T>) => Promise<T>;

/** Links are few, so that they are filtered and ordered here; in the order of linking unless told. */
const narrowed = (found: readonly Row[], type: EntityType, narrowing: Narrowing): readonly Row[] =>
  pageOf(found, { type, within: [], ...narrowing, limit: narrowing.limit ?? found.length }).items;

/** What several sources lead to is made once. */
function remembered<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

/** The half of a directory that changes nothing. */
export function readingOf(
  { box, tenant }: Pick<Room, 'box' | 'tenant'>,
  read: Read,
): Pick<Directory, 'get' | 'find' | 'linked' | 'reveal'> {
  return {
    async get<E extends EntityType>(ref: Ref<E>, only?: readonly string[]) {
      const row = await read((reader) => reader.get(ref));
      return row && present(ref.type, row, only);
    },
    async find<E extends EntityType>(query: Query<E>): Promise<Page<Versioned<E>>> {
      const page = await read((reader) => reader.find(newestFirst(query)));
      return { ...page, items: page.items.map((row) => present(query.type, row, query.only)) };
    },
    async linked(sources, name, narrowing = {}) {
      const [first] = sources;
      if (!first) return [];
      const navigation = navigationOf(first.type, name, 'references');
      const target = navigation.target();
      const asLinked = !narrowing.filter && !narrowing.order;
      const rows = await read((reader) =>
        reader.linked(sources, navigation.name, asLinked ? narrowing.limit : undefined),
      );
      const wanted = (found: readonly Row[]) => (asLinked ? found : narrowed(found, target, narrowing));
      const shown = remembered((row: Row) => present(target, row));
      return rows.map((found) => wanted(found).map(shown));
    },
    async reveal(ref) {
      const row = await read((reader) => reader.get(ref));
      if (!row) throw faults.notFound({ id: ref.id });
      return openSecrets(box, tenant.id, concreteType(ref.type, row.type), row.id, row.values);
    },
  };
}

/** A log is read from its end unless told. */
const newestFirst = <E extends EntityType>(query: Query<E>): Query<E> => {
  const { log } = query.type;
  if (!log || query.order) return query;
  return { ...query, order: [{ path: [log.time], descending: true }] };
};
