import { setImmediate } from 'node:timers/promises';
import type { Directory, Versioned } from '../directory/index.ts';
import { madeOnce } from '../kernel/index.ts';
import { type EntityType, fold, isA, largestPage, type Page, type Place, type Ref } from '../model/index.ts';
import type { Loaded, Related } from './entity-json.ts';
import { type Budget, besideBudget } from './expand-budget.ts';
import { linkedFrom } from './linked.ts';
import { refOf } from './locate.ts';
import type { Expansion } from './options/projection.ts';

/** Places of the one read that usually has everything. Others are served before the next places are looked into. */
const sharedPlaces = 25;
/** Related entities beside one; fewer where others are shown beside these in turn, or these are beside others. */
const mostRelated = { usually: 100, nested: 20 } as const;

type Found = Versioned<EntityType>;

interface Children {
  readonly items: readonly Found[];
  readonly next?: string;
  readonly count?: number;
}

/**
 * The entities with what was asked for beside them: a bounded number of related ones each, then the place where the rest begins.
 * Follows each expansion for many entities of a level at once; entity by entity only when that would be too much for one read. Throws
 * `graph.tooMuchBeside`.
 */
export const load = (
  directory: Directory,
  items: readonly Found[],
  expand: readonly Expansion[],
): Promise<readonly Loaded[]> => loadLevel({ directory, budget: besideBudget(), level: 1 }, items, expand);

/** One level of what is shown beside entities. */
interface Level {
  readonly directory: Directory;
  readonly budget: Budget;
  /** 1: beside the entities of the address. */
  readonly level: number;
}

const nothingBeside = {};

async function loadLevel(at: Level, items: readonly Found[], expand: readonly Expansion[]): Promise<readonly Loaded[]> {
  if (expand.length === 0 || items.length === 0) return items.map((found) => ({ found, expanded: nothingBeside }));
  const related = await Promise.all(expand.map((expansion) => loadRelated(at, items, expansion)));
  return items.map((found, at) => ({
    found,
    expanded: Object.fromEntries(
      expand.flatMap(({ name, on }, index) =>
        on && !isA(found.type, on) ? [] : [[name, related[index]?.[at] ?? { items: [] }]],
      ),
    ),
  }));
}

/** As `load`, of one entity. */
export async function loadOne(directory: Directory, found: Found, expand: readonly Expansion[]): Promise<Loaded> {
  const [loaded] = await load(directory, [found], expand);
  return loaded ?? { found, expanded: {} };
}

/** What is related to each of the entities, in their order, with what is beside that in turn. */
async function loadRelated(at: Level, items: readonly Found[], expansion: Expansion): Promise<readonly Related[]> {
  const { on, projection } = expansion;
  const { level } = at;
  const asked = on ? items.filter(({ type }) => isA(type, on)) : items;
  const most = projection.expand.length > 0 || level > 1 ? mostRelated.nested : mostRelated.usually;
  const children = asked.length > 0 ? await follow(at, asked, expansion, most) : new Map<string, Children>();
  const rows = items.map((item) => children.get(keyOf(refOf(item))) ?? { items: [] });
  const loaded = await loadLevel(
    { ...at, level: level + 1 },
    rows.flatMap((row) => row.items),
    projection.expand,
  );
  let start = 0;
  return rows.map((row) => {
    const end = start + row.items.length;
    const own = loaded.slice(start, end);
    start = end;
    return { ...row, items: own };
  });
}

type ByParent = ReadonlyMap<string, Children>;

/** Names an entity within a tenant: ids repeat between places. */
const keyOf = madeOnce(({ id, within }: Pick<Ref, 'id' | 'within'>): string => nameOf(id, within));

const nameOf = (id: string, within: Place | undefined): string =>
  within ? `${nameOf(within.parent.id, within.parent.within)}/${within.navigation}/${fold(id)}` : fold(id);

const follow = (at: Level, items: readonly Found[], expansion: Expansion, most: number): Promise<ByParent> =>
  expansion.navigation.kind === 'contains'
    ? containedIn(at, items, expansion, most)
    : linkedBeside(at, items, expansion, most);

/** How many are shown of those that are left after passing over the first ones. */
const wanted = ({ listing: { top } }: Expansion, most: number): number => Math.min(top ?? most, most);

/** The caller's own `$top` leaves nothing to be continued. */
const cut = ({ listing: { top } }: Expansion, most: number): boolean => top !== undefined && top <= most;

const narrowingOf = ({ filter, order }: Expansion['listing']) => ({
  ...(filter ? { filter } : {}),
  ...(order ? { order } : {}),
});

async function linkedBeside(
  { directory, budget }: Level,
  items: readonly Found[],
  expansion: Expansion,
  most: number,
): Promise<ByParent> {
  const { name, navigation, listing } = expansion;
  const { skip = 0 } = listing;
  const end = skip + wanted(expansion, most);
  // One more tells that there are more; to be counted, all have to be read.
  const narrowing = { ...narrowingOf(listing), ...(listing.count ? {} : { limit: end + 1 }) };
  const children = new Map<string, Children>();
  const sources = items.map(refOf);
  const targets = await linkedFrom(directory, sources, navigation.aliasOf ?? name, navigation.target(), narrowing);
  for (const [at, source] of sources.entries()) {
    const found = targets[at] ?? [];
    // A page of links is counted from its beginning, so the place of the next one is a number.
    const next = end < found.length && !cut(expansion, most) ? { next: String(end) } : {};
    const count = listing.count ? { count: found.length } : {};
    children.set(keyOf(source), { items: budget.spend(found.slice(skip, end)), ...next, ...count });
  }
  await setImmediate();
  return children;
}

async function containedIn(at: Level, items: readonly Found[], expansion: Expansion, most: number): Promise<ByParent> {
  const places = items.map((item): Place => ({ parent: refOf(item), navigation: expansion.name }));
  const children = new Map<string, Children>();
  for (let start = 0; start < places.length; start += sharedPlaces) {
    const some = places.slice(start, start + sharedPlaces);
    for (const [key, found] of await inPlaces(at, some, expansion, most)) {
      children.set(key, { ...found, items: at.budget.spend(found.items) });
    }
    await setImmediate();
  }
  return children;
}

async function inPlaces(
  { directory }: Level,
  places: readonly Place[],
  expansion: Expansion,
  most: number,
): Promise<ByParent> {
  const { navigation, listing } = expansion;
  const { skip = 0, count } = listing;
  const type = navigation.target();
  const narrowing = narrowingOf(listing);
  const read = (within: readonly Place[], limit: number, more: object = {}): Promise<Page<Found>> =>
    directory.find({ type, within, limit, ...narrowing, ...more });
  const limit = wanted(expansion, most);
  const ends = cut(expansion, most);
  const alone = async (place: Place): Promise<Children> => {
    const page = await read([place], Math.max(limit, 1), { count, ...(skip > 0 ? { skip } : {}) });
    const next = page.next === undefined || ends ? {} : { next: page.next };
    const number = page.count === undefined ? {} : { count: page.count };
    return { items: page.items.slice(0, limit), ...next, ...number };
  };
  const shared = await read(places, largestPage);
  const byParent = Map.groupBy(shared.items, ({ within }) => (within ? keyOf(within.parent) : ''));
  const related = new Map<string, Children>();
  for (const place of places) {
    const key = keyOf(place.parent);
    const found = byParent.get(key) ?? [];
    const whole = shared.next === undefined && (ends || found.length <= skip + limit);
    const shown = { items: found.slice(skip, skip + limit), ...(count ? { count: found.length } : {}) };
    related.set(key, whole ? shown : await alone(place));
  }
  return related;
}
