import type { EntityType, Place } from './entity.ts';

export type Scalar = string | number | boolean | null;

/** A property path: `['identities', 'issuer']`. Inside `any` and `all` it is relative to the element. */
export type Path = readonly string[];

/** Engine-neutral predicate; OData text is parsed into it, SQL is printed from it. Strings compare by `fold`. */
export type Filter =
  | { readonly op: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'; readonly path: Path; readonly value: Scalar }
  | { readonly op: 'in'; readonly path: Path; readonly values: readonly Scalar[] }
  | { readonly op: 'startsWith' | 'endsWith' | 'contains'; readonly path: Path; readonly value: string }
  | { readonly op: 'and' | 'or'; readonly terms: readonly Filter[] }
  | { readonly op: 'not'; readonly term: Filter }
  | { readonly op: 'any' | 'all'; readonly path: Path; readonly where?: Filter };

export interface Order {
  readonly path: Path;
  readonly descending: boolean;
}

export interface Query<E extends EntityType = EntityType> {
  /** Entities of this type and of the types derived from it. */
  readonly type: E;
  /** Only entities contained in one of these places; absent: top-level entities. */
  readonly within?: readonly Place[];
  readonly filter?: Filter;
  /** Ties are broken by `id`; absent: by `id`. Contained collections keep the order of their creation unless told. */
  readonly order?: readonly Order[];
  /** Rows, 1..999 (Graph's own ceiling for `$top` on users). */
  readonly limit: number;
  /** `next` of the page before; opaque, made by the engine, not safe to take from a client unsigned. */
  readonly after?: string;
  /** Also count every match, not only this page. */
  readonly count?: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Present when there are more rows. */
  readonly next?: string;
  readonly count?: number;
}

/**
 * The form in which strings are compared and indexed: Unicode NFC, lower case.
 * The directory compares names and ids without regard to case (contract c.1).
 */
export const fold = (text: string): string => text.normalize('NFC').toLowerCase();
