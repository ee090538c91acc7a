import type { EntityType, Method } from '../model/index.ts';
import type { SetType } from './surface.ts';

/** Where a list of entities comes from. */
export interface Collection {
  /** What its members are; narrowed by a cast. */
  readonly type: EntityType;
  /** The set at the root of the path; it decides the dialect of refusals. */
  readonly root: SetType;
  readonly source:
    | { readonly kind: 'set' }
    | { readonly kind: 'contained'; readonly parent: Address; readonly navigation: string }
    | { readonly kind: 'referenced'; readonly parent: Address; readonly navigation: string; readonly name: string };
  readonly methods: readonly Method[];
  /** It has one entity at most, and that one has no key: a singleton, or behind a navigation that leads to one. */
  readonly single: boolean;
  /** The path narrows it: `identityProviders/microsoft.graph.socialIdentityProvider`. */
  readonly cast: boolean;
}

/** How one entity is named in a path. */
export type EntityKey =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'alternate'; readonly property: string; readonly value: string }
  /** Nothing names it, since its address holds no other. */
  | { readonly kind: 'only' }
  /** An old address that names none: the one of its set, when there is exactly one. */
  | { readonly kind: 'sole' };

/** One entity, as a path names it. */
export interface Address {
  readonly collection: Collection;
  readonly key: EntityKey;
  /** The type that the path says it has. */
  readonly cast?: EntityType;
}

/** What the path promises the entity to be. */
export const typeAt = ({ collection, cast }: Address): EntityType => cast ?? collection.type;
