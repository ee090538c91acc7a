import type { EntityType, Filter } from '../model/index.ts';
import { faults } from './faults.ts';
import { readFilter } from './options/filter.ts';
import { defaultPage, readLimit } from './options/listing.ts';
import { readProjection } from './options/projection.ts';
import type { PageTokens } from './page-token.ts';
import type { GraphRequest, SystemOption } from './request.ts';

/** Where a client stands in following the changes of a collection. Travels in its links, with all that the first request said. */
export interface Round {
  /** Position in the log: what came before is known, or will be when the listing is over. Absent: not yet taken. */
  readonly since?: number;
  /** Where the listing of all entities goes on, empty at its beginning. Absent: it is over, and changes are told. */
  readonly listing?: string;
  /** Declared names, as asked for. */
  readonly select?: readonly string[];
  /** Only these entities are followed. */
  readonly ids?: readonly string[];
  /** Rows of a page. */
  readonly limit: number;
}

/** Everything there is, from the beginning. */
export const firstRound: Round = { listing: '', limit: defaultPage };

/** What a token is good for; each comes back under a name of its own. */
type Link = 'nextLink' | 'deltaLink';

const parameters: Readonly<Record<Link, SystemOption>> = { nextLink: '$skiptoken', deltaLink: '$deltatoken' };

/** https://learn.microsoft.com/graph/api/user-delta */
const mostIds = 50;

/** What a round is read with besides the request. */
export interface RoundContext {
  readonly type: EntityType;
  readonly tenantId: string;
  readonly tokens: PageTokens;
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * The round that a request begins or goes on with. Throws `graph.badPageToken`, `graph.badOption`, `graph.unsupportedFilter`, and
 * what `readFilter`, `readProjection` and `readLimit` throw.
 */
export function readRound(request: GraphRequest, context: RoundContext): Round {
  const { options, preferences } = request;
  const [next, delta] = [options.get('$skiptoken'), options.get('$deltatoken')];
  if (next !== undefined && delta !== undefined) {
    throw faults.badOption({ option: '$deltatoken', reason: 'it cannot be sent together with $skiptoken' });
  }
  const said = readOptions(request, context);
  if (next !== undefined) return goOn(request, context, 'nextLink', next, said);
  // Empty: the address that is told when everything has to be read anew.
  if (delta === undefined || delta === '') return { ...said, listing: '' };
  if (delta.toLowerCase() === 'latest') return said;
  const round = goOn(request, context, 'deltaLink', delta, said);
  const sized = options.has('$top') || preferences.maxPageSize !== undefined;
  return sized ? { ...round, limit: said.limit } : round;
}

function readOptions(request: GraphRequest, { type, now }: RoundContext): Round {
  const { options, version, eventual, preferences } = request;
  const { select } = readProjection(options, { type, version, now, eventual });
  const text = options.get('$filter');
  const ids = text === undefined ? undefined : idsIn(readFilter(text, type, version, now), type);
  if (ids && ids.length > mostIds) {
    throw faults.badOption({ option: '$filter', reason: `it names more than ${mostIds} objects` });
  }
  const limit = readLimit(options.get('$top'), preferences.maxPageSize);
  return { limit, ...(select ? { select } : {}), ...(ids ? { ids } : {}) };
}

/** The only filter that changes can have: by the ids of entities. */
function idsIn(filter: Filter, type: EntityType): readonly string[] {
  if (filter.op === 'or') return [...new Set(filter.terms.flatMap((term) => idsIn(term, type)))];
  const byId = 'path' in filter && filter.path.join('/') === 'id';
  const values = byId && filter.op === 'eq' ? [filter.value] : byId && filter.op === 'in' ? filter.values : [null];
  return values.map((value) => {
    if (typeof value === 'string') return value;
    throw faults.unsupportedFilter({ property: 'path' in filter ? filter.path.join('/') : filter.op, type: type.name });
  });
}

function goOn(request: GraphRequest, context: RoundContext, link: Link, token: string, said: Round): Round {
  const round = context.tokens.openState(purposeOf(request, context, link), token) as Round;
  // Options need not be repeated, but cannot be others than those that the token holds.
  for (const [option, now, before] of [
    ['$select', said.select, round.select],
    ['$filter', said.ids, round.ids],
  ] as const) {
    if (now && [...now].sort().join() !== [...(before ?? [])].sort().join()) {
      throw faults.badOption({ option, reason: 'it belongs to the first request of a round' });
    }
  }
  return round;
}

/** The query that begins a round anew, with the options of the one that cannot go on. */
export function beginning({ select, ids }: Round): string {
  const options = [
    ...(select ? [`$select=${select.join(',')}`] : []),
    ...(ids
      ? [`$filter=${encodeURIComponent(ids.map((id) => `id eq '${id.replaceAll("'", "''")}'`).join(' or '))}`]
      : []),
    '$deltatoken=',
  ];
  return options.join('&');
}

/** The address to go on at. */
export function linkTo(request: GraphRequest, context: Omit<RoundContext, 'now'>, link: Link, round: Round): string {
  const token = context.tokens.sealState(purposeOf(request, context, link), round);
  return `${request.url.origin}${request.url.pathname}?${parameters[link]}=${token}`;
}

const purposeOf = (
  { version }: GraphRequest,
  { type, tenantId }: Pick<RoundContext, 'type' | 'tenantId'>,
  link: Link,
): readonly string[] => ['delta', link, tenantId, version, type.name];
