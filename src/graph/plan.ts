import type { EntityType } from '../model/index.ts';
import { typeAt } from './address.ts';
import { type Round, readRound } from './delta-round.ts';
import { faults } from './faults.ts';
import { withImplied } from './options/implied.ts';
import { indexOrder } from './options/index-order.ts';
import { type Asking, defaultPage, type Listing, readLimit, readSelection } from './options/listing.ts';
import { type Expansion, expandableAt, type Projection, readExpand, readProjection } from './options/projection.ts';
import type { PageTokens } from './page-token.ts';
import type { GraphRequest, Options, SystemOption } from './request.ts';
import type { Route, RouteOf } from './route.ts';

/** A request checked against the model: nothing in it needs interpreting any more. */
export interface Plan {
  readonly route: Route;
  readonly projection: Projection;
  readonly listing: Listing;
  /** Of the function `delta`. */
  readonly round?: Round;
}

/** What a plan is made with besides the request. */
export interface Planning {
  readonly tenantId: string;
  readonly tokens: PageTokens;
  /** Seconds since 1970. */
  readonly now: number;
}

/** Entities of a page that others are shown beside, by the levels of these. */
const largestPage = [Number.POSITIVE_INFINITY, 100, 25, 5] as const;

/** System options by what is asked for; every other known one is refused there. */
const projecting: readonly SystemOption[] = ['$select', '$expand', '$format'];
const selecting: readonly SystemOption[] = ['$filter', '$orderby', '$search', '$top', '$skip', '$count', '$skiptoken'];
const allowed: Readonly<Partial<Record<Route['kind'], readonly SystemOption[]>>> = {
  list: [...projecting, ...selecting],
  listLinks: [...selecting, '$format'],
  count: ['$filter', '$search', '$count'],
  delta: ['$select', '$filter', '$top', '$skiptoken', '$deltatoken', '$format'],
  get: projecting,
  create: projecting,
  update: projecting,
  put: projecting,
  property: ['$expand', '$format'],
};

/** The system options that a kind of request understands. */
export const allowedOptions = (kind: Route['kind']): readonly SystemOption[] => allowed[kind] ?? ['$format'];

/** Throws `graph.badOption`, `graph.unsupportedOption`, `graph.unknownProperty` and what `readProjection` and `readSelection` throw. */
export function plan(request: GraphRequest, route: Route, { tenantId, tokens, now }: Planning): Plan {
  const { options, version, eventual } = request;
  for (const option of options.keys()) {
    if (!allowedOptions(route.kind).includes(option)) throw faults.unsupportedOption({ option });
  }
  readFormat(options.get('$format'));
  const type = typeOf(route);
  if (!type) return { route, projection: { expand: [] }, listing: { limit: defaultPage, count: false } };
  if (route.kind === 'delta') {
    const round = readRound(request, { type, tenantId, tokens, now });
    const projection = { ...(round.select ? { select: round.select } : {}), expand: [] };
    return { route, projection, listing: { limit: round.limit, count: false }, round };
  }
  const asking = { type, version, now, eventual, counting: route.kind === 'count' };
  const projection = projectionFor(route, request, asking);
  const { skip, count, ...selection } = inIndexOrder(route, readSelection(options, asking));
  const token = options.get('$skiptoken');
  const size = readLimit(options.get('$top'), request.preferences.maxPageSize);
  const limit = Math.min(size, largestPage[levels(projection.expand)] ?? 1);
  if (token === undefined) {
    return { route, projection, listing: { ...selection, ...(skip === undefined ? {} : { skip }), limit, count } };
  }
  // What is passed over and the number of all matches belong to the first page (Graph contract d.2).
  const after = tokens.open(request, tenantId, token);
  return { route, projection, listing: { ...selection, limit, after, count: false } };
}

/** What is listed where it lives; what is linked comes in the order of linking. */
function inIndexOrder<S extends Pick<Listing, 'filter' | 'order'>>(route: Route, selection: S): S {
  if (route.kind !== 'list' || route.collection.source.kind !== 'set' || selection.order) return selection;
  const order = indexOrder(route.collection.type, selection.filter);
  return order ? { ...selection, order } : selection;
}

function projectionFor(route: Route, { options, preferences }: GraphRequest, asking: Asking): Projection {
  const written = preferences.return === 'representation' ? 'representation' : 'write';
  switch (route.kind) {
    case 'property':
      return valueProjection(route, options, asking);
    case 'list':
    case 'get':
      return withImplied(readProjection(options, asking), asking, 'read');
    case 'create':
    case 'update':
    case 'put':
      return withImplied(readProjection(options, asking), asking, written);
    default:
      return readProjection(options, asking);
  }
}

/** What a complex value refers to (Graph contract e row 13). Throws `graph.unsupportedOption` for a value that refers to nothing. */
function valueProjection({ path, property }: RouteOf<'property'>, options: Options, asking: Asking): Projection {
  const text = options.get('$expand');
  if (text === undefined) return { expand: [] };
  const typeName = property.type.kind === 'complex' ? property.type.type.name : '';
  const from = expandableAt(asking.type, path, typeName, asking.version);
  if (from.every.length === 0) throw faults.unsupportedOption({ option: '$expand' });
  return { expand: readExpand(text, from, asking) };
}

/** How deep the entities are that are shown beside others. */
export const levels = (expand: readonly Expansion[]): number =>
  expand.reduce((most, { projection }) => Math.max(most, 1 + levels(projection.expand)), 0);

function typeOf(route: Route): EntityType | undefined {
  if (route.kind === 'invoke') return undefined;
  if ('collection' in route) return route.collection.type;
  return 'address' in route ? typeAt(route.address) : undefined;
}

function readFormat(format: string | undefined): void {
  if (format === undefined || /^(application\/)?json(;|$)/i.test(format)) return;
  throw faults.badOption({ option: '$format', reason: 'only json is served' });
}
