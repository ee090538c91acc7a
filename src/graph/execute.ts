import type { Directory, Versioned } from '../directory/index.ts';
import { type EntityType, isA, type Page, type Query } from '../model/index.ts';
import { type Address, type Collection, typeAt } from './address.ts';
import { track } from './delta.ts';
import { firstRound } from './delta-round.ts';
import { membersTold } from './entity-json.ts';
import { addItem, getItem, listItems, removeItem } from './execute-items.ts';
import { clearLink, getLink, link, setLink, unlink } from './execute-links.ts';
import { invoke } from './execute-operation.ts';
import { clearStream, readStream, writeStream } from './execute-stream.ts';
import { create, put, remove, update } from './execute-write.ts';
import { load, loadOne } from './expand.ts';
import { faults } from './faults.ts';
import { findIn, type Located, linkedIn, locate } from './locate.ts';
import type { Listing } from './options/listing.ts';
import { levels, type Plan } from './plan.ts';
import { valueAt } from './property-value.ts';
import { readPage } from './read-page.ts';
import type { Route, RouteOf, ValueAddress } from './route.ts';
import type { Result, Work } from './work.ts';

type Runs = { readonly [K in Route['kind']]: (route: RouteOf<K>, plan: Plan, work: Work) => Promise<Result> };

const known = async ({ kind }: RouteOf<'identity'>): Promise<Result> => ({ kind });

const runs: Runs = {
  metadata: known,
  openapi: known,
  service: known,
  identity: known,
  list: ({ collection }, plan, work) => list(plan, collection, work, false),
  listLinks: ({ collection }, plan, work) => list(plan, collection, work, true),
  count: ({ collection }, plan, work) => count(plan, collection, work),
  delta: async ({ collection }, { projection, round = firstRound }, { directory }) => ({
    kind: 'changes',
    ...(await track(directory, collection, round, projection)),
  }),
  get: ({ address }, plan, work) => get(plan, address, work),
  create: ({ collection }, plan, work) => create(plan, collection, work),
  update: ({ address }, plan, work) => update(plan, address, work),
  put: ({ address }, plan, work) => put(plan, address, work),
  delete: ({ address }, _, work) => remove(address, work),
  link: ({ collection }, _, work) => link(collection, work),
  unlink: ({ address }, _, work) => unlink(address, work),
  getLink: ({ address }, _, work) => getLink(address, work),
  setLink: ({ address }, _, work) => setLink(address, work),
  clearLink: ({ address }, _, work) => clearLink(address, work),
  stream: ({ address }, _, work) => readStream(address, work),
  setStream: ({ address }, _, work) => writeStream(address, work),
  clearStream: ({ address }, _, work) => clearStream(address, work),
  invoke: (route, _, work) => invoke(route, work),
  property: (place, plan, work) => property(plan, place, work),
  items: (place, _, work) => listItems(place, work),
  item: ({ item, ...place }, _, work) => getItem(place, item, work),
  addItem: (place, _, work) => addItem(place, work),
  removeItem: ({ item, ...place }, _, work) => removeItem(place, item, work),
};

/** Does what was planned; the only stage that touches the directory. */
export function execute(plan: Plan, work: Work): Promise<Result> {
  const run = runs[plan.route.kind] as (route: Route, plan: Plan, work: Work) => Promise<Result>;
  return run(plan.route, plan, work);
}

async function list(plan: Plan, collection: Collection, { directory }: Work, links: boolean): Promise<Result> {
  const located = await locate(directory, collection);
  const { expand } = plan.projection;
  const only = links ? [] : membersTold(plan.projection, collection.type);
  const told = only ? { only } : {};
  const page = await readPage(plan.listing, {
    levels: levels(expand),
    find: (listing) => pageOf({ ...listing, ...told }, located, directory),
    beside: (items) => load(directory, items, expand),
  });
  return { kind: 'page', located, links, ...page };
}

async function pageOf(
  listing: Listing & Pick<Query, 'only'>,
  located: Located,
  directory: Directory,
): Promise<Page<Versioned<EntityType>>> {
  const { collection, parent, place } = located;
  if (collection.source.kind === 'referenced' && parent) {
    const { filter, order } = listing;
    const most = collection.cast ? {} : enough(listing);
    const narrowing = { ...(filter ? { filter } : {}), ...(order ? { order } : {}), ...most };
    const targets = await linkedIn(directory, collection, parent, narrowing);
    return sliced(
      targets.filter(({ type }) => isA(type, collection.type)),
      listing,
    );
  }
  const query: Query = { type: collection.type, ...(place ? { within: [place] } : {}), ...listing };
  return directory.find(query);
}

/** One more than the page shows tells that there are more; to be counted, all have to be read. */
const enough = ({ limit, after, skip = 0, count: counted }: Listing): { readonly limit?: number } =>
  counted ? {} : { limit: Number(after ?? skip) + limit + 1 };

/** Links are few and come as one list; a page of them is counted from its beginning. */
function sliced<T>(items: readonly T[], { limit, after, skip = 0, count: counted }: Listing): Page<T> {
  const start = Number(after ?? skip);
  const end = start + limit;
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { next: String(end) } : {}),
    ...(counted ? { count: items.length } : {}),
  };
}

async function count(plan: Plan, collection: Collection, { directory }: Work): Promise<Result> {
  const located = await locate(directory, collection);
  const page = await pageOf({ ...plan.listing, limit: 1, count: true }, located, directory);
  return { kind: 'number', value: page.count ?? page.items.length };
}

async function get({ projection }: Plan, address: Address, { directory }: Work): Promise<Result> {
  const located = await locate(directory, address.collection);
  const found = await findIn(directory, located, address, membersTold(projection, typeAt(address)));
  return { kind: 'entity', located, item: await loadOne(directory, found, projection.expand), echoed: [] };
}

/** Throws `graph.unknownSegment` when the entity found is of a type that has no such property. */
async function property({ projection }: Plan, { address, path }: ValueAddress, { directory }: Work): Promise<Result> {
  const located = await locate(directory, address.collection);
  const found = await findIn(directory, located, address);
  const inner = valueAt(found.type, found.entity, path);
  if (!inner) throw faults.unknownSegment({ segment: path.at(-1) });
  return { kind: 'value', located, owner: await loadOne(directory, found, projection.expand), path, ...inner };
}
