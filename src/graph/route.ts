import type { Operation, Property } from '../model/index.ts';
import { type Address, type Collection, typeAt } from './address.ts';
import { faults } from './faults.ts';
import { findSet } from './find-set.ts';
import type { Literal, Segment } from './key.ts';
import { idOfReference } from './reference.ts';
import type { GraphRequest } from './request.ts';
import { soleAddress } from './sole-address.ts';
import { keyed, type Point, unknown, type ValuePoint, walk } from './walk.ts';

/** A value inside an entity, by the declared names that lead to it. */
export interface ValueAddress {
  readonly address: Address;
  readonly path: readonly string[];
}

/** What a request is about, found by walking its path along the model. */
export type Route =
  | { readonly kind: 'metadata' | 'openapi' | 'service' | 'identity' }
  | { readonly kind: 'list' | 'create' | 'count' | 'delta' | 'listLinks' | 'link'; readonly collection: Collection }
  | { readonly kind: 'get' | 'update' | 'put' | 'delete'; readonly address: Address }
  /** `$ref`: `unlink` one of many by its id; the others concern a reference to one entity. */
  | { readonly kind: 'unlink' | 'getLink' | 'setLink' | 'clearLink'; readonly address: Address }
  /** The media stream of an entity. */
  | { readonly kind: 'stream' | 'setStream' | 'clearStream'; readonly address: Address }
  | ({
      readonly kind: 'invoke';
      readonly name: string;
      readonly operation: Operation;
      readonly literals: ReadonlyMap<string, Literal>;
    } & ({ readonly collection: Collection } | { readonly address: Address }))
  | ({
      readonly kind: 'property';
      /** As the first type declares it that the entity may have. */
      readonly property: Property;
      /** `/$value`: the bare value as text. */
      readonly raw: boolean;
    } & ValueAddress)
  /** A collection of values whose items have a key. */
  | ({ readonly kind: 'items' | 'addItem' } & ValueAddress)
  | ({ readonly kind: 'item' | 'removeItem'; readonly item: string } & ValueAddress);

type Matching<R, K> = R extends { readonly kind: infer Kind } ? (K extends Kind ? R : never) : never;

/** The routes of one kind. */
export type RouteOf<K extends Route['kind']> = Matching<Route, K>;

/** What may end a path without being a name in it. */
type Tail = '$count' | '$ref' | '$value' | undefined;

/** What a version has beside its sets. */
const ownNames: ReadonlyMap<string, 'metadata' | 'openapi' | 'identity'> = new Map([
  ['$metadata', 'metadata'],
  ['openapi.json', 'openapi'],
  ['identity', 'identity'],
]);

/** Walks the path. Throws `graph.unknownSegment` (before anyone asks who is calling), `graph.methodNotAllowed`. */
export function route(request: GraphRequest): Route {
  const [first, second] = request.segments;
  if (first === undefined) return only(request, 'GET', { kind: 'service' });
  const name = first.text.toLowerCase();
  const own = second === undefined && ownNames.get(name);
  if (own) return only(request, 'GET', { kind: own });
  const sole = soleAddress(request);
  if (sole) return routeFrom(request, sole.from, sole.rest);
  const { collection, alias: reading, last, rest } = findSet(request);
  const found = routeFrom(request, keyed(collection, last.key), rest);
  return reading ? only(request, 'GET', found) : found;
}

function routeFrom(request: GraphRequest, from: Point, segments: readonly Segment[]): Route {
  const tail = tailOf(segments);
  const point = walk(request, from, tail === undefined ? segments : segments.slice(0, -1));
  const choice = choices(request, point, tail);
  if (choice === undefined) throw unknown(segments.at(-1) ?? { text: '' });
  const answer = choice[request.method];
  if (answer) return answer;
  throw notAllowed(Object.keys(choice).filter((method) => choice[method]));
}

function tailOf(segments: readonly Segment[]): Tail {
  const last = segments.at(-1)?.text.toLowerCase();
  return last === '$count' || last === '$ref' || last === '$value' ? last : undefined;
}

function only<T extends Route>(request: GraphRequest, method: string, answer: T): T {
  if (request.method !== method) throw notAllowed([method]);
  return answer;
}

const notAllowed = (allow: readonly string[]) => faults.methodNotAllowed({ allow: allow.join(', ') });

/** Routes by HTTP method; what is undefined or false is not there. */
type Choice = Readonly<Record<string, Route | undefined | false>>;

/** Undefined where the tail means nothing. */
function choices(request: GraphRequest, point: Point, tail: Tail): Choice | undefined {
  switch (point.kind) {
    case 'collection':
      return ofCollection(request, point.collection, tail);
    case 'changes':
      return tail === undefined ? { GET: { kind: 'delta', collection: point.collection } } : undefined;
    case 'entity':
      return ofEntity(point.address, tail);
    case 'value':
      return ofValue(point, tail);
    case 'item':
      return tail === undefined ? ofItem(point.of, point.key) : undefined;
    case 'operation':
      return tail === undefined ? ofOperation(point) : undefined;
    default:
      return point satisfies never;
  }
}

function ofCollection(request: GraphRequest, collection: Collection, tail: Tail): Choice | undefined {
  const { methods, source } = collection;
  const list = methods.includes('list');
  // The content of which entity is not said (Graph contract e row 52).
  if (tail === '$value') return collection.type.stream ? {} : undefined;
  if (tail === '$count') return { GET: list && { kind: 'count', collection } };
  if (tail === '$ref') return source.kind === 'referenced' ? ofLinks(request, collection) : {};
  return {
    GET: list && { kind: 'list', collection },
    POST: source.kind !== 'referenced' && methods.includes('create') && { kind: 'create', collection },
  };
}

function ofLinks({ url }: GraphRequest, collection: Collection): Choice {
  const { methods, type } = collection;
  const link: Route | false = methods.includes('create') && { kind: 'link', collection };
  // The target may also stand in the query (OData protocol §11.4.6.2), which Microsoft's SDKs call `@id`.
  const named = url.searchParams.get('@odata.id') ?? url.searchParams.get('@id');
  // Older revisions of the reference add with PATCH; all three do the same (Graph contract e row 29).
  return {
    GET: methods.includes('list') && { kind: 'listLinks', collection },
    POST: link,
    PATCH: link,
    PUT: link,
    DELETE: methods.includes('delete') &&
      named !== null && {
        kind: 'unlink',
        address: { collection, key: { kind: 'id', id: idOfReference(named, type) } },
      },
  };
}

function ofEntity(address: Address, tail: Tail): Choice | undefined {
  const { methods, source, single } = address.collection;
  const { stream } = typeAt(address);
  const referenced = source.kind === 'referenced';
  switch (tail) {
    case '$count':
      return undefined;
    case '$ref':
      return referenced ? ofReference(address, single) : {};
    case '$value':
      return stream && ofStream(address);
    default:
  }
  if (referenced) return { GET: methods.includes('list') && { kind: 'get', address } };
  return {
    GET: methods.includes('get') && { kind: 'get', address },
    PATCH: methods.includes('update') && { kind: 'update', address },
    // What has a stream is written through it.
    PUT: methods.includes('put') && !stream && { kind: 'put', address },
    DELETE: methods.includes('delete') && { kind: 'delete', address },
  };
}

function ofStream(address: Address): Choice {
  const { methods, source } = address.collection;
  const write = methods.includes('put') && source.kind !== 'referenced';
  return {
    GET: methods.includes('get') && { kind: 'stream', address },
    PUT: write && { kind: 'setStream', address },
    DELETE: write && { kind: 'clearStream', address },
  };
}

/** A reference to one entity: Graph documents PUT, its older drafts POST (Graph contract e rows 5, 6, 27). */
function ofReference(address: Address, single: boolean): Choice {
  const { key, collection } = address;
  const { methods } = collection;
  const remove = methods.includes('delete');
  if (!single) return { DELETE: key.kind === 'id' && remove && { kind: 'unlink', address } };
  const set: Route | false = methods.includes('create') && { kind: 'setLink', address };
  return {
    GET: methods.includes('list') && { kind: 'getLink', address },
    PUT: set,
    POST: set,
    PATCH: set,
    DELETE: remove && { kind: 'clearLink', address },
  };
}

function ofValue({ address, path, properties }: ValuePoint, tail: Tail): Choice | undefined {
  const [property] = properties;
  if (!property || tail === '$ref' || tail === '$count') return undefined;
  const raw = tail === '$value';
  if (raw && (property.type.kind === 'complex' || property.type.kind === 'collection')) return undefined;
  if (property.rules.keyedBy === undefined) return { GET: { kind: 'property', address, path, property, raw } };
  return {
    GET: { kind: 'items', address, path },
    POST: address.collection.methods.includes('update') && { kind: 'addItem', address, path },
  };
}

const ofItem = ({ address, path }: ValuePoint, item: string): Choice => ({
  GET: { kind: 'item', address, path, item },
  DELETE: address.collection.methods.includes('update') && { kind: 'removeItem', address, path, item },
});

function ofOperation({ on, name, operation, literals }: Extract<Point, { readonly kind: 'operation' }>): Choice {
  const route: Route = { kind: 'invoke', name, operation, literals, ...on };
  return operation.kind === 'function' ? { GET: route } : { POST: route };
}
