import { setImmediate } from 'node:timers/promises';
import { bytesOf, type Versioned } from '../directory/index.ts';
import { Fault } from '../kernel/index.ts';
import type { EntityType, Page } from '../model/index.ts';
import type { Loaded } from './entity-json.ts';
import type { Listing } from './options/listing.ts';

type Found = Versioned<EntityType>;

/** How the entities of a page are come by. */
export interface Reading {
  /** Levels of what is shown beside the entities. */
  readonly levels: number;
  find(listing: Listing): Promise<Page<Found>>;
  /** The entities with what is shown beside them. */
  beside(items: readonly Found[]): Promise<readonly Loaded[]>;
}

/** Bytes of the entities of a page, together with what is beside them. A page that has reached them ends, and another one follows. */
export const mostBytes = 4_194_304;
/** Bytes around each entity, and a measure of the work that even an empty one is. */
const around = 256;
/** Entities of one read, by the levels beside them: so many more than a page may hold are in memory at most. */
const portions = [100, 100, 25, 5] as const;

/**
 * Reads a page in portions, and ends it early where it would be too large to write. It has one entity at least, unless the store itself
 * came to an end.
 */
export async function readPage(listing: Listing, reading: Reading): Promise<Page<Loaded>> {
  const { skip: _, ...further } = listing;
  let size: number = portions[reading.levels] ?? 1;
  const items: Loaded[] = [];
  let counted: Pick<Page<Loaded>, 'count'> = {};
  const upTo = (next: string | undefined) => ({ items, ...(next === undefined ? {} : { next }), ...counted });
  let left = mostBytes;
  for (let asked = listing; ; await setImmediate()) {
    const limit = Math.min(size, listing.limit - items.length);
    const page = await reading.find({ ...asked, limit });
    if (page.count !== undefined) counted = { count: page.count };
    const loaded = await besideIfLittle(page.items, reading);
    if (!loaded) {
      size = Math.ceil(limit / 4);
      continue;
    }
    const { fitting, bytes } = within(loaded, left);
    if (fitting === 0 && loaded.length > 0 && items.length > 0) return upTo(asked.after);
    if (fitting < loaded.length) {
      // Only the store knows where the rest begins.
      const cut = await reading.find({ ...asked, limit: Math.max(1, fitting), count: false });
      items.push(...(await reading.beside(cut.items)));
      return upTo(cut.next);
    }
    items.push(...loaded);
    left -= bytes;
    // A portion that is not full is where the store has looked long enough.
    const ended = page.items.length < limit || items.length >= listing.limit;
    if (page.next === undefined || ended) return upTo(page.next);
    asked = { ...further, after: page.next, count: false };
  }
}

/** Undefined when what is beside them is too much, and might not be with fewer of them. */
async function besideIfLittle(items: readonly Found[], { beside }: Reading): Promise<readonly Loaded[] | undefined> {
  try {
    return await beside(items);
  } catch (error) {
    if (items.length > 1 && error instanceof Fault && error.code === 'graph.tooMuchBeside') return undefined;
    throw error;
  }
}

/** How many of them fit, from the first on, and the bytes of those. */
function within(loaded: readonly Loaded[], most: number): { readonly fitting: number; readonly bytes: number } {
  let bytes = 0;
  for (const [fitting, one] of loaded.entries()) {
    const more = sizeOf([one]);
    if (bytes + more > most) return { fitting, bytes };
    bytes += more;
  }
  return { fitting: loaded.length, bytes };
}

/** Bytes of entities together with what is beside them. */
export const sizeOf = (loaded: readonly Loaded[]): number =>
  loaded.reduce(
    (sum, { found, expanded }) =>
      sum + around + bytesOf(found.entity) + Object.values(expanded).reduce((all, { items }) => all + sizeOf(items), 0),
    0,
  );
