import { allTypes, derivedFrom, type EntityType, fold, isA, type Ref } from '../model/index.ts';
import type { StoreReader } from '../store/index.ts';

/** Entities of one read; the largest page of the store. */
const readSize = 999;

/**
 * An entity with a set of its own that refers to the target. The model says from where a reference can come; the entities there are
 * read one page after another, so this is for what few can refer to: user flows and listeners, not people.
 */
export async function referrerOf(target: Ref, reader: StoreReader): Promise<Ref | undefined> {
  for (const [type, navigation] of waysTo(target.type)) {
    for await (const sources of everyPage(type, reader)) {
      const linked = await reader.linked(sources, navigation);
      const found = [...linked].find(([, targets]) => targets.some(({ id }) => fold(id) === fold(target.id)));
      if (found) return { type, id: found[0] };
    }
  }
  return undefined;
}

async function* everyPage(type: EntityType, reader: StoreReader): AsyncGenerator<readonly Ref[]> {
  let after: string | undefined;
  do {
    const page = await reader.find({ type, limit: readSize, ...(after === undefined ? {} : { after }) });
    if (page.items.length > 0) yield page.items.map(({ id }): Ref => ({ type, id }));
    after = page.next;
  } while (after !== undefined);
}

/** The reference navigations that can lead to an entity of the type, at the type that declares them. */
function waysTo(type: EntityType): readonly (readonly [EntityType, string])[] {
  return allTypes()
    .filter(hasHome)
    .flatMap((source) =>
      source.ownNavigations.flatMap((name) => {
        const navigation = source.navigations[name];
        if (navigation?.kind !== 'references' || navigation.aliasOf !== undefined) return [];
        const target = navigation.target();
        return isA(type, target) || isA(target, type) ? [[source, name] as const] : [];
      }),
    );
}

/** Has a set, or derives from a type that has one, or is the base of one. */
const hasHome = (type: EntityType): boolean =>
  type.set !== undefined || (type.base !== undefined && hasHome(type.base)) || derivedFrom(type).some((one) => one.set);
