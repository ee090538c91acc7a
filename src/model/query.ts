import { isPrintableAscii } from '../kernel/index.ts';
import type { EntityType, Place } from './entity.ts';

export type Scalar = string | number | boolean | null;

/** A property path: `['identities', 'issuer']`. Inside `any` and `all` it is relative to the element; empty, it is the element itself. */
export type Path = readonly string[];

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

/** The functions of OData 4.01 (URL conventions §5.1.1.5 to §5.1.1.8) that are evaluated here; `count` is `…/$count`. */
export const functionNames = [
  'concat',
  'contains',
  'count',
  'date',
  'day',
  'endswith',
  'hour',
  'indexof',
  'length',
  'minute',
  'month',
  'second',
  'startswith',
  'substring',
  'tolower',
  'toupper',
  'trim',
  'year',
] as const;

export type FunctionName = (typeof functionNames)[number];

/** One side of a comparison that is more than a property and a value. */
export type Operand =
  | { readonly path: Path }
  | { readonly value: Scalar }
  | { readonly call: FunctionName; readonly of: readonly Operand[] };

/**
 * Engine-neutral predicate; OData text is parsed into it, SQL is printed from it. Strings compare by `fold`. What a path looks
 * for and does not find is null; null is equal to null only, and every other test on it is false.
 */
export type Filter =
  | { readonly op: Comparison; readonly path: Path; readonly value: Scalar }
  | { readonly op: 'in'; readonly path: Path; readonly values: readonly Scalar[] }
  | { readonly op: 'startsWith' | 'endsWith' | 'contains'; readonly path: Path; readonly value: string }
  /** Some word of the text (`wordsOf`) begins with the value. */
  | { readonly op: 'word'; readonly path: Path; readonly value: string }
  /** All these members are set in a value of a flags enumeration. */
  | { readonly op: 'has'; readonly path: Path; readonly members: readonly string[] }
  /** The complex value at the path, or with an empty path the entity or element itself, is of a type of one of these names. */
  | { readonly op: 'isof'; readonly path: Path; readonly types: readonly string[] }
  | { readonly op: 'compare'; readonly by: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly op: 'and' | 'or'; readonly terms: readonly Filter[] }
  | { readonly op: 'not'; readonly term: Filter }
  | { readonly op: 'any' | 'all'; readonly path: Path; readonly where?: Filter }
  /** Some entity linked by the reference navigation, as `where` says. Stands at the top of an entity's filter, never inside `any` or `all`. */
  | { readonly op: 'linked'; readonly navigation: string; readonly where?: Filter };

/** One part of an order; earlier parts count more. */
export interface Order {
  readonly path: Path;
  readonly descending: boolean;
}

/** Rows of one page at most: Graph's own ceiling for `$top` on users. */
export const largestPage = 999;

/** What is asked of the entities of a type. */
export interface Query<E extends EntityType = EntityType> {
  /** Entities of this type and of the types derived from it. */
  readonly type: E;
  /** Only entities contained in one of these places; absent: top-level entities. */
  readonly within?: readonly Place[];
  readonly filter?: Filter;
  /** Ties are broken by `id`; absent: by `id`. Contained collections keep the order of their creation unless told. */
  readonly order?: readonly Order[];
  /** Rows, 1 to `largestPage`. */
  readonly limit: number;
  /** Matching rows to pass over, from the beginning or from `after`; 0..10,000. */
  readonly skip?: number;
  /** `next` of the page before; opaque, made by the engine, not safe to take from a client unsigned. */
  readonly after?: string;
  /** Also count every match, not only this page. */
  readonly count?: boolean;
  /** Members that are wanted of the entities besides their id; whether others are there is not said. Absent: all. */
  readonly only?: readonly string[];
}

/** Part of the answer to a query. */
export interface Page<T> {
  /** May be fewer than asked for, even none, although there is a `next`: a read has an end when matches are rare. */
  readonly items: readonly T[];
  /** Present when there are more rows, or may be. */
  readonly next?: string;
  /** Present when asked for, unless counting would take too long. */
  readonly count?: number;
}

/**
 * Reads page after page to the end; a page may be empty although there are more. `find`: of a directory, or of a reader of the store. For
 * collections that are known to be small, or looked up by their ids.
 */
export async function* everyPage<E extends EntityType, T>(
  find: (query: Query<E>) => Promise<Page<T>>,
  query: Whole<E>,
): AsyncGenerator<readonly T[]> {
  let after: string | undefined;
  do {
    const page: Page<T> = await find({ limit: largestPage, ...query, ...(after === undefined ? {} : { after }) });
    yield page.items;
    after = page.next;
  } while (after !== undefined);
}

/** A query for everything that it matches. `limit`: rows of one read, of which `largestPage` is usual. */
type Whole<E extends EntityType> = Omit<Query<E>, 'limit' | 'after'> & Partial<Pick<Query, 'limit'>>;

/** As `everyPage`, all in one list. */
export async function everyItem<E extends EntityType, T>(
  find: (query: Query<E>) => Promise<Page<T>>,
  query: Whole<E>,
): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const page of everyPage(find, query)) items.push(...page);
  return items;
}

/**
 * The form in which strings are compared and indexed: Unicode NFC, lower case. To look whether that is one already costs a fifth of making it.
 * The directory compares names and ids without regard to case (contract c.1).
 */
export const fold = (text: string): string => (isPrintableAscii(text) ? text : text.normalize('NFC')).toLowerCase();

/** The first segments of every path the filter looks at, and the navigations it follows; those inside a lambda belong to its element. */
export function namesIn(filter: Filter): readonly string[] {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.terms.flatMap(namesIn);
    case 'not':
      return namesIn(filter.term);
    case 'compare':
      return [...namesInOperand(filter.left), ...namesInOperand(filter.right)];
    case 'linked':
      return filter.navigation.split('/', 1);
    default:
      return filter.path.slice(0, 1);
  }
}

function namesInOperand(operand: Operand): readonly string[] {
  if ('call' in operand) return operand.of.flatMap(namesInOperand);
  return 'path' in operand ? operand.path.slice(0, 1) : [];
}
