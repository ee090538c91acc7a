import type { CreateOptions, Directory, Versioned } from '../directory/index.ts';
import type { Caller } from '../kernel/index.ts';
import type { EntityType, Page, Query } from '../model/index.ts';
import { type Conditions, guardWrite } from './conditions.ts';
import { type Draft, readDraft, readPatch } from './draft.ts';
import type { Json, Loaded } from './entity-json.ts';
import { load, loadOne } from './expand.ts';
import { faults } from './faults.ts';
import { findIn, type Located, linkedTo, locate, refOf } from './locate.ts';
import type { Plan } from './plan.ts';
import { idOfReference } from './reference.ts';
import type { Address, Collection } from './route.ts';

/** What came of a request, before it is written in the dialect of the wire. */
export type Result =
  | { readonly kind: 'metadata' | 'service' | 'identity' | 'nothing' }
  | { readonly kind: 'texts'; readonly value: readonly string[] }
  | { readonly kind: 'number'; readonly value: number }
  | {
      readonly kind: 'page';
      readonly located: Located;
      readonly items: readonly Loaded[];
      readonly next?: string;
      readonly count?: number;
      /** Only the addresses of the entities, not what they hold. */
      readonly links: boolean;
    }
  | {
      readonly kind: 'entity';
      readonly located: Located;
      readonly item: Loaded;
      readonly change?: 'created' | 'updated';
      /** Names in the body of a POST. */
      readonly echoed: readonly string[];
    }
  | {
      readonly kind: 'value';
      readonly located: Located;
      readonly owner: Versioned<EntityType>;
      readonly value: unknown;
    };

export interface Work {
  readonly directory: Directory;
  readonly caller: Caller;
  /** Reads the JSON object of the body; called once, after everything that can be refused without it. */
  readonly body: () => Promise<Json>;
  readonly conditions: Conditions;
  /** The updated entity is wanted back. */
  readonly representation: boolean;
}

/** Does what was planned; the only stage that touches the directory. */
export async function execute(plan: Plan, work: Work): Promise<Result> {
  const { route } = plan;
  switch (route.kind) {
    case 'metadata':
    case 'service':
    case 'identity':
      return { kind: route.kind };
    case 'function':
      return { kind: 'texts', value: route.value };
    case 'list':
    case 'listLinks':
      return list(plan, route.collection, work, route.kind === 'listLinks');
    case 'count':
      return count(plan, route.collection, work);
    case 'create':
      return create(plan, route.collection, work);
    case 'link':
      return link(route.collection, work);
    case 'get':
      return get(plan, route.address, work);
    case 'update':
      return update(plan, route.address, work);
    case 'delete':
      return remove(route.address, work);
    case 'unlink':
      return unlink(route.address, work);
    case 'property':
      return property(route.address, route.path, work);
    default:
      return route satisfies never;
  }
}

async function list(plan: Plan, collection: Collection, work: Work, links: boolean): Promise<Result> {
  const located = await locate(work.directory, collection);
  const page = await pageOf(plan, located, work.directory);
  return {
    kind: 'page',
    located,
    items: await load(work.directory, page.items, plan.projection.expand),
    links,
    ...(page.next === undefined ? {} : { next: page.next }),
    ...(page.count === undefined ? {} : { count: page.count }),
  };
}

async function pageOf(plan: Plan, located: Located, directory: Directory): Promise<Page<Versioned<EntityType>>> {
  const { collection, parent, place } = located;
  const { listing } = plan;
  if (collection.source.kind === 'referenced' && parent) {
    return sliced(await linkedTo(directory, parent, collection.source.navigation), listing);
  }
  const query: Query = { type: collection.type, ...(place ? { within: [place] } : {}), ...listing };
  return directory.find(query);
}

/** Links are few and come as one list; a page of them is counted from its beginning. */
function sliced<T>(items: readonly T[], { limit, after, count: counted }: Plan['listing']): Page<T> {
  const start = Number(after ?? 0);
  const end = start + limit;
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { next: String(end) } : {}),
    ...(counted ? { count: items.length } : {}),
  };
}

async function count(plan: Plan, collection: Collection, { directory }: Work): Promise<Result> {
  const located = await locate(directory, collection);
  const page = await pageOf({ ...plan, listing: { ...plan.listing, limit: 1, count: true } }, located, directory);
  return { kind: 'number', value: page.count ?? page.items.length };
}

async function get({ projection }: Plan, address: Address, { directory }: Work): Promise<Result> {
  const located = await locate(directory, address.collection);
  const found = await findIn(directory, located, address);
  return { kind: 'entity', located, item: await loadOne(directory, found, projection.expand), echoed: [] };
}

async function property(address: Address, path: readonly string[], { directory }: Work): Promise<Result> {
  const located = await locate(directory, address.collection);
  const owner = await findIn(directory, located, address);
  const value = path.reduce<unknown>(
    (at, name) => (typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? (at as Json)[name] : undefined),
    owner.entity,
  );
  return { kind: 'value', located, owner, value };
}

async function create({ projection }: Plan, collection: Collection, work: Work): Promise<Result> {
  const { directory, caller } = work;
  const draft = readDraft(collection.type, await work.body());
  const located = await locate(directory, collection);
  const options: CreateOptions = {
    ...(located.place ? { within: located.place } : {}),
    ...relatedTo(draft),
  };
  const made = await directory.create(caller, draft.type, draft.values, options);
  const item = await loadOne(directory, made, projection.expand);
  return { kind: 'entity', located, item, change: 'created', echoed: Object.keys(draft.values) };
}

const relatedTo = ({ links, contained }: Draft): Pick<CreateOptions, 'links' | 'contained'> => ({
  ...(Object.keys(links).length > 0 ? { links } : {}),
  ...(Object.keys(contained).length > 0
    ? {
        contained: Object.fromEntries(
          Object.entries(contained).map(([name, drafts]) => [
            name,
            drafts.map((draft) => ({ draft: draft.values, type: draft.type, ...relatedTo(draft) })),
          ]),
        ),
      }
    : {}),
});

async function update({ projection }: Plan, address: Address, work: Work): Promise<Result> {
  const { directory, caller } = work;
  const located = await locate(directory, address.collection);
  const found = await findIn(directory, located, address);
  const ifMatch = guardWrite(work.conditions, found.etag);
  const patch = readPatch(found.type, found.entity.id, await work.body());
  const changed = await directory.update(caller, refOf(found), patch, ifMatch);
  if (!work.representation) return { kind: 'nothing' };
  const item = await loadOne(directory, changed, projection.expand);
  return { kind: 'entity', located, item, change: 'updated', echoed: [] };
}

async function remove(address: Address, { directory, caller, conditions }: Work): Promise<Result> {
  const located = await locate(directory, address.collection);
  const found = await findIn(directory, located, address);
  await directory.remove(caller, refOf(found), guardWrite(conditions, found.etag));
  return { kind: 'nothing' };
}

async function link(collection: Collection, work: Work): Promise<Result> {
  const { '@odata.id': reference } = await work.body();
  const target = idOfReference(reference, collection.type);
  const { parent } = await locate(work.directory, collection);
  // Adding what is there already changes nothing and succeeds (Graph contract d.4).
  if (parent) await work.directory.link(work.caller, refOf(parent), navigationOf(collection), target);
  return { kind: 'nothing' };
}

async function unlink({ collection, key }: Address, { directory, caller }: Work): Promise<Result> {
  const { parent } = await locate(directory, collection);
  const id = key.kind === 'id' ? key.id : '';
  const removed = parent && (await directory.unlink(caller, refOf(parent), navigationOf(collection), id));
  if (!removed) throw faults.notFound({ id });
  return { kind: 'nothing' };
}

const navigationOf = ({ source }: Collection): string => (source.kind === 'referenced' ? source.navigation : '');
