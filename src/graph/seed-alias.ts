import { type EntityType, typeByName, type Version } from '../model/index.ts';
import type { Address, Collection } from './address.ts';
import type { Segment } from './key.ts';
import type { GraphRequest } from './request.ts';
import type { SetType } from './surface.ts';
import { type Point, unknown, walk } from './walk.ts';

/** The names by which earlier drafts of the reference address the one reference of a type (Graph contract e rows 1 to 8). */
const names: readonly string[] = ['invokeUserFlowListener', 'invokeUserFlowAction'];

interface SeedAlias {
  readonly name: string;
  readonly type: EntityType;
  /** Where its entities are. */
  readonly root: SetType;
}

/** The addresses of a version that name no entity. */
export const seedAliases = (version: Version): readonly SeedAlias[] =>
  names.flatMap((name) => {
    const type = typeByName(name);
    const root = type && setOf(type);
    return type && root?.set.versions.includes(version) ? [{ name, type, root }] : [];
  });

/**
 * `/invokeUserFlowListener/userFlow/$ref` and what else begins so: the listener that `?listenerId=` names, or the only one
 * there is. Where the walk begins, and what is left of the path.
 */
export function seedAlias(
  request: GraphRequest,
): { readonly from: Point; readonly rest: readonly Segment[] } | undefined {
  const { segments, version, url } = request;
  const [first, navigation, target, ...rest] = segments;
  const alias = seedAliases(version).find(({ name }) => name.toLowerCase() === first?.text.toLowerCase());
  if (!first || !alias) return undefined;
  const { type, root } = alias;
  if (!navigation) throw unknown(first);
  const id = url.searchParams.get('listenerId');
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

const hasSet = (type: EntityType): type is SetType => type.set !== undefined;

function setOf(type: EntityType): SetType | undefined {
  if (hasSet(type)) return type;
  return type.base && setOf(type.base);
}
