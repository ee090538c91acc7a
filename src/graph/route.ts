import { type EntityType, type Method, type Property, type Shape, sets } from '../model/index.ts';
import { faults } from './faults.ts';
import { visible } from './filter.ts';
import type { Key, Segment } from './key.ts';
import type { GraphRequest } from './request.ts';
import { collectionFunctions, entryNamed, familyBelow, type SetType } from './surface.ts';

/** Where a list of entities comes from. */
export interface Collection {
  readonly type: EntityType;
  /** The set at the root of the path; it decides the dialect of refusals. */
  readonly root: SetType;
  readonly source:
    | { readonly kind: 'set' }
    | { readonly kind: 'contained'; readonly parent: Address; readonly navigation: string }
    | { readonly kind: 'referenced'; readonly parent: Address; readonly navigation: string; readonly name: string };
  readonly methods: readonly Method[];
}

/** How one entity is named in a path. */
export type EntityKey =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'alternate'; readonly property: string; readonly value: string }
  /** The one target of a single-valued reference. */
  | { readonly kind: 'only' };

export interface Address {
  readonly collection: Collection;
  readonly key: EntityKey;
}

/** What a request is about, found by walking its path along the model. */
export type Route =
  | { readonly kind: 'metadata' }
  | { readonly kind: 'service' }
  | { readonly kind: 'identity' }
  | { readonly kind: 'function'; readonly collection: Collection; readonly value: readonly string[] }
  | { readonly kind: 'list' | 'create' | 'count' | 'listLinks' | 'link'; readonly collection: Collection }
  | { readonly kind: 'get' | 'update' | 'delete' | 'unlink'; readonly address: Address }
  | {
      readonly kind: 'property';
      readonly address: Address;
      readonly path: readonly string[];
      readonly property: Property;
      /** `/$value`: the bare value as text. */
      readonly raw: boolean;
    };

/** Properties that name an entity in place of its id without being called by name, e.g. `users/adele@contoso.example`. */
const bareAlternates: Readonly<Record<string, { readonly property: string; readonly when: RegExp }>> = {
  user: { property: 'userPrincipalName', when: /@/ },
};

/** Walks the path. Throws `graph.unknownSegment` (before anyone asks who is calling), `graph.methodNotAllowed`. */
export function route(request: GraphRequest): Route {
  const { segments } = request;
  const [first] = segments;
  if (first === undefined) return only(request, 'GET', { kind: 'service' });
  if (segments.length === 1 && first.text.toLowerCase() === '$metadata')
    return only(request, 'GET', { kind: 'metadata' });
  const found = findSet(request);
  if (found) return collectionRoute(request, found.collection, segments.slice(found.length), found.key);
  if (first.text.toLowerCase() !== 'identity') throw unknown(first);
  if (segments[1]) throw unknown(segments[1]);
  return only(request, 'GET', { kind: 'identity' });
}

function only<T extends Route>(request: GraphRequest, method: string, answer: T): T {
  if (request.method !== method) throw notAllowed([method]);
  return answer;
}

const notAllowed = (allow: readonly string[]) => faults.methodNotAllowed({ allow: allow.join(', ') });
const unknown = ({ text }: Segment) => faults.unknownSegment({ segment: text.slice(0, 128) });

/** Chooses by method; an operation that is undefined is not there. */
function byMethod(request: GraphRequest, operations: Readonly<Record<string, Route | undefined | false>>): Route {
  const answer = operations[request.method];
  if (answer) return answer;
  throw notAllowed(Object.keys(operations).filter((method) => operations[method]));
}

function findSet(request: GraphRequest) {
  for (const type of sets()) {
    const names = type.set.path.toLowerCase().split('/');
    const here = request.segments.slice(0, names.length);
    const fits = here.length === names.length && here.every((segment, at) => segment.name.toLowerCase() === names[at]);
    // A key belongs to the last name only: `identity('x')/…` is not a path.
    if (!fits || here.slice(0, -1).some((segment) => segment.key)) continue;
    const last = here.at(-1);
    if (last && !type.set.versions.includes(request.version)) throw faults.unknownSegment({ segment: last.name });
    const collection: Collection = { type, root: type, source: { kind: 'set' }, methods: type.set.methods };
    return { collection, length: names.length, key: last?.key };
  }
  return undefined;
}

function collectionRoute(
  request: GraphRequest,
  collection: Collection,
  rest: readonly Segment[],
  key: Key | undefined,
): Route {
  if (key) return entityRoute(request, { collection, key: entityKey(collection, key) }, rest);
  const [next, ...after] = rest;
  const { methods, source } = collection;
  const referenced = source.kind === 'referenced';
  if (next === undefined) {
    return byMethod(request, {
      GET: methods.includes('list') && { kind: 'list', collection },
      POST: !referenced && methods.includes('create') && { kind: 'create', collection },
    });
  }
  if (next.text.toLowerCase() === '$count' && after.length === 0) {
    return byMethod(request, { GET: methods.includes('list') && { kind: 'count', collection } });
  }
  if (next.text.toLowerCase() === '$ref' && after.length === 0) return linksRoute(request, collection);
  const called = functionNamed(collection, next);
  if (called && after.length === 0) return only(request, 'GET', { kind: 'function', collection, value: called.value });
  if (next.text.startsWith('$')) throw unknown(next);
  return entityRoute(request, { collection, key: bareKey(collection.type, next.text) }, after);
}

function linksRoute(request: GraphRequest, collection: Collection): Route {
  const { methods, source } = collection;
  if (source.kind !== 'referenced') throw notAllowed([]);
  const link: Route | false = methods.includes('create') && { kind: 'link', collection };
  // Older revisions of the reference add with PATCH; all three do the same (Graph contract e row 29).
  return byMethod(request, {
    GET: methods.includes('list') && { kind: 'listLinks', collection },
    POST: link,
    PATCH: link,
    PUT: link,
  });
}

function functionNamed({ type, source }: Collection, { name, key }: Segment) {
  if (source.kind !== 'set' || (key && key.kind !== 'empty')) return undefined;
  const lower = name.toLowerCase();
  return collectionFunctions.find((candidate) => candidate.on === type && candidate.name.toLowerCase() === lower);
}

function bareKey(type: EntityType, text: string): EntityKey {
  const alternate = bareAlternates[type.name];
  if (alternate?.when.test(text)) return { kind: 'alternate', property: alternate.property, value: text };
  return { kind: 'id', id: text };
}

function entityKey({ type }: Collection, key: Key): EntityKey {
  if (key.kind === 'value') return bareKey(type, key.value);
  if (key.kind !== 'named') throw faults.badUrl({ reason: 'the key in parentheses cannot be read' });
  if (key.property.toLowerCase() === 'id') return { kind: 'id', id: key.value };
  const entry = entryNamed(type.properties as Shape, key.property);
  if (!entry || !visible(entry[1]) || entry[1].rules.unique !== true) {
    throw faults.badUrl({ reason: `'${key.property}' is not a key of '${type.name}'` });
  }
  return { kind: 'alternate', property: entry[0], value: key.value };
}

function entityRoute(request: GraphRequest, address: Address, rest: readonly Segment[]): Route {
  const [next, ...after] = rest;
  const { methods, source } = address.collection;
  const referenced = source.kind === 'referenced';
  if (next === undefined) {
    return byMethod(request, {
      GET: methods.includes(referenced ? 'list' : 'get') && { kind: 'get', address },
      PATCH: !referenced && methods.includes('update') && { kind: 'update', address },
      DELETE: !referenced && methods.includes('delete') && { kind: 'delete', address },
    });
  }
  if (next.text.toLowerCase() === '$ref' && after.length === 0) {
    return byMethod(request, {
      DELETE: referenced && address.key.kind === 'id' && methods.includes('delete') && { kind: 'unlink', address },
    });
  }
  return navigationRoute(request, address, next, after) ?? propertyRoute(request, address, rest);
}

function navigationRoute(request: GraphRequest, parent: Address, segment: Segment, rest: readonly Segment[]) {
  const { type, root } = parent.collection;
  const entry = entryNamed(type.navigations, segment.name);
  if (!entry?.[1].versions.includes(request.version)) return undefined;
  const [name, { kind, many, target, methods, aliasOf }] = entry;
  const navigation = aliasOf ?? name;
  const source =
    kind === 'contains'
      ? ({ kind: 'contained', parent, navigation } as const)
      : ({ kind: 'referenced', parent, navigation, name } as const);
  const collection: Collection = { type: target(), root, source, methods };
  if (many) return collectionRoute(request, collection, rest, segment.key);
  // A single reference is set when its owner is created; there is no `$ref` to write.
  return entityRoute(request, { collection, key: { kind: 'only' } }, rest);
}

function propertyRoute(request: GraphRequest, address: Address, rest: readonly Segment[]): Route {
  const last = rest.at(-1);
  const raw = rest.length > 1 && last?.text.toLowerCase() === '$value';
  const names = raw ? rest.slice(0, -1) : rest;
  const { type } = address.collection;
  let shape: Shape = Object.assign({}, ...familyBelow(type).map(({ properties }) => properties));
  let found: Property | undefined;
  const path: string[] = [];
  for (const segment of names) {
    const entry = segment.key ? undefined : entryNamed(shape, segment.name);
    if (!entry || !visible(entry[1]) || entry[1].rules.access === 'write') throw unknown(segment);
    path.push(entry[0]);
    found = entry[1];
    shape = found.type.kind === 'complex' ? found.type.type.properties : {};
  }
  const structured = found?.type.kind === 'complex' || found?.type.kind === 'collection';
  if (!found || (raw && structured)) throw unknown(last ?? { text: type.name, name: type.name });
  return only(request, 'GET', { kind: 'property', address, path, property: found, raw });
}
