import type { PermissionName } from './permissions.ts';
import type { ComplexType, Origin, Property, RecordOf, Shape } from './property.ts';

/** The two API versions Graph serves; a path's first segment. */
export type Version = 'v1.0' | 'beta';

/** The permissions that open a resource, least privileged first, as the Graph reference lists them. */
export interface Permissions {
  readonly read: readonly PermissionName[];
  readonly write: readonly PermissionName[];
  /** Permissions that open reading these properties and `id`, and no others. */
  readonly readSome?: Readonly<Partial<Record<PermissionName, readonly string[]>>>;
  /** Where a method asks for others than `read` or `write`. */
  readonly byMethod?: Readonly<Partial<Record<Method, readonly PermissionName[]>>>;
}

/** `put`: PUT at the entity's own address, which creates or replaces it. */
export type Method = 'list' | 'get' | 'create' | 'update' | 'put' | 'delete';

/** Since when clients are told to use something else; the `Deprecation` header (RFC 9745). */
export interface Deprecated {
  /** `YYYY-MM-DD`. */
  readonly since: string;
  /** Absent: in all of them. */
  readonly versions?: readonly Version[];
}

/** Where entities of a type are addressed: `GET /{version}/{path}`. */
export interface EntitySet {
  /** Segments below the version root, e.g. `identity/b2cUserFlows`. Matched case-insensitively. */
  readonly path: string;
  /** What `@odata.context` calls it; absent: its path. */
  readonly context?: string;
  readonly versions: readonly Version[];
  readonly methods: readonly Method[];
  /** What a POST creates whose body names no derived type, by what its `id` begins with; the first when nothing fits. */
  readonly kinds?: readonly Kind[];
  /** The path is one entity and not a collection; this is its id. */
  readonly singleton?: string;
  /** Further paths to the same entities, for reading only. */
  readonly aliases?: readonly string[];
  /** A PATCH must name the type of the entity in `@odata.type`. */
  readonly typedPatch?: true;
  /** What is written to its entities can be followed: it has the function `delta`. */
  readonly tracked?: true;
  readonly deprecated?: Deprecated;
}

/** Derived types that an id tells apart. */
export interface Kind {
  readonly idPrefix: string;
  /** Name of a type derived from that of the set; absent: a known kind that is not served. */
  readonly type?: string;
}

/**
 * A way from one entity to others, by its name or, when a complex value holds it, by its path
 * (`apiConnectorConfiguration/postFederationSignup`). `contains`: the target lives and dies with its parent and is addressed through it
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
  /** Of a path: the complex type that holds it, where the property has variants. */
  readonly holder?: () => ComplexType;
  /**
   * Its targets are shown with the owner without being asked for: in `get` and `list`, and one target also in the answer of a write, as a
   * whole or by its `id` alone; or only where a write is to be answered with the `representation`.
   */
  readonly inline?: true | 'id' | 'representation';
  readonly deprecated?: Deprecated;
  readonly origin?: Origin;
}

/**
 * A function (reads, GET) or an action (writes, POST) bound to an entity or a collection (OData protocol §11.5). Its rules are in the
 * behaviour of the type, under the same name.
 */
export interface Operation {
  readonly kind: 'function' | 'action';
  readonly on: 'entity' | 'collection';
  readonly parameters: Shape;
  /** Nothing, a value, or an entity of the type. */
  readonly returns?: Property | (() => EntityType);
  readonly versions: readonly Version[];
  /** Absent: those of reading for a function, of writing for an action. */
  readonly permissions?: readonly PermissionName[];
}

/** The media stream of an entity (CSDL `HasStream`), at `…/$value`. */
export interface MediaStream {
  /** The internal property that keeps it, as text. */
  readonly property: string;
  readonly mediaType: string;
  readonly maxBytes: number;
}

/** A property whose value stands for the id as it is, without being called by name: `users/adele@contoso.example`. */
export interface BareKey {
  readonly property: string;
  /** What tells its values from ids. */
  readonly form: RegExp;
}

/**
 * A second address that names no entity, as earlier drafts of the reference have it: the name or an alias of the type at the root of the
 * API (`/invokeUserFlowListener/userFlow/$ref`).
 */
export interface SoleAddress {
  /** The query parameter that may hold the id; without it the only entity there is is meant. */
  readonly parameter: string;
}

/** Earlier names of entities that are kept under another type. Nothing is stored under a view; the directory translates. */
export interface View {
  /** Where they are kept; a view derived from this one may be of another type of the same family. */
  readonly of: () => EntityType;
  /** Member of the view -> property there; members not named are called the same. */
  readonly names: Readonly<Record<string, string>>;
  /** Members that have one value in every entity of the view. */
  readonly fixed?: Readonly<Record<string, string>>;
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
  readonly bareKey?: BareKey;
  /** Absent: the type is reached only through another entity, or (internal types) not at all. */
  readonly set?: EntitySet;
  readonly permissions: Permissions;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Earlier names of the type, accepted in `@odata.type` and in casts, never written. */
  readonly aliases: readonly string[];
  readonly stream?: MediaStream;
  readonly sole?: SoleAddress;
  /**
   * Derives from `directoryObject`: there may be millions, so that only indexes are asked, and some questions only as advanced queries
   * (https://learn.microsoft.com/graph/aad-advanced-queries).
   */
  readonly directoryObject: boolean;
  readonly view?: View;
  /** A record of what happened: written once, not itself logged, and removed when `time` is older than this. */
  readonly log?: LogRules;
  /** The page of the public reference this declaration was read from. */
  readonly source: string;
}

/** How long the entries of a log are kept. */
export interface LogRules {
  readonly retentionDays: number;
  /** The property that says when it happened. */
  readonly time: string;
  /** Where a tenant says how many days instead: an indexed property of its only entity of that type. */
  readonly chosen?: { readonly in: () => EntityType; readonly path: readonly string[] };
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

/** What a declaration says; what it leaves out is inherited or usual. */
export interface EntitySpec<S extends Shape, B extends EntityType> {
  readonly base?: B;
  readonly abstract?: boolean;
  readonly open?: boolean;
  readonly properties: S;
  readonly navigations?: Readonly<Record<string, Navigation>>;
  readonly key?: 'client' | 'server';
  readonly bareKey?: BareKey;
  readonly set?: {
    readonly path: string;
    readonly context?: string;
    readonly versions?: readonly Version[];
    readonly methods?: readonly Method[];
    readonly kinds?: readonly Kind[];
    readonly singleton?: string;
    readonly aliases?: readonly string[];
    readonly typedPatch?: true;
    readonly tracked?: true;
    readonly deprecated?: Deprecated;
  };
  readonly permissions?: Permissions;
  readonly operations?: Readonly<Record<string, Operation>>;
  readonly aliases?: readonly string[];
  readonly stream?: MediaStream;
  readonly sole?: SoleAddress;
  readonly directoryObject?: true;
  readonly view?: View;
  readonly log?: LogRules;
  readonly source: string;
}

/** The shape of "no base": adds nothing to the intersection. */
type Root = EntityType<Record<never, never>>;

const everyMethod: readonly Method[] = ['list', 'get', 'create', 'update', 'delete'];
const everyVersion: readonly Version[] = ['v1.0', 'beta'];

/** Declares a resource: adds what is inherited from its base and what is usual. */
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
    ...(spec.bareKey ? { bareKey: spec.bareKey } : {}),
    ...(spec.set ? { set: { versions: everyVersion, methods: everyMethod, ...spec.set } } : {}),
    permissions: spec.permissions ?? base?.permissions ?? { read: [], write: [] },
    operations: { ...base?.operations, ...spec.operations },
    aliases: spec.aliases ?? [],
    ...(spec.stream ? { stream: spec.stream } : {}),
    ...(spec.sole ? { sole: spec.sole } : {}),
    directoryObject: spec.directoryObject ?? base?.directoryObject ?? false,
    ...(spec.view ? { view: spec.view } : {}),
    ...(spec.log ? { log: spec.log } : {}),
    source: spec.source,
  };
}

type OperationOptions = Partial<Omit<Operation, 'kind' | 'on'>>;

export const functionOn = (on: Operation['on'], options: OperationOptions = {}): Operation => ({
  kind: 'function',
  parameters: {},
  versions: everyVersion,
  ...options,
  on,
});

export const actionOn = (on: Operation['on'], options: OperationOptions = {}): Operation => ({
  kind: 'action',
  parameters: {},
  versions: everyVersion,
  ...options,
  on,
});

type NavigationOptions = Partial<
  Pick<Navigation, 'many' | 'versions' | 'aliasOf' | 'methods' | 'holder' | 'inline' | 'deprecated' | 'origin'>
>;

/** A containment navigation; usually of many, with every method. */
export const contains = (target: () => EntityType, options: NavigationOptions = {}): Navigation => ({
  kind: 'contains',
  many: true,
  versions: everyVersion,
  methods: everyMethod,
  ...options,
  target,
});

/** A reference navigation; usually of many, whose references are listed, added and removed. */
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

/** There may be millions of them: only what an index answers may be asked of them all. */
export const isUnbounded = ({ directoryObject, log }: EntityType): boolean => directoryObject || log !== undefined;

/** Whether a type is the other one or derives from it. */
export function isA(type: EntityType, base: EntityType): boolean {
  return type.name === base.name || (type.base !== undefined && isA(type.base, base));
}
