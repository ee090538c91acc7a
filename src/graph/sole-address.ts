import { allTypes, type EntityType, type Version } from '../model/index.ts';
import type { Address, Collection } from './address.ts';
import type { Segment } from './key.ts';
import type { GraphRequest } from './request.ts';
import type { SetType } from './surface.ts';
import { type Point, unknown, walk } from './walk.ts';

interface SoleName {
  readonly name: string;
  readonly type: EntityType;
  /** Where its entities are. */
  readonly root: SetType;
  readonly parameter: string;
}

const hasSet = (type: EntityType): type is SetType => type.set !== undefined;

const rootOf = (type: EntityType): SetType | undefined => (hasSet(type) ? type : type.base && rootOf(type.base));

const names: readonly SoleName[] = allTypes().flatMap((type) => {
  const root = rootOf(type);
  const { sole, aliases } = type;
  return sole && root ? [type.name, ...aliases].map((name) => ({ name, type, root, ...sole })) : [];
});

/** The addresses of a version that name no entity. */
export const soleNames = (version: Version): readonly SoleName[] =>
  names.filter(({ root }) => root.set.versions.includes(version));

/**
 * `/invokeUserFlowListener/userFlow/$ref` and what else begins so: the listener that `?listenerId=` names, or the only one there is.
 * Where the walk begins, and what is left of the path; undefined for any other address. Throws `graph.unknownSegment`.
 */
export function soleAddress(
  request: GraphRequest,
): { readonly from: Point; readonly rest: readonly Segment[] } | undefined {
  const { segments, version, url } = request;
  const [first, navigation, target, ...rest] = segments;
  const named = soleNames(version).find(({ name }) => name.toLowerCase() === first?.text.toLowerCase());
  if (!first || !named) return undefined;
  const { type, root, parameter } = named;
  if (!navigation) throw unknown(first);
  const id = url.searchParams.get(parameter);
  const { methods } = root.set;
  const collection: Collection = { type: root, root, source: { kind: 'set' }, methods, single: false, cast: false };
  const address: Address = { collection, key: id === null ? { kind: 'sole' } : { kind: 'id', id }, cast: type };
  const from = walk(request, { kind: 'entity', address }, [navigation]);
  if (from.kind !== 'entity') throw unknown(navigation);
  if (!target || target.text.startsWith('$')) return { from, rest: segments.slice(2) };
  // The drafts remove a reference by the id of its target.
  const many: Collection = { ...from.address.collection, single: false };
  return { from: { kind: 'entity', address: { collection: many, key: { kind: 'id', id: target.text } } }, rest };
}
