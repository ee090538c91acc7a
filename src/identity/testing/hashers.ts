import type { Hasher, Hashing } from '../hasher.ts';

/** A hasher of which some calls go another way, with or without a place before its threads. */
export const hasherWith = (hasher: Hasher, other: (hashing: Hashing) => Partial<Hashing>): Hasher => ({
  ...hasher,
  ...other(hasher),
  enter(lane) {
    const place = hasher.enter(lane);
    return { ...place, ...other(place) };
  },
});
