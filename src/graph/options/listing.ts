import { type EntityType, type Filter, isUnbounded, largestPage, type Order, type Version } from '../../model/index.ts';
import { faults } from '../faults.ts';
import type { Options } from '../request.ts';
import { isAdvanced } from './advanced.ts';
import { readFilter } from './filter.ts';
import { readOrder } from './order.ts';
import { readSearch } from './search.ts';

/** Which entities of a collection are wanted, in which order, and how many at once. */
export interface Listing {
  readonly filter?: Filter;
  readonly order?: readonly Order[];
  /** Rows, 1..999. */
  readonly limit: number;
  /** Matching rows to pass over before the first page. */
  readonly skip?: number;
  /** Where the page before ended. */
  readonly after?: string;
  readonly count: boolean;
}

/** What a collection is asked with besides its options. */
export interface Asking {
  readonly type: EntityType;
  readonly version: Version;
  /** Seconds since 1970. */
  readonly now: number;
  /** `ConsistencyLevel: eventual` was sent. */
  readonly eventual: boolean;
  /** The address itself asks for the number of matches (`/$count`). */
  readonly counting?: boolean;
}

/** Rows of a page when the caller names none (Graph contract e row 98). */
export const defaultPage = 100;
const mostSkipped = 10_000;

type Selection = Pick<Listing, 'filter' | 'order' | 'skip' | 'count'>;

/**
 * `$filter`, `$search`, `$orderby`, `$skip` and `$count`, of a collection or of an expanded one. Throws `graph.badOption`,
 * `graph.unsupportedOption`, what the readers of a filter, a search and an order throw, and for directory objects `graph.advancedOnly`,
 * `graph.searchNotAdvanced`, `graph.countNotAdvanced`.
 */
export function readSelection(options: Options, asking: Asking): Selection {
  const { type, version, now, eventual } = asking;
  const text = options.get('$filter');
  const filter = text === undefined ? undefined : readFilter(text, type, version, now);
  const ordered = options.get('$orderby');
  const order = ordered === undefined ? usualOrder(type) : readOrder(ordered, type, version);
  const count = readCount(options.get('$count'));
  const search = searchIn(options, asking);
  if (type.directoryObject) demandAdvanced(filter, ordered !== undefined, count, asking);
  const every = allOf(filter, search);
  return {
    ...(every ? { filter: every } : {}),
    ...(order ? { order } : {}),
    ...readSkip(options.get('$skip'), type),
    // Silently ignored without the header, as documented for directory objects.
    count: count && (eventual || !type.directoryObject),
  };
}

const allOf = (one: Filter | undefined, other: Filter | undefined): Filter | undefined =>
  one && other ? { op: 'and', terms: [one, other] } : (one ?? other);

/** Some questions are answered only with `ConsistencyLevel: eventual` and `$count=true`, a number only with the former. */
function demandAdvanced(
  filter: Filter | undefined,
  ordered: boolean,
  count: boolean,
  { eventual, counting = false }: Asking,
): void {
  const special = filter !== undefined && (ordered || isAdvanced(filter));
  if (special && !(eventual && (count || counting))) throw faults.advancedOnly();
  if (counting && !eventual) throw faults.countNotAdvanced();
}

/** Records of what happened come newest first. */
const usualOrder = ({ log }: EntityType): readonly Order[] | undefined =>
  log && [{ path: [log.time], descending: true }];

function searchIn(options: Options, { type, eventual }: Asking): Filter | undefined {
  const text = options.get('$search');
  if (text === undefined) return undefined;
  if (!type.directoryObject) throw faults.unsupportedOption({ option: '$search' });
  if (!eventual) throw faults.searchNotAdvanced();
  return readSearch(text, type);
}

function readSkip(text: string | undefined, type: EntityType): Pick<Listing, 'skip'> {
  if (text === undefined) return {};
  // What is passed over is read all the same, so that collections of any size have pages only.
  if (isUnbounded(type)) throw faults.unsupportedOption({ option: '$skip' });
  if (!/^\d{1,9}$/.test(text) || Number(text) > mostSkipped) {
    throw faults.badOption({ option: '$skip', reason: `it must be a whole number from 0 to ${mostSkipped}` });
  }
  return Number(text) === 0 ? {} : { skip: Number(text) };
}

/** Throws `graph.badOption`, `graph.badPageSize`. */
export function readLimit(top: string | undefined, preferred: number | undefined): number {
  const wanted = Math.min(preferred ?? defaultPage, largestPage);
  if (top === undefined) return wanted;
  if (!/^-?\d{1,9}$/.test(top)) throw faults.badOption({ option: '$top', reason: 'it must be a whole number' });
  const size = Number(top);
  if (size < 1 || size > largestPage) throw faults.badPageSize({ size, limit: largestPage });
  return Math.min(size, preferred ?? size);
}

function readCount(text: string | undefined): boolean {
  const value = text?.toLowerCase() ?? 'false';
  if (value !== 'true' && value !== 'false') {
    throw faults.badOption({ option: '$count', reason: "it must be 'true' or 'false'" });
  }
  return value === 'true';
}
