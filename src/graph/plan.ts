import type { EntityType, Filter, Navigation, Order, Shape, Version } from '../model/index.ts';
import { faults } from './faults.ts';
import { indexed, readFilter, visible } from './filter.ts';
import type { PageTokens } from './page-token.ts';
import { type GraphRequest, optionNamed, type SystemOption } from './request.ts';
import type { Route } from './route.ts';
import { entryNamed, familyBelow } from './surface.ts';

/** Which members of an entity are returned. */
export interface Projection {
  /** Declared names, in the order asked for; absent: every property that is returned by default. */
  readonly select?: readonly string[];
  /** The caller may see no others; absent: everything. */
  readonly shown?: ReadonlySet<string>;
  readonly expand: readonly Expansion[];
}

export interface Expansion {
  /** The navigation's name as declared. */
  readonly name: string;
  readonly navigation: Navigation;
  readonly projection: Projection;
}

export interface Listing {
  readonly filter?: Filter;
  readonly order?: readonly Order[];
  /** Rows, 1..999. */
  readonly limit: number;
  readonly after?: string;
  readonly count: boolean;
}

/** A request checked against the model: nothing in it needs interpreting any more. */
export interface Plan {
  readonly route: Route;
  readonly projection: Projection;
  readonly listing: Listing;
}

/** Rows of a page when the caller names none (Graph contract e row 98). */
const defaultPage = 100;
const largestPage = 999;
/** Properties in one `$orderby`; each is one more column of the page token. */
const mostOrders = 5;
const mostSelected = 100;
const mostExpansions = 4;
/** Entities of a page that others are shown beside, and of those beside each. */
export const mostExpanded = 100;

/** System options by what is asked for; every other known one is refused there. */
const projecting: readonly SystemOption[] = ['$select', '$expand', '$format'];
const allowed: Readonly<Partial<Record<Route['kind'], readonly SystemOption[]>>> = {
  list: [...projecting, '$filter', '$orderby', '$top', '$count', '$skiptoken'],
  listLinks: ['$top', '$count', '$skiptoken', '$format'],
  count: ['$filter', '$count'],
  get: projecting,
  create: projecting,
  update: projecting,
};

/** Throws `graph.badOption`, `graph.unsupportedOption`, `graph.unknownProperty` and what `readFilter` throws. */
export function plan(request: GraphRequest, route: Route, tenantId: string, tokens: PageTokens): Plan {
  const { options, version } = request;
  for (const option of options.keys()) {
    if (!(allowed[route.kind] ?? ['$format']).includes(option)) throw faults.unsupportedOption({ option });
  }
  readFormat(options.get('$format'));
  const type = typeOf(route);
  if (!type) return { route, projection: { expand: [] }, listing: { limit: defaultPage, count: false } };
  const projection = readProjection(type, version, options.get('$select'), options.get('$expand'));
  const listing = readListing(request, route, type, tenantId, tokens);
  if (projection.expand.length === 0) return { route, projection, listing };
  return { route, projection, listing: { ...listing, limit: Math.min(listing.limit, mostExpanded) } };
}

function typeOf(route: Route): EntityType | undefined {
  if ('collection' in route) return route.collection.type;
  return 'address' in route ? route.address.collection.type : undefined;
}

function readFormat(format: string | undefined): void {
  if (format === undefined || /^(application\/)?json(;|$)/i.test(format)) return;
  throw faults.badOption({ option: '$format', reason: 'only json is served' });
}

function readListing(
  request: GraphRequest,
  route: Route,
  type: EntityType,
  tenantId: string,
  tokens: PageTokens,
): Listing {
  const { options } = request;
  const referenced = 'collection' in route && route.collection.source.kind === 'referenced';
  for (const option of referenced ? (['$filter', '$orderby'] as const) : []) {
    if (options.has(option)) throw faults.unsupportedOption({ option });
  }
  const filter = options.get('$filter');
  const order = options.get('$orderby');
  const token = options.get('$skiptoken');
  return {
    ...(filter === undefined ? {} : { filter: readFilter(filter, type) }),
    ...(order === undefined ? {} : { order: readOrder(order, type) }),
    ...(token === undefined ? {} : { after: tokens.open(request, tenantId, token) }),
    limit: readLimit(options.get('$top'), request.preferences.maxPageSize),
    // The number of all matches is told once, on the first page (Graph contract d.2).
    count: readCount(options.get('$count')) && token === undefined,
  };
}

function readLimit(top: string | undefined, preferred: number | undefined): number {
  const wanted = Math.min(preferred ?? defaultPage, largestPage);
  if (top === undefined) return wanted;
  if (!/^-?\d{1,9}$/.test(top)) throw faults.badOption({ option: '$top', reason: 'it must be a whole number' });
  const size = Number(top);
  if (size < 1 || size > largestPage) throw faults.badPageSize({ size });
  return Math.min(size, preferred ?? size);
}

function readCount(text: string | undefined): boolean {
  const value = text?.toLowerCase() ?? 'false';
  if (value !== 'true' && value !== 'false') {
    throw faults.badOption({ option: '$count', reason: "it must be 'true' or 'false'" });
  }
  return value === 'true';
}

function readOrder(text: string, type: EntityType): readonly Order[] {
  const orders = text.split(',').map((part): Order => {
    const [name = '', direction = 'asc', ...rest] = part.trim().split(/\s+/);
    const way = direction.toLowerCase();
    if (name === '' || rest.length > 0 || (way !== 'asc' && way !== 'desc')) {
      throw faults.badOption({ option: '$orderby', reason: "each part must be a property and 'asc' or 'desc'" });
    }
    return { path: [sortable(name, type)], descending: way === 'desc' };
  });
  if (orders.length > mostOrders) {
    throw faults.badOption({ option: '$orderby', reason: `it names more than ${mostOrders} properties` });
  }
  if (new Set(orders.map(({ path }) => path[0])).size < orders.length) {
    throw faults.badOption({ option: '$orderby', reason: 'it names a property twice' });
  }
  return orders;
}

function sortable(name: string, type: EntityType): string {
  if (name.toLowerCase() === 'id') return 'id';
  const entry = entryNamed(type.properties as Shape, name);
  const data = { property: name.slice(0, 128), type: type.name };
  if (!entry || !visible(entry[1])) throw faults.unknownProperty(data);
  if (!indexed(entry[1]) || entry[1].type.kind === 'collection') throw faults.unsupportedOrder(data);
  return entry[0];
}

function readProjection(
  type: EntityType,
  version: Version,
  select: string | undefined,
  expand: string | undefined,
): Projection {
  const selected = select === undefined ? undefined : readSelect(select, type);
  return {
    ...(selected === undefined ? {} : { select: selected }),
    expand: expand === undefined ? [] : readExpand(expand, type, version),
  };
}

/** `*` asks for what is returned by default, together with what else is named. */
function readSelect(text: string, type: EntityType): readonly string[] | undefined {
  const names = text.split(',').map((name) => name.trim());
  if (names.length > mostSelected) {
    throw faults.badOption({ option: '$select', reason: `it names more than ${mostSelected} properties` });
  }
  const selected = names.flatMap((name) => (name === '*' ? defaults(type) : [selectable(name, type)]));
  return [...new Set(selected)];
}

const defaults = (type: EntityType): readonly string[] => [
  'id',
  ...familyBelow(type).flatMap(({ properties }) =>
    Object.entries(properties as Shape)
      .filter(([, property]) => visible(property) && property.rules.access !== 'write' && !property.rules.onSelect)
      .map(([name]) => name),
  ),
];

function selectable(name: string, type: EntityType): string {
  if (name.toLowerCase() === 'id') return 'id';
  for (const candidate of familyBelow(type)) {
    const entry = entryNamed(candidate.properties as Shape, name);
    if (entry && visible(entry[1])) return entry[0];
    const navigation = entryNamed(candidate.navigations, name);
    if (navigation) return navigation[0];
  }
  // An open type may have it: a directory extension such as `extension_…_loyaltyNumber`.
  if (type.open && /^[a-z_]\w{0,127}$/i.test(name) && !entryNamed(type.properties as Shape, name)) return name;
  throw faults.unknownProperty({ property: name.slice(0, 128), type: type.name });
}

function readExpand(text: string, type: EntityType, version: Version): readonly Expansion[] {
  const parts = splitOutside(text, ',');
  if (parts.length > mostExpansions) {
    throw faults.badOption({ option: '$expand', reason: `it names more than ${mostExpansions} relationships` });
  }
  const expansions = parts.map((part) => readExpansion(part.trim(), type, version));
  if (new Set(expansions.map(({ name }) => name)).size < expansions.length) {
    throw faults.badOption({ option: '$expand', reason: 'it names a relationship twice' });
  }
  return expansions;
}

function readExpansion(text: string, type: EntityType, version: Version): Expansion {
  const [, name, inner] = /^([^()]+?)(?:\((.*)\))?$/s.exec(text) ?? [];
  const entry = name === undefined ? undefined : entryNamed(type.navigations, name.trim());
  if (!entry?.[1].versions.includes(version)) {
    throw faults.unknownProperty({ property: (name ?? text).slice(0, 128), type: type.name });
  }
  let select: string | undefined;
  for (const option of inner === undefined ? [] : inner.split(';')) {
    const equals = option.indexOf('=');
    const system = equals < 0 ? undefined : optionNamed(option.slice(0, equals), version);
    if (system !== '$select' || select !== undefined) {
      throw faults.unsupportedOption({ option: `$expand(${option.slice(0, 64)})` });
    }
    select = option.slice(equals + 1);
  }
  return {
    name: entry[0],
    navigation: entry[1],
    projection: readProjection(entry[1].target(), version, select, undefined),
  };
}

/** Splits at a separator that stands outside of parentheses. */
function splitOutside(text: string, separator: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === separator && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  if (depth !== 0) throw faults.badOption({ option: '$expand', reason: 'the parentheses do not match' });
  return parts;
}
