import { derivedFrom, type EntityType, familyOf, fold, isA, type Navigation, type Ref } from '../model/index.ts';
import type { StoreReader } from '../store/index.ts';
import { faults } from './faults.ts';
import { concreteType } from './present.ts';

/** A navigation together with its own name. */
export interface NamedNavigation extends Navigation {
  /** As declared, aliases resolved. */
  readonly name: string;
}

/**
 * A navigation of the type or of one derived from it, by name without regard to case. Throws `directory.wrongNavigation`
 * (400) when there is none of the kind.
 */
export function navigationOf(type: EntityType, name: string, kind: Navigation['kind']): NamedNavigation {
  for (const candidate of [type, ...derivedFrom(type)]) {
    const declared = Object.keys(candidate.navigations).find((known) => fold(known) === fold(name));
    const navigation = declared === undefined ? undefined : candidate.navigations[declared];
    if (!declared || navigation?.kind !== kind) continue;
    return navigation.aliasOf ? navigationOf(candidate, navigation.aliasOf, kind) : { ...navigation, name: declared };
  }
  const words = kind === 'contains' ? 'contained collection' : 'reference';
  throw faults.wrongNavigation({ type: type.name, navigation: name, kind: words });
}

/** The entity a reference is to point at. Throws `directory.notFound`, and `directory.wrongTarget` for one of another type. */
export async function targetOf(reader: StoreReader, navigation: NamedNavigation, id: string): Promise<Ref> {
  const expected = navigation.target();
  const row = await reader.get({ type: familyOf(expected), id });
  if (!row) throw faults.notFound({ id });
  const type = concreteType(expected, row.type);
  if (!isA(type, expected)) {
    throw faults.wrongTarget({ navigation: navigation.name, id, expected: expected.name });
  }
  return { type, id: row.id };
}
