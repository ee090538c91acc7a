import * as entities from './entities/index.ts';
import { type EntitySet, type EntityType, isA } from './entity.ts';
import { bareTypeName } from './property.ts';
import { fold } from './query.ts';

const types: readonly EntityType[] = Object.values(entities);

const byName: ReadonlyMap<string, EntityType> = new Map([
  ...types.flatMap((type) => type.aliases.map((name): [string, EntityType] => [fold(name), type])),
  ...types.map((type): [string, EntityType] => [fold(type.name), type]),
]);

/** Every declared entity type, internal ones included. */
export const allTypes = (): readonly EntityType[] => types;

/**
 * The type of an `@odata.type` or a stored row: one leading `#` and the namespace are ignored, and so is case
 * (Graph contract a.14). A caller may name any type, so the asker must still check that it fits.
 */
export const typeByName = (name: string): EntityType | undefined => byName.get(fold(bareTypeName(name)));

const derived = new Map<string, readonly EntityType[]>();

/** The types derived from it, directly or not; itself excluded. */
export function derivedFrom(base: EntityType): readonly EntityType[] {
  const known = derived.get(base.name) ?? types.filter((type) => type.name !== base.name && isA(type, base));
  derived.set(base.name, known);
  return known;
}

const hasSet = (type: EntityType): type is EntityType & { readonly set: EntitySet } => type.set !== undefined;

const withSets = types.filter(hasSet);

/** The types that have an entity set of their own. */
export const sets = (): readonly (EntityType & { readonly set: EntitySet })[] => withSets;
