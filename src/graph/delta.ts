import type { Directory, Versioned } from '../directory/index.ts';
import { Fault } from '../kernel/index.ts';
import { type EntityType, everyItem, fold } from '../model/index.ts';
import type { Collection } from './address.ts';
import { beginning, type Round } from './delta-round.ts';
import { faults } from './faults.ts';
import { type Located, locate } from './locate.ts';
import { defaults, type Projection } from './options/projection.ts';
import { mostBytes, readPage, sizeOf } from './read-page.ts';

/** An entity as a round tells of it. */
export interface Tracked {
  readonly id: string;
  /** Absent: it is gone. */
  readonly found?: Versioned<EntityType>;
  /** What has changed; absent: everything is new to the client. */
  readonly changed?: ReadonlySet<string>;
}

/** A page of a round. */
export interface Tracking {
  readonly located: Located;
  readonly items: readonly Tracked[];
  /** Where the next request goes on. */
  readonly round: Round;
  /** There is more to be told already. */
  readonly more: boolean;
}

/** Pages of the log that are read for one answer when nothing in them concerns the client. */
const mostReads = 10;
/** Entries of the log that are told of in one answer: entities may be large, and are read together. */
const mostChanges = 100;

/**
 * A page of what there is, and when all has been listed, of what has changed since the listing began. Something may be told twice,
 * and nothing is left out (https://learn.microsoft.com/graph/delta-query-overview). Throws
 * `graph.syncStateNotFound` when the log no longer reaches back so far.
 */
export async function track(
  directory: Directory,
  collection: Collection,
  round: Round,
  { select, shown }: Projection,
): Promise<Tracking> {
  const located = await locate(directory, collection);
  const { type } = collection;
  // Taken before anything is listed, so that what changes meanwhile comes after it.
  const since = round.since ?? (await directory.sequence());
  const begun = { ...round, since };
  if (round.listing !== undefined) return { located, ...(await listed(directory, type, begun, round.listing)) };
  if (round.since === undefined) return { located, items: [], round: begun, more: false };
  const names = (select ?? defaults(type)).filter((name) => shown === undefined || shown.has(name));
  return { located, ...(await changedSince(directory, type, begun, since, new Set(names))) };
}

type Part = Omit<Tracking, 'located'>;

async function listed(directory: Directory, type: EntityType, round: Round, after: string): Promise<Part> {
  const { listing: _, ...over } = round;
  if (round.ids) {
    const found = await byIds(directory, type, round.ids);
    return { items: found.map(whole), round: over, more: false };
  }
  const page = await readPage(
    { limit: round.limit, count: false, ...(after === '' ? {} : { after }) },
    {
      levels: 0,
      find: (listing) => directory.find({ type, ...listing }),
      beside: async (found) => found.map((one) => ({ found: one, expanded: {} })),
    },
  );
  const items = page.items.map(({ found }) => whole(found));
  return page.next === undefined
    ? { items, round: over, more: false }
    : { items, round: { ...round, listing: page.next }, more: true };
}

const whole = (found: Versioned<EntityType>): Tracked => ({ id: found.entity.id, found });

async function changedSince(
  directory: Directory,
  type: EntityType,
  round: Round,
  since: number,
  tracked: ReadonlySet<string>,
): Promise<Part> {
  let reached = since;
  let limit = Math.min(round.limit, mostChanges);
  for (let read = 1; ; read += 1) {
    const page = await directory.changes(type, { after: reached, limit }).catch((error) => {
      if (!(error instanceof Fault) || error.code !== 'store.forgotten') throw error;
      throw faults.syncStateNotFound({ query: beginning(round) }, error);
    });
    const touched = touchedIn(page.changes, round.ids, tracked);
    const found = await byIds(
      directory,
      type,
      touched.map(({ id }) => id),
    );
    const share = mostBytes / sizeOf(found.map((one) => ({ found: one, expanded: {} })));
    if (share < 1 && limit > 1) {
      limit = Math.max(1, Math.floor(limit * share));
      continue;
    }
    reached = page.next;
    if (touched.length === 0 && !page.complete && read < mostReads) continue;
    const byId = new Map(found.map((one) => [fold(one.entity.id), one]));
    const items = touched.flatMap((one) => itemOf(one, byId.get(fold(one.id))));
    return { items, round: { ...round, since: reached }, more: !page.complete };
  }
}

interface Touched {
  readonly id: string;
  /** Absent: made or removed, whatever was written besides. */
  readonly changed?: ReadonlySet<string>;
}

/** Each entity once, with all that was written to it. What is not tracked is as if it had not happened. */
function touchedIn(
  changes: Awaited<ReturnType<Directory['changes']>>['changes'],
  ids: readonly string[] | undefined,
  tracked: ReadonlySet<string>,
): readonly Touched[] {
  const followed = ids && new Set(ids.map(fold));
  const touched = new Map<string, Touched>();
  for (const { key, verb, properties } of changes) {
    const id = fold(key);
    const written = properties.filter((name) => tracked.has(name));
    if ((followed && !followed.has(id)) || (verb === 'updated' && written.length === 0)) continue;
    const before = touched.get(id);
    const partly = verb === 'updated' && (!before || before.changed);
    touched.set(id, partly ? { id: key, changed: new Set([...(before?.changed ?? []), ...written]) } : { id: key });
  }
  return [...touched.values()];
}

/** An entity that was updated and is not there any more has been removed since; the log will say so again. */
const itemOf = (touched: Touched, found: Versioned<EntityType> | undefined): readonly Tracked[] => [
  found ? { ...touched, found } : { id: touched.id },
];

async function byIds(
  directory: Directory,
  type: EntityType,
  ids: readonly string[],
): Promise<readonly Versioned<EntityType>[]> {
  if (ids.length === 0) return [];
  const filter = { op: 'in', path: ['id'], values: ids } as const;
  return everyItem((query) => directory.find(query), { type, filter, limit: ids.length });
}
