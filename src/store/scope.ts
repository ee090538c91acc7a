import { madeOnce } from '../kernel/index.ts';
import { type EntityType, familyOf, type Place, type Ref } from '../model/index.ts';
import { ownName } from './catalogue.ts';
import { foldText } from './comparable.ts';

/**
 * The place of contained entities as one text: `family/id/navigation`, repeated for every level, outermost first; empty at
 * the top. Ids are folded and percent-encoded, so that `/` separates and a prefix is a containment.
 */
export const scopeOf = (place: Place | undefined): string => (place === undefined ? '' : scopeIn(place));

/** Rows that are kept have places that are kept, which are asked about with each question. */
const scopeIn = madeOnce(
  (place: Place): string => `${branchOf(place.parent)}/${ownName(place.parent.type, place.navigation)}`,
);

/** The scope of everything an entity contains begins with its branch and a `/`. */
export function branchOf(ref: Pick<Ref, 'type' | 'id' | 'within'>): string {
  const own = `${familyOf(ref.type).name}/${encodeURIComponent(foldText(ref.id))}`;
  return ref.within === undefined ? own : `${scopeOf(ref.within)}/${own}`;
}

/** A place as JSON: `[type, id, navigation]` for every level, outermost first. */
export type PlaceTrail = readonly (readonly [type: string, id: string, navigation: string])[];

export function trailOf(place: Place | undefined): PlaceTrail {
  if (place === undefined) return [];
  const { parent, navigation } = place;
  return [...trailOf(parent.within), [parent.type.name, parent.id, ownName(parent.type, navigation)]];
}

export function placeOf(trail: PlaceTrail, typeNamed: (name: string) => EntityType): Place | undefined {
  return trail.reduce<Place | undefined>(
    (within, [type, id, navigation]) => ({
      parent: { type: typeNamed(type), id, ...(within ? { within } : {}) },
      navigation,
    }),
    undefined,
  );
}
