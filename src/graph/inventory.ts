import type { Version } from '../model/index.ts';
import { deprecatedSince } from './deprecation.ts';
import { lineOf, type Node, type Offer } from './inventory/offer.ts';
import { ofCollection, ofEntity, ownMethods } from './inventory/tree.ts';
import { soleNames } from './sole-address.ts';
import { alternateKeys, fullName, type SetType, setsOf } from './surface.ts';

export {
  type Addressed,
  type HttpMethod,
  type KeyPart,
  lineOf,
  type Offer,
  type Part,
  partText,
  pathText,
} from './inventory/offer.ts';
export { type ProtocolOffer, protocolInventory } from './inventory/protocol.ts';

const known = new Map<Version, readonly Offer[]>();

/**
 * Every operation of a version that concerns a resource, in the order of the declarations. A property by its name, a cast, and a
 * function with or without parentheses are spellings of these and not told.
 */
export function inventory(version: Version): readonly Offer[] {
  const made = known.get(version) ?? [
    ...setsOf(version).flatMap((type) => ofSet(type, version)),
    ...ofSoleNames(version),
  ];
  known.set(version, made);
  return made;
}

function ofSet(type: SetType, version: Version): readonly Offer[] {
  const { path, methods, singleton, aliases = [] } = type.set;
  const since = deprecatedSince(type.set.deprecated, version);
  const old = since === undefined ? {} : { deprecated: since };
  const at = (where: string): Node => ({ version, path: where.split('/'), type, methods, ...old });
  const from = (node: Node) => (singleton === undefined ? ofCollection(node) : ofEntity(node));
  const usual = from(at(path));
  return [...usual, ...ofAlternateKeys(at(path)), ...aliases.flatMap((alias) => reading(from(at(alias)), usual))];
}

/** What another name of a set is good for. */
const reading = (offers: readonly Offer[], usual: readonly Offer[]): readonly Offer[] =>
  offers
    .map((one, at) => ({ ...one, usual: lineOf(usual[at] ?? one) }))
    .filter(({ httpMethod }) => httpMethod === 'GET');

/** `/applications(appId='{appId}')`: all that is told of an entity is also there by another key; only its own methods are. */
function ofAlternateKeys(node: Node): readonly Offer[] {
  const { type, path } = node;
  const own = (by?: string) => ownMethods({ ...node, path: [...path, { keyOf: type, ...(by ? { by } : {}) }] });
  const usual = own();
  return alternateKeys(type).flatMap((by) => own(by).map((one, at) => ({ ...one, usual: lineOf(usual[at] ?? one) })));
}

/** `/invokeUserFlowListener/userFlow`, which names no listener; a reference is also removed by the id of its target. */
function ofSoleNames(version: Version): readonly Offer[] {
  return soleNames(version).flatMap(({ name, type, root }) => {
    const node: Node = { version, path: [name], type: { ...type, permissions: root.permissions }, methods: [] };
    const place = [...root.set.path.split('/'), { keyOf: root }, fullName(type.name)];
    const usual = ofEntity({ ...node, path: place });
    return ofEntity(node).flatMap((one, at) => {
      const told = { ...one, usual: lineOf(usual[at] ?? one) };
      if (one.does !== 'unlink') return [told];
      return [told, { ...told, path: [...one.path.slice(0, -1), { keyOf: one.type }, '$ref'] }];
    });
  });
}
