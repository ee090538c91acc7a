import type { Navigation, Operation } from '../../model/index.ts';
import { deprecatedSince } from '../deprecation.ts';
import { fullName, reachable, tells } from '../surface.ts';
import { type Node, type Offer, offer } from './offer.ts';
import { ofReferences } from './references.ts';
import { values } from './values.ts';

/** Containment is declared by the model and ends; a chain longer than this would be a mistake in it. */
const deepest = 6;

/** Everything at a collection and below it. */
export function ofCollection(node: Node): readonly Offer[] {
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

/** Reading, changing and removing the entity itself. */
export function ownMethods(node: Node): readonly Offer[] {
  // What has a stream is written through it.
  const own = verbs.filter(([method]) => node.methods.includes(method) && !(method === 'put' && node.type.stream));
  return own.map(([method, httpMethod]) => offer(node, httpMethod, [], method));
}

/** Everything at one entity and below it. */
export function ofEntity(node: Node): readonly Offer[] {
  return [
    ...ownMethods(node),
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

type Way = readonly [cast: readonly string[], name: readonly string[], navigation: Navigation];

/** Navigations of the type, and behind a cast those that only a derived type has. */
const below = ({ type, version }: Node): readonly Way[] =>
  reachable(type).flatMap((derived) =>
    Object.entries(derived.navigations)
      .filter(([name, { versions }]) => versions.includes(version) && tells(derived, name, type))
      .map(([name, navigation]): Way => {
        const cast = derived === type ? [] : [fullName(derived.name)];
        const steps = name.split('/');
        const holder = navigation.holder?.().name;
        return [cast, [...steps.slice(0, -1), ...(holder ? [fullName(holder)] : []), ...steps.slice(-1)], navigation];
      }),
  );

function ofNavigation(from: Node, name: readonly string[], navigation: Navigation): readonly Offer[] {
  const { kind, many, methods, target } = navigation;
  const since = deprecatedSince(navigation.deprecated, from.version);
  const node: Node = since === undefined ? from : { ...from, deprecated: since };
  if (kind === 'references') return ofReferences(node, name, navigation);
  const next: Node = { ...node, path: [...node.path, ...name], type: target(), methods };
  return many ? ofCollection(next) : ofEntity(next);
}
