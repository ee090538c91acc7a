import {
  type EntityType,
  isA,
  type Method,
  type Navigation,
  type Operation,
  type PermissionName,
  type Permissions,
  type Property,
  type Shape,
  typesOf,
  type Version,
} from '../model/index.ts';
import { familyBelow, reachable, setsOf } from './surface.ts';

/** A segment of a path template: a name, or the key of an entity of a type. */
export type Part = string | { readonly keyOf: EntityType };

/** One thing a client can ask for: everything the model offers, and nothing else. */
export interface Offer {
  readonly version: Version;
  readonly httpMethod: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the version root. */
  readonly path: readonly Part[];
  readonly does: Method | 'count' | 'delta' | 'links' | 'link' | 'unlink' | 'operation' | 'content' | 'value';
  /** What is answered, or written. */
  readonly type: EntityType;
  /** A list is answered. */
  readonly many: boolean;
  readonly operation?: Operation;
  /** Any one of them opens it, least privileged first. */
  readonly permissions: readonly PermissionName[];
}

/** A place in the tree of addresses. */
interface Node {
  readonly version: Version;
  readonly path: readonly Part[];
  readonly type: EntityType;
  readonly methods: readonly Method[];
}

/** Containment is declared by the model and ends; a chain longer than this would be a mistake in it. */
const deepest = 6;

/** Every operation of a version, in the order of the declarations. */
export const inventory = (version: Version): readonly Offer[] =>
  setsOf(version).flatMap((type) => {
    const { path, methods, singleton } = type.set;
    const node: Node = { version, path: path.split('/'), type, methods };
    return singleton === undefined ? ofCollection(node) : ofEntity(node);
  });

/** `/identity/b2cUserFlows/{id}`. */
export const pathText = (path: readonly Part[]): string =>
  path.map((part) => `/${typeof part === 'string' ? part : '{id}'}`).join('');

function ofCollection(node: Node): readonly Offer[] {
  const { path, type, methods } = node;
  if (path.length > 2 * deepest) return [];
  const counted = methods.includes('list') ? [offer(node, 'GET', ['$count'], 'count', { many: false })] : [];
  return [
    ...(methods.includes('list') ? [offer(node, 'GET', [], 'list', { many: true })] : []),
    ...(methods.includes('create') ? [offer(node, 'POST', [], 'create')] : []),
    ...counted,
    ...(type.set?.tracked && path.length === type.set.path.split('/').length
      ? [offer(node, 'GET', ['delta'], 'delta', { many: true })]
      : []),
    ...operations(node, 'collection'),
    ...ofEntity({ ...node, path: [...path, { keyOf: type }] }),
  ];
}

const verbs = [
  ['get', 'GET'],
  ['update', 'PATCH'],
  ['put', 'PUT'],
  ['delete', 'DELETE'],
] as const;

function ofEntity(node: Node): readonly Offer[] {
  // What has a stream is written through it.
  const own = verbs.filter(([method]) => node.methods.includes(method) && !(method === 'put' && node.type.stream));
  return [
    ...own.map(([method, httpMethod]) => offer(node, httpMethod, [], method)),
    ...content(node),
    ...operations(node, 'entity'),
    ...values(node),
    ...below(node).flatMap(([cast, name, navigation]) => ofNavigation(node, [...cast, ...name], navigation)),
  ];
}

function content(node: Node): readonly Offer[] {
  if (!node.type.stream) return [];
  const write = node.methods.includes('put');
  return [
    offer(node, 'GET', ['$value'], 'content'),
    ...(write ? [offer(node, 'PUT', ['$value'], 'content'), offer(node, 'DELETE', ['$value'], 'content')] : []),
  ];
}

/** Those of the entities of a collection may be declared by the types derived from its own. */
function declaredOperations({ type, version }: Node, on: Operation['on']): ReadonlyMap<string, Operation> {
  const types = on === 'entity' ? reachable(type) : [type];
  const declared = new Map<string, Operation>();
  for (const [name, operation] of types.flatMap((one) => Object.entries(one.operations))) {
    const fits = operation.on === on && operation.versions.includes(version);
    if (fits && !declared.has(name)) declared.set(name, operation);
  }
  return declared;
}

const operations = (node: Node, on: Operation['on']): readonly Offer[] =>
  [...declaredOperations(node, on)].map(([name, operation]) => {
    const { kind, permissions, returns } = operation;
    const { read, write } = node.type.permissions;
    return {
      ...offer(node, kind === 'function' ? 'GET' : 'POST', [name], 'operation'),
      type: typeof returns === 'function' ? returns() : node.type,
      operation,
      permissions: permissions ?? (kind === 'function' ? read : write),
    };
  });

/** Complex values that have an address worth naming: those that hold references, and collections with keys. */
function values(node: Node): readonly Offer[] {
  const holders = new Set(Object.keys(node.type.navigations).flatMap((name) => name.split('/').slice(0, -1)));
  const held = [...holders].filter((name) => Object.hasOwn(node.type.properties, name));
  const plain = held.filter((name) => !hasVariants((node.type.properties as Shape)[name]));
  return [...plain.map((name) => offer(node, 'GET', [name], 'value')), ...keyed(node, node.type.properties, [])];
}

const hasVariants = (property: Property | undefined): boolean =>
  property?.type.kind === 'complex' && property.type.variants !== undefined;

function keyed(node: Node, shape: Shape, above: readonly string[]): readonly Offer[] {
  return Object.entries(shape).flatMap(([name, { type, rules }]) => {
    const here = [...above, name];
    if (type.kind === 'complex') return typesOf(type).flatMap(({ properties }) => keyed(node, properties, here));
    if (rules.keyedBy === undefined) return [];
    const item = [...here, { keyOf: node.type }];
    const write = node.methods.includes('update');
    return [
      offer(node, 'GET', here, 'value', { many: true }),
      offer(node, 'GET', item, 'value'),
      ...(write ? [offer(node, 'POST', here, 'update'), offer(node, 'DELETE', item, 'update')] : []),
    ];
  });
}

type Way = readonly [cast: readonly string[], name: readonly string[], navigation: Navigation];

/** Navigations of the type, and behind a cast those that only a derived type has. */
const below = ({ type, version }: Node): readonly Way[] =>
  // A derived type with a set of its own has its addresses there.
  [type, ...familyBelow(type).filter((derived) => derived !== type && !derived.set)].flatMap((derived) =>
    Object.entries(derived.navigations)
      .filter(([name, { versions }]) => versions.includes(version) && (derived === type || isOwn(type, derived, name)))
      .map(([name, navigation]): Way => {
        const cast = derived === type ? [] : [`microsoft.graph.${derived.name}`];
        const steps = name.split('/');
        const holder = navigation.holder?.().name;
        return [
          cast,
          [...steps.slice(0, -1), ...(holder ? [`microsoft.graph.${holder}`] : []), ...steps.slice(-1)],
          navigation,
        ];
      }),
  );

/** Told once, at the type that declares it. */
const isOwn = (type: EntityType, derived: EntityType, name: string): boolean =>
  derived.ownNavigations.includes(name) && !Object.hasOwn(type.navigations, name) && isA(derived, type);

function ofNavigation(node: Node, name: readonly string[], navigation: Navigation): readonly Offer[] {
  const { kind, many, methods, target } = navigation;
  const path = [...node.path, ...name];
  if (kind === 'contains') {
    const next: Node = { version: node.version, path, type: target(), methods };
    return many ? ofCollection(next) : ofEntity(next);
  }
  const owner = node.type.permissions;
  const links = { ...node, path, type: target() };
  const one = many ? [{ keyOf: target() }, '$ref'] : ['$ref'];
  const can = (method: Method): boolean => methods.includes(method);
  return [
    ...(can('list') ? [offer(links, 'GET', [], many ? 'list' : 'get', { many, owner })] : []),
    ...(can('list') ? [offer(links, 'GET', ['$ref'], 'links', { many, owner })] : []),
    ...(can('create') ? [offer(links, many ? 'POST' : 'PUT', ['$ref'], 'link', { owner })] : []),
    ...(can('delete') ? [offer(links, 'DELETE', one, 'unlink', { owner })] : []),
  ];
}

function offer(
  { version, path, type }: Node,
  httpMethod: Offer['httpMethod'],
  rest: readonly Part[],
  does: Offer['does'],
  { many = false, owner = type.permissions }: { readonly many?: boolean; readonly owner?: Permissions } = {},
): Offer {
  const open = httpMethod === 'GET' ? owner.read : owner.write;
  const permissions = (isMethod(does) && owner.byMethod?.[does]) || open;
  return { version, httpMethod, path: [...path, ...rest], does, type, many, permissions };
}

const isMethod = (does: Offer['does']): does is Method =>
  ['list', 'get', 'create', 'update', 'put', 'delete'].includes(does);
