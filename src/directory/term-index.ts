import { type EntityOf, type EntityType, everyItem, everyPage, fold, type Query } from '../model/index.ts';
import { changedId } from './change-cache.ts';
import type { Directory } from './directory.ts';

/** What all entities of a type are known by, in memory: answers from which of them have a term. */
export interface TermIndex {
  /** The name of an entity that has the term; undefined: none has. Every change announced before the call is heeded. */
  find(term: string): Promise<string | undefined>;
}

export interface TermIndexOptions<E extends EntityType> {
  readonly type: E;
  readonly name: (entity: EntityOf<E>) => string;
  /** Compared to the letter. */
  readonly terms: (entity: EntityOf<E>) => readonly string[];
}

interface Entry {
  readonly name: string;
  readonly terms: readonly string[];
}

/** More entities than this changed since somebody asked are read with all others, not one by one. */
const mostChanged = 500;

/** Names by term. */
class Terms {
  /** By id of the entity, folded. */
  readonly #entries = new Map<string, Entry>();
  readonly #names = new Map<string, Map<string, string>>();

  find(term: string): string | undefined {
    return this.#names.get(term)?.values().next().value;
  }

  /** `undefined`: there is no such entity any more. */
  set(id: string, entry: Entry | undefined): void {
    for (const term of this.#entries.get(id)?.terms ?? []) {
      const holders = this.#names.get(term);
      holders?.delete(id);
      if (holders?.size === 0) this.#names.delete(term);
    }
    if (!entry) return void this.#entries.delete(id);
    this.#entries.set(id, entry);
    for (const term of entry.terms) {
      const holders = this.#names.get(term) ?? new Map<string, string>();
      this.#names.set(term, holders.set(id, entry.name));
    }
  }
}

/** Read whole when first asked, then entity by entity as they change: so creating many costs what those are, not all of them. */
export function createTermIndex<E extends EntityType>(
  directory: Pick<Directory, 'find' | 'onChange'>,
  { type, name, terms }: TermIndexOptions<E>,
): TermIndex {
  let known: Terms | undefined;
  /** Ids, folded, of what has changed since it was read. */
  let changed = new Set<string>();
  /** Counts how often all that was known was given up. */
  let givenUp = 0;
  let refreshing: Promise<void> | undefined;

  const find = (query: Query<E>) => directory.find(query);
  const entryOf = (entity: EntityOf<E>): Entry => ({ name: name(entity), terms: terms(entity) });

  async function readAll(): Promise<Terms> {
    const all = new Terms();
    for await (const items of everyPage(find, { type })) {
      for (const { entity } of items) all.set(fold(entity.id), entryOf(entity));
    }
    return all;
  }

  async function readThese(ids: readonly string[]): Promise<ReadonlyMap<string, Entry>> {
    if (ids.length === 0) return new Map();
    const filter = { op: 'in', path: ['id'], values: ids } as const;
    const found = await everyItem(find, { type, filter });
    return new Map(found.map(({ entity }) => [fold(entity.id), entryOf(entity)]));
  }

  async function refresh(): Promise<void> {
    const [ids, before, target] = [[...changed], givenUp, known];
    changed = new Set();
    try {
      if (target) {
        const found = await readThese(ids);
        for (const id of ids) target.set(id, found.get(id));
      } else {
        const all = await readAll();
        if (before === givenUp) known = all;
      }
    } catch (error) {
      for (const id of ids) changed.add(id);
      throw error;
    }
  }

  directory.onChange(type, (change) => {
    const id = changedId(change, type);
    if (id !== undefined) changed.add(id);
    if (changed.size <= mostChanged) return;
    known = undefined;
    givenUp += 1;
    changed.clear();
  });

  async function upToDate(): Promise<Terms> {
    // One that is under way may have read before the last change; whether it fails is for those who began it.
    await refreshing?.catch(() => undefined);
    if (known && changed.size === 0 && !refreshing) return known;
    refreshing ??= refresh().finally(() => {
      refreshing = undefined;
    });
    await refreshing;
    return known ?? readAll();
  }

  return { find: async (term) => (await upToDate()).find(term) };
}
