import { sets, type Version } from '../model/index.ts';
import type { Collection } from './address.ts';
import type { Segment } from './key.ts';
import type { GraphRequest } from './request.ts';
import type { SetType } from './surface.ts';
import { unknown } from './walk.ts';

/** A path at the root of the API. */
interface Entrance {
  readonly type: SetType;
  /** Lower case. */
  readonly names: readonly string[];
  /** Another name of a set, for reading only. */
  readonly alias: boolean;
}

/** Where a path begins, and what of it is left. */
export interface FoundSet {
  readonly collection: Collection;
  readonly alias: boolean;
  /** The last segment of its path, which may hold a key. */
  readonly last: Segment;
  readonly rest: readonly Segment[];
}

const entrance = (type: SetType, path: string, alias: boolean): Entrance => ({
  type,
  names: path.toLowerCase().split('/'),
  alias,
});

/** Longer paths first: `identity/events/onSignupStart` is a set, and so is `identity/events`. */
const every: readonly Entrance[] = sets()
  .flatMap((type) => [
    entrance(type, type.set.path, false),
    ...(type.set.aliases ?? []).map((path) => entrance(type, path, true)),
  ])
  .sort((a, b) => b.names.length - a.names.length);

const served = (version: Version): readonly Entrance[] =>
  every.filter(({ type }) => type.set.versions.includes(version));
const entrances: Readonly<Record<Version, readonly Entrance[]>> = { 'v1.0': served('v1.0'), beta: served('beta') };

/** The set at the beginning of a path. Throws `graph.unknownSegment` at the first segment that no path of the version has. */
export function findSet({ segments, version }: GraphRequest): FoundSet {
  const open = entrances[version];
  const found = open.find(({ names }) => sharedLength(names, segments) === names.length);
  const last = found && segments[found.names.length - 1];
  if (found && last) {
    const { type, alias, names } = found;
    const { methods, singleton } = type.set;
    const single = singleton !== undefined;
    const collection: Collection = { type, root: type, source: { kind: 'set' }, methods, single, cast: false };
    return { collection, alias, last, rest: segments.slice(names.length) };
  }
  const known = Math.max(0, ...open.map(({ names }) => sharedLength(names, segments)));
  const wrong = segments[known] ?? segments.at(-1) ?? { text: '', name: '' };
  // A name that is right has a key that is not.
  const named = open.some(({ names }) => names[known] === wrong.name.toLowerCase());
  throw unknown({ text: named ? wrong.text : wrong.name });
}

/** How many names of a path the segments spell. A key belongs to the last name only: `identity('x')/…` is not a path. */
function sharedLength(names: readonly string[], segments: readonly Segment[]): number {
  const differs = names.findIndex((name, at) => {
    const segment = segments[at];
    return segment?.name.toLowerCase() !== name || (segment.key !== undefined && at < names.length - 1);
  });
  return differs < 0 ? names.length : differs;
}
