import { allTypes, derivedFrom, type EntityType, type Filter, isA, type Ref } from '../model/index.ts';
import type { StoreReader } from '../store/index.ts';

/** An entity with a set of its own that refers to the target. The model says from where a reference can come. */
export async function referrerOf({ type, id }: Ref, reader: StoreReader): Promise<Ref | undefined> {
  for (const [source, navigation] of waysTo(type)) {
    const where: Filter = { op: 'eq', path: ['id'], value: id };
    const found = await firstOf(source, { op: 'linked', navigation, where }, reader);
    if (found !== undefined) return { type: source, id: found };
  }
  return undefined;
}

/** The id of the first entity that matches; a page can be empty although there are more. */
export async function firstOf(type: EntityType, filter: Filter, reader: StoreReader): Promise<string | undefined> {
  let after: string | undefined;
  do {
    const page = await reader.find({ type, filter, limit: 1, ...(after === undefined ? {} : { after }) });
    if (page.items[0]) return page.items[0].id;
    after = page.next;
  } while (after !== undefined);
  return undefined;
}

/** The reference navigations that can lead to an entity of the type, at the type that declares them. */
const waysTo = (type: EntityType): readonly (readonly [EntityType, string])[] =>
  allTypes()
    .filter(hasSet)
    .flatMap((source) =>
      source.ownNavigations
        .filter((name) => leadsTo(source, name, type))
        .map((name): readonly [EntityType, string] => [source, name]),
    );

function leadsTo(source: EntityType, name: string, type: EntityType): boolean {
  const navigation = source.navigations[name];
  if (navigation?.kind !== 'references' || navigation.aliasOf !== undefined) return false;
  const target = navigation.target();
  return isA(type, target) || isA(target, type);
}

/** Has a set, derives from a type that has one, or is the base of one. */
const hasSet = (type: EntityType): boolean =>
  type.set !== undefined ||
  (type.base !== undefined && hasSet(type.base)) ||
  derivedFrom(type).some(({ set }) => set !== undefined);
