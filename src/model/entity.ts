import type { PermissionName } from './permissions.ts';
import type { RecordOf, Shape } from './property.ts';

/** The two API versions Graph serves; a path's first segment. */
export type Version = 'v1.0' | 'beta';

/** The permissions that open a resource, least privileged first, as the Graph reference lists them. */
export interface Permissions {
  readonly read: readonly PermissionName[];
  readonly write: readonly PermissionName[];
  /** Permissions that open reading these properties and `id`, and no others. */
  readonly readSome?: Readonly<Partial<Record<PermissionName, readonly string[]>>>;
}

export type Method = 'list' | 'get' | 'create' | 'update' | 'delete';

/** Where entities of a type are addressed: `GET /{version}/{path}`. */
export interface EntitySet {
  /** Segments below the version root, e.g. `identity/b2cUserFlows`. Matched case-insensitively. */
  readonly path: string;
  readonly versions: readonly Version[];
  readonly methods: readonly Method[];
  /** What a POST creates whose body names no derived type, by what its `id` begins with; the first when nothing fits. */
  readonly kinds?: readonly Kind[];
}

/** Derived types that an id tells apart. */
export interface Kind {
  readonly idPrefix: string;
  /** Name of a type derived from that of the set; absent: a known kind that is not served. */
  readonly type?: string;
}

/**
 * A way from one entity to others. `contains`: the target lives and dies with its parent and is addressed through it
 * (CSDL `ContainsTarget`). `references`: the target has its own set; the link is added and removed through `$ref`.
 */
export interface Navigation {
  readonly kind: 'contains' | 'references';
  readonly many: boolean;
  /** A thunk, since declarations may name each other. */
  readonly target: () => EntityType;
  readonly versions: readonly Version[];
  /** A `references` navigation that is the same link under another name (deprecated `identityProviders`). */
  readonly aliasOf?: string;
  /** Methods on a contained collection, or (`create`, `delete`) on the `$ref`s of a reference. */
  readonly methods: readonly Method[];
}

/** One resource of the management API: the single declaration every derivation reads. */
export interface EntityType<S extends Shape = Shape> {
  /** The name in `microsoft.graph`, camel case; the product's own internal types begin with `usher.`. */
  readonly name: string;
  readonly base?: EntityType;
  readonly abstract: boolean;
  /** Members not declared are accepted and kept (CSDL `OpenType`). */
  readonly open: boolean;
  /** Every property, inherited ones first. `id` is implied. */
  readonly properties: S;
  /** The names declared by this type itself, not inherited; what CSDL prints. */
  readonly own: readonly string[];
  readonly navigations: Readonly<Record<string, Navigation>>;
  readonly ownNavigations: readonly string[];
  /** `client`: the caller names the `id` in POST. `server`: the directory or a behaviour makes it. */
  readonly key: 'client' | 'server';
  /** Absent: the type is reached only through another entity, or (internal types) not at all. */
  readonly set?: EntitySet;
  readonly permissions: Permissions;
  /** The page of the public reference this declaration was read from. */
  readonly source: string;
}

/** The TypeScript type of an entity, computed from its declaration. */
export type EntityOf<E extends EntityType> = { id: string } & RecordOf<E['properties']>;

/** A property not accepted, or not yet sent: what POST and PATCH bodies are. */
export type Draft<E extends EntityType> = Partial<EntityOf<E>>;

/** Where a contained entity lives. */
export interface Place {
  readonly parent: Ref;
  readonly navigation: string;
}

/** The address of one entity within a tenant. Ids match by `fold`; `type` may be a base of the stored type. */
export interface Ref<E extends EntityType = EntityType> {
  readonly type: E;
  readonly id: string;
  readonly within?: Place;
}

export interface EntitySpec<S extends Shape, B extends EntityType> {
  readonly base?: B;
  readonly abstract?: boolean;
  readonly open?: boolean;
  readonly properties: S;
  readonly navigations?: Readonly<Record<string, Navigation>>;
  readonly key?: 'client' | 'server';
  readonly set?: {
    readonly path: string;
    readonly versions?: readonly Version[];
    readonly methods?: readonly Method[];
    readonly kinds?: readonly Kind[];
  };
  readonly permissions?: Permissions;
  readonly source: string;
}

/** The shape of "no base": adds nothing to the intersection. */
type Root = EntityType<Record<never, never>>;

const everyMethod: readonly Method[] = ['list', 'get', 'create', 'update', 'delete'];
const everyVersion: readonly Version[] = ['v1.0', 'beta'];

export function entity<const S extends Shape, B extends EntityType = Root>(
  name: string,
  spec: EntitySpec<S, B>,
): EntityType<B['properties'] & S> {
  const { base } = spec;
  return {
    name,
    ...(base ? { base } : {}),
    abstract: spec.abstract ?? false,
    open: spec.open ?? base?.open ?? false,
    properties: { ...(base?.properties ?? {}), ...spec.properties } as B['properties'] & S,
    own: Object.keys(spec.properties),
    navigations: { ...base?.navigations, ...spec.navigations },
    ownNavigations: Object.keys(spec.navigations ?? {}),
    key: spec.key ?? base?.key ?? 'server',
    ...(spec.set ? { set: { versions: everyVersion, methods: everyMethod, ...spec.set } } : {}),
    permissions: spec.permissions ?? base?.permissions ?? { read: [], write: [] },
    source: spec.source,
  };
}

type NavigationOptions = Partial<Pick<Navigation, 'many' | 'versions' | 'aliasOf' | 'methods'>>;

export const contains = (target: () => EntityType, options: NavigationOptions = {}): Navigation => ({
  kind: 'contains',
  many: true,
  versions: everyVersion,
  methods: everyMethod,
  ...options,
  target,
});

export const references = (target: () => EntityType, options: NavigationOptions = {}): Navigation => ({
  kind: 'references',
  many: true,
  versions: everyVersion,
  methods: ['list', 'create', 'delete'],
  ...options,
  target,
});

/** The topmost declared type: entities of one family share a table and a key space. */
export function familyOf(type: EntityType): EntityType {
  return type.base ? familyOf(type.base) : type;
}

export function isA(type: EntityType, base: EntityType): boolean {
  return type.name === base.name || (type.base !== undefined && isA(type.base, base));
}
