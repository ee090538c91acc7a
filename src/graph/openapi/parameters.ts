import { isUnbounded, largestPage } from '../../model/index.ts';
import type { Offer } from '../inventory.ts';
import { allowedOptions } from '../plan.ts';
import type { SystemOption } from '../request.ts';
import type { Route } from '../route.ts';
import type { Schema } from './schemas.ts';

const text: Schema = { type: 'string' };

/** System query options (Graph contract d.3) but `$format`, which everything takes and nothing needs. `$deltatoken` and `$skiptoken` come with links and are never made up. */
const options: Readonly<Record<Exclude<SystemOption, '$format'>, readonly [description: string, schema: Schema]>> = {
  $filter: ['Only items for which this is true.', text],
  $search: ['Only items that have these words: `"displayName:adele"`.', text],
  $orderby: ["Properties to sort by, each with 'asc' or 'desc'.", text],
  $select: ['Properties to return.', text],
  $expand: ['Related items to return with each.', text],
  $top: ['Items of a page.', { type: 'integer', minimum: 1, maximum: largestPage }],
  $skip: ['Items to leave out at the beginning.', { type: 'integer', minimum: 0 }],
  $count: ['Also tell how many there are.', { type: 'boolean' }],
  $skiptoken: ['Where the next page begins; taken from `@odata.nextLink`.', text],
  $deltatoken: ['Where the next round begins; taken from `@odata.deltaLink`; `latest` begins now.', text],
};

/** Request headers (Graph contract d.5). */
const headers: Readonly<Record<string, readonly [description: string]>> = {
  'If-Match': ['Only when the resource has one of these ETags; else 412.'],
  'If-None-Match': ['Reading: only when the resource has none of these ETags; else 304.'],
  Prefer: ['`return=minimal`, `return=representation`, `odata.maxpagesize=n`, `include-unknown-enum-members`.'],
  ConsistencyLevel: ['`eventual`, for advanced queries of directory objects.'],
};

const nameOf = (parameter: string): string => parameter.replace('$', '');

/** What `parameters` refers to, by name. */
export const parameterComponents: Readonly<Record<string, Schema>> = Object.fromEntries([
  ...Object.entries(options).map(([name, [description, schema]]) => [
    nameOf(name),
    { name, in: 'query', description, schema },
  ]),
  ...Object.entries(headers).map(([name, [description]]) => [name, { name, in: 'header', description, schema: text }]),
]);

const refTo = (parameter: string): Schema => ({ $ref: `#/components/parameters/${nameOf(parameter)}` });

/** The parameters of an operation besides those of its path. */
export function parametersOf(offer: Offer): readonly Schema[] {
  const route = routeOf(offer);
  const asked = allowedOptions(route)
    .filter((option) => option !== '$format')
    .filter((option) => option !== '$search' || offer.type.directoryObject);
  return [...asked, ...headersOf(route, offer)].map(refTo);
}

/** As the router calls what the inventory tells of. */
function routeOf({ does, httpMethod, many, path }: Offer): Route['kind'] {
  switch (does) {
    case 'operation':
      return 'invoke';
    case 'links':
      return many ? 'listLinks' : 'getLink';
    case 'content':
      return httpMethod === 'GET' ? 'stream' : 'setStream';
    case 'value':
      if (many) return 'items';
      return typeof path.at(-1) === 'string' ? 'property' : 'item';
    case 'update':
      return httpMethod === 'PATCH' ? 'update' : 'addItem';
    default:
      return does;
  }
}

const guarded: ReadonlySet<Route['kind']> = new Set(['update', 'put', 'delete', 'setStream']);
const written: ReadonlySet<Route['kind']> = new Set(['create', 'update', 'put']);

function headersOf(route: Route['kind'], { type }: Offer): readonly string[] {
  const asks = route === 'list' || route === 'count';
  return [
    ...(guarded.has(route) ? ['If-Match'] : []),
    ...(route === 'get' || route === 'stream' ? ['If-None-Match'] : []),
    ...(written.has(route) || route === 'list' || route === 'delta' ? ['Prefer'] : []),
    ...(asks && isUnbounded(type) && type.directoryObject ? ['ConsistencyLevel'] : []),
  ];
}
