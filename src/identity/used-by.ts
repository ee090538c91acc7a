import { allTypes, type EntityType, everyPage, familyOf, fold, type Navigation, type Ref } from '../model/index.ts';
import type { StoreReader } from '../store/index.ts';

/**
 * The id of an entity that refers to this one by any reference navigation of the model, or undefined. Looks at entities that have a
 * collection of their own; there are a few hundred of those that refer to anything.
 */
export async function usedBy(target: Ref, reader: StoreReader): Promise<string | undefined> {
  for (const { type, navigation } of referencesTo(target.type)) {
    for await (const rows of everyPage((query) => reader.find(query), { type })) {
      if (rows.length === 0) continue;
      const sources = rows.map(({ id }) => ({ type, id }));
      const links = await reader.linked(sources, navigation);
      const found = sources.find((_, at) => links[at]?.some(({ id }) => fold(id) === fold(target.id)));
      if (found) return found.id;
    }
  }
  return undefined;
}

interface Reference {
  readonly type: EntityType;
  readonly navigation: string;
}

/** Each navigation once: at the type that declares it, under its own name. */
const referencesTo = (target: EntityType): readonly Reference[] =>
  allTypes().flatMap((type) =>
    type.ownNavigations
      .filter((name) => refers(type.navigations[name], target) && !isContained(type))
      .map((navigation) => ({ type, navigation })),
  );

const refers = (navigation: Navigation | undefined, target: EntityType): boolean =>
  navigation?.kind === 'references' &&
  navigation.aliasOf === undefined &&
  familyOf(navigation.target()).name === familyOf(target).name;

const isContained = (type: EntityType): boolean =>
  allTypes().some(({ navigations }) =>
    Object.values<Navigation>(navigations).some(
      ({ kind, target }) => kind === 'contains' && familyOf(target()).name === familyOf(type).name,
    ),
  );
